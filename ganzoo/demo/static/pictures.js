// Pictures on canvases.

export function show(canvas, picture) {
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d").putImageData(picture, 0, 0);
  return canvas;
}

// The colour along a picture's edge, which a line of letters has for its ground.
export function ground(picture) {
  const { width, height, data } = picture;
  const edge = [];
  for (let i = 0; i < width; i++) edge.push(i, (height - 1) * width + i, i * width, i * width + width - 1);
  const median = (c) => edge.map((i) => data[4 * i + c]).sort((a, b) => a - b)[edge.length >> 1];
  return `rgb(${median(0)} ${median(1)} ${median(2)})`;
}

// One call at a time, and of those that come meanwhile the last one alone.
export function latest(work) {
  let busy = false, waiting = false;
  return async function again() {
    if (busy) { waiting = true; return; }
    busy = true;
    try { await work(); } finally { busy = false; }
    if (waiting) { waiting = false; return again(); }
  };
}
