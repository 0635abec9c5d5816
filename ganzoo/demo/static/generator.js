// A generator in the browser: latents, and classes if it can be asked, to pixels.

import * as ort from "./runtime/ort.wasm.bundle.min.mjs";

ort.env.wasm.wasmPaths = { wasm: new URL("runtime/ort-wasm-simd-threaded.wasm", import.meta.url).href };
ort.env.logLevel = "error";
ort.env.wasm.numThreads = 1; // More need headers that not every web server sends.

export class Generator {
  static async load(about) {
    const address = new URL(`models/${about.file}`, import.meta.url).href;
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${about.file}: the server answered ${answer.status}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return new Generator(about, await ort.InferenceSession.create(bytes));
  }

  constructor(about, session) {
    Object.assign(this, about);
    this.session = session;
    this.last = Promise.resolve();
  }

  // Pictures of latents, one after another. `classes` has for each latent a class, or weights
  // [[class, weight], ...] that sum to 1.
  make(latents, classes = []) {
    const making = this.last.then(() => this.#run(latents, classes));
    this.last = making.catch(() => {});
    return making;
  }

  async #run(latents, classes) {
    const count = latents.length;
    const numbers = new Float32Array(count * this.latents);
    latents.forEach((latent, i) => numbers.set(latent, i * this.latents));
    const feeds = { latents: new ort.Tensor("float32", numbers, [count, this.latents]) };
    if (this.asked) feeds[this.asked] = this.#asked(classes, count);
    const { images } = await this.session.run(feeds);
    const size = this.resolution * this.resolution * this.channels;
    return latents.map((_, i) => this.#picture(images.data.subarray(i * size, (i + 1) * size)));
  }

  #asked(classes, count) {
    const places = Array.from({ length: count }, (_, i) => classes[i] ?? 0);
    if (this.asked === "labels") {
      const labels = places.map((place) => (Array.isArray(place) ? heaviest(place) : place));
      return new ort.Tensor("int32", Int32Array.from(labels), [count]);
    }
    const weights = new Float32Array(count * this.classes.length);
    places.forEach((place, i) => {
      const shares = Array.isArray(place) ? place : [[place, 1]];
      for (const [label, weight] of shares) weights[i * this.classes.length + label] += weight;
    });
    return new ort.Tensor("float32", weights, [count, this.classes.length]);
  }

  #picture(values) {
    const pixels = new ImageData(this.resolution, this.resolution);
    for (let i = 0; i < this.resolution * this.resolution; i++) {
      for (let c = 0; c < 3; c++) {
        const value = values[i * this.channels + (this.channels === 1 ? 0 : c)];
        pixels.data[4 * i + c] = Math.round((value + 1) * 127.5);
      }
      pixels.data[4 * i + 3] = 255;
    }
    return pixels;
  }
}

function heaviest(shares) {
  return shares.reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}
