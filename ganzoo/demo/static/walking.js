// A plane through the latents: a map of images, and the image at the point that is dragged.

import { blend, normal } from "./latents.js";
import { latest, show } from "./pictures.js";

const PAD = document.querySelector("#pad"), MAP = document.querySelector("#map");
const POINT = document.querySelector("#point"), HERE = document.querySelector("#here");
const FORM = document.querySelector("#form");
const TILES = 7, REACH = 2.5, STEP = 0.05; // Images across; half the plane's side; of a key.
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Walking {
  constructor() {
    [this.seed, this.x, this.y] = [100, 0.5, 0.5];
    this.look = latest(() => this.#look());
    this.draw = latest(() => this.#draw());
    PAD.addEventListener("pointerdown", (event) => { PAD.setPointerCapture(event.pointerId); this.#drag(event); });
    PAD.addEventListener("pointermove", (event) => event.buttons && this.#drag(event));
    PAD.addEventListener("keydown", (event) => this.#key(event));
    FORM.addEventListener("change", () => this.#all());
    document.querySelector("#plane").addEventListener("click", () => { this.seed += 3; this.#all(); });
  }

  use(generator) {
    this.generator = generator;
    return this.#all();
  }

  #all() {
    this.#place();
    return this.look().then(this.draw);
  }

  #drag(event) {
    const box = PAD.getBoundingClientRect();
    this.#move((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }

  #key(event) {
    if (!KEYS[event.key]) return;
    event.preventDefault();
    const [x, y] = KEYS[event.key];
    this.#move(this.x + x * STEP, this.y + y * STEP);
  }

  #move(x, y) {
    [this.x, this.y] = [x, y].map((each) => Math.min(1, Math.max(0, each)));
    this.#place();
    this.look();
  }

  #place() {
    [POINT.style.left, POINT.style.top] = [`${100 * this.x}%`, `${100 * this.y}%`];
    const said = [this.x, this.y].map((each) => `${Math.round(100 * each)} %`);
    PAD.setAttribute("aria-valuetext", `${said[0]} across, ${said[1]} down`);
  }

  #latent(x, y) {
    const { latents, categories } = this.generator;
    const vectors = [0, 1, 2].map((k) => normal(latents, this.seed + k));
    return blend(vectors, [1, REACH * (2 * x - 1), REACH * (2 * y - 1)], categories);
  }

  async #look() {
    const [picture] = await this.generator.make([this.#latent(this.x, this.y)], [Number(FORM.value)]);
    show(HERE, picture);
    HERE.dataset.place = `${this.x.toFixed(3)} ${this.y.toFixed(3)}`;
  }

  // Row by row, so that a drag need not wait for the whole map.
  async #draw() {
    const { generator, seed } = this, side = generator.resolution, form = Number(FORM.value);
    MAP.width = MAP.height = TILES * side;
    const places = Array.from({ length: TILES }, (_, i) => (i + 0.5) / TILES);
    for (const [row, y] of places.entries()) {
      const latents = places.map((x) => this.#latent(x, y));
      const pictures = await generator.make(latents, latents.map(() => form));
      if (seed !== this.seed || generator !== this.generator || form !== Number(FORM.value)) return;
      const pen = MAP.getContext("2d");
      pictures.forEach((picture, column) => pen.putImageData(picture, column * side, row * side));
    }
  }
}
