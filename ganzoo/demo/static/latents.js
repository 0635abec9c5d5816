// Latents: standard normal numbers that a seed decides, and paths between them.

// Numbers in [0, 1) from a whole number (mulberry32).
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// A standard normal vector; seed and place decide it.
export function normal(size, seed, place = 0) {
  const draw = uniform(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(place + 1, 0x85ebca6b));
  const vector = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - draw()));
    vector[i] = radius * Math.cos(2 * Math.PI * draw());
  }
  return vector;
}

// A weighted sum of vectors, as long as one normal vector is likely to be. The first `kept`
// numbers choose a category and stay those of the first vector.
export function blend(vectors, weights, kept = 0) {
  const length = Math.hypot(...weights) || 1;
  const mixed = new Float32Array(vectors[0].length);
  vectors.forEach((vector, k) => {
    for (let i = 0; i < mixed.length; i++) mixed[i] += (weights[k] / length) * vector[i];
  });
  mixed.set(vectors[0].subarray(0, kept));
  return mixed;
}
