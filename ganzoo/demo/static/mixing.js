// Two images, and what lies between them: their latents and their classes are mixed.

import { blend, normal } from "./latents.js";
import { latest, show } from "./pictures.js";

const SHARE = document.querySelector("#share"), BETWEEN = document.querySelector("#between");
const ONE = document.querySelector("#one"), TWO = document.querySelector("#two");
const STEPS = 11;

export class Mixing {
  constructor() {
    this.seeds = [300, 301];
    this.mix = latest(() => this.#mix());
    this.row = latest(() => this.#row());
    SHARE.addEventListener("input", this.mix);
    for (const select of [ONE, TWO]) select.addEventListener("change", () => this.#all());
    ["#other-left", "#other-right"].forEach((id, i) => {
      document.querySelector(id).addEventListener("click", () => { this.seeds[i] += 2; this.#all(); });
    });
    BETWEEN.replaceChildren(...Array.from({ length: STEPS }, () => document.createElement("canvas")));
  }

  use(generator) {
    this.generator = generator;
    return this.#all();
  }

  #all() {
    return this.mix().then(this.row);
  }

  #at(share) {
    const { latents } = this.generator, angle = (share * Math.PI) / 2;
    const ends = this.seeds.map((seed) => normal(latents, seed));
    const classes = [[Number(ONE.value), 1 - share], [Number(TWO.value), share]];
    return [blend(ends, [Math.cos(angle), Math.sin(angle)]), classes];
  }

  async #pictures(shares) {
    const asked = shares.map((share) => this.#at(share));
    return this.generator.make(asked.map(([latent]) => latent), asked.map(([, classes]) => classes));
  }

  async #mix() {
    const share = Number(SHARE.value);
    const pictures = await this.#pictures([0, share, 1]);
    ["#left", "#mixed", "#right"].forEach((id, i) => show(document.querySelector(id), pictures[i]));
    document.querySelector("#mixed").dataset.share = share;
  }

  async #row() {
    const pictures = await this.#pictures(Array.from({ length: STEPS }, (_, i) => i / (STEPS - 1)));
    pictures.forEach((picture, i) => show(BETWEEN.children[i], picture));
  }
}
