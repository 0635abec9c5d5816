// A line of text in generated letters.

import { blend, normal } from "./latents.js";
import { ground, latest, show } from "./pictures.js";

const TEXT = document.querySelector("#text"), LINE = document.querySelector("#line");
const SAID = document.querySelector("#said"), SPREAD = document.querySelector("#spread");

const ACROSS = 14; // Letters that stand in one line where there is room.

export class Writing {
  constructor() {
    this.seed = 1;
    this.write = latest(() => this.#write());
    TEXT.addEventListener("input", this.write);
    SPREAD.addEventListener("input", this.write);
    document.querySelector("#hand").addEventListener("click", () => { this.seed += 1; this.write(); });
    document.querySelector("#save").addEventListener("click", () => this.#save());
  }

  use(generator) {
    this.generator = generator;
    this.pictures = new Map();
    document.querySelector("#writing").hidden = !generator.asked;
    return generator.asked ? this.write() : undefined;
  }

  // Letters that are there already are kept: each is decided by its place, its class and the seed.
  async #write() {
    const { generator, seed } = this, text = TEXT.value, spread = Number(SPREAD.value);
    const letters = [...text].map((character, place) => {
      const label = generator.characters[character];
      return { character, place, label, key: `${seed} ${spread} ${place} ${label}` };
    });
    const wanted = letters.filter((l) => l.label !== undefined && !this.pictures.has(l.key));
    const begin = performance.now();
    if (wanted.length) {
      const latents = wanted.map((l) => this.#latent(seed, l.place, spread));
      const pictures = await generator.make(latents, wanted.map((l) => l.label));
      wanted.forEach((l, i) => this.pictures.set(l.key, pictures[i]));
    }
    if (generator !== this.generator) return;
    const spent = performance.now() - begin;
    this.#typeset(letters);
    this.#say(letters, wanted.length, spent);
    LINE.dataset.written = text;
    LINE.dataset.milliseconds = spent.toFixed(1);
  }

  #latent(seed, place, spread) {
    const size = this.generator.latents;
    const angle = (spread * Math.PI) / 2; // From one hand for all letters to one for each.
    const vectors = [normal(size, seed), normal(size, seed, place + 1)];
    return blend(vectors, [Math.cos(angle), Math.sin(angle)]);
  }

  #typeset(letters) {
    const words = [];
    LINE.setAttribute("aria-label", TEXT.value);
    for (const letter of letters) {
      if (!letter.character.trim()) { words.push(null); continue; }
      if (!words.at(-1)) words.push([]);
      words.at(-1).push(letter);
    }
    const written = words.filter(Boolean), counts = written.map((word) => word.length);
    const longest = Math.max(4, ...counts), whole = letters.length;
    LINE.style.setProperty("--word", longest); // Letters across: a word on a phone,
    LINE.style.setProperty("--across", whole > ACROSS ? longest : Math.max(longest, whole)); // else all.
    LINE.replaceChildren(...written.map((word) => this.#word(word)));
  }

  #word(letters) {
    const word = document.createElement("span");
    word.className = "word";
    for (const letter of letters) {
      const picture = this.pictures.get(letter.key);
      if (picture) {
        const old = this.shown?.get(letter.key);
        const canvas = old ?? show(document.createElement("canvas"), picture);
        (this.shown ??= new Map()).set(letter.key, canvas);
        LINE.style.setProperty("--paper", ground(picture));
        word.append(canvas);
      } else {
        const none = document.createElement("span");
        none.className = "none";
        none.textContent = letter.character;
        word.append(none);
      }
    }
    return word;
  }

  #say(letters, made, spent) {
    const without = letters.filter((l) => l.label === undefined && l.character.trim());
    const names = [...new Set(without.map((l) => l.character))].join(" ");
    if (names) SAID.value = `No form for ${names}`;
    else if (made) SAID.value = `${made} letter${made > 1 ? "s" : ""} in ${spent.toFixed(0)} ms`;
  }

  #save() {
    const words = [...LINE.querySelectorAll(".word")].map((w) => [...w.querySelectorAll("canvas")]);
    const side = this.generator.resolution * 2;
    const count = words.reduce((sum, word) => sum + word.length + 0.5, -0.5);
    if (count <= 0) return;
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [Math.ceil(count * side), side];
    const pen = sheet.getContext("2d");
    pen.fillStyle = LINE.style.getPropertyValue("--paper");
    pen.fillRect(0, 0, sheet.width, sheet.height);
    let left = 0;
    for (const word of words) {
      for (const letter of word) { pen.drawImage(letter, left, 0, side, side); left += side; }
      left += side / 2;
    }
    sheet.toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = "written.png";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
}
