const all = (selector) => document.querySelectorAll(selector);

// Sort a table by a click on a heading, or by #sort=key (descending: #sort=-key).
function value(row, i) {
  const { v, n } = row.cells[i].dataset;
  return v === undefined ? null : n === undefined ? v : Number(v);
}
function sort(head, down) {
  const table = head.closest("table"), i = head.cellIndex;
  const rows = Array.from(table.tBodies[0].rows).sort((a, b) => {
    const x = value(a, i), y = value(b, i);
    if (x === null || y === null) return (x === null) - (y === null);
    return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
  });
  table.querySelectorAll("thead th").forEach((th) => th.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  table.tBodies[0].append(...rows);
}
for (const head of all("table.sortable thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => sort(head, head.getAttribute("aria-sort") === "ascending"));
}
const wanted = /^#sort=(-?)(\w+)$/.exec(location.hash);
const sorted = wanted && document.querySelector(`th[data-key='${wanted[2]}']`);
if (sorted) sort(sorted, wanted[1] === "-");

// Pictures: a click on a strip or a sheet shows the whole sheet as large as the window.
const dialog = document.getElementById("large");
function enlarge(sheet) {
  const picture = sheet.querySelector("img"), large = picture.cloneNode();
  const { naturalWidth: width, naturalHeight: height } = picture;
  // As large as fits; a whole number of times where it fits more than once.
  const fits = Math.min(innerWidth * 0.94 / width, innerHeight * 0.84 / height);
  large.style.width = Math.round(width * (fits > 1 ? Math.floor(fits) : fits)) + "px";
  dialog.querySelector("img").replaceWith(large);
  dialog.querySelector("p").textContent = picture.alt;
  dialog.showModal();
}
for (const link of all(".strips a")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    enlarge(document.querySelector(link.hash));
  });
}
for (const sheet of all(".sheets figure")) sheet.addEventListener("click", () => enlarge(sheet));
dialog.addEventListener("click", () => dialog.close());

// Curves: the values nearest to the pointer, beside it.
const tip = document.getElementById("tip");
const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
line.setAttribute("class", "mark");
function hide() {
  line.remove();
  tip.hidden = true;
}
function say(name, text) {
  const made = document.createElement("p"), label = document.createElement("span");
  label.textContent = name;
  made.append(label, text);
  tip.append(made);
}
function point(plot, event) {
  const matrix = plot.getScreenCTM();
  const x = (event.clientX - matrix.e) / matrix.a;
  const nearest = (a, b) => (Math.abs(b[0] - x) < Math.abs(a[0] - x) ? b : a);
  const near = JSON.parse(plot.dataset.curves).map(([name, points]) => [name, points.reduce(nearest)]);
  if (!near.length) return;
  const [left, , when] = near.map(([, place]) => place).reduce(nearest);
  line.setAttribute("d", `M${left} 10V186`);
  plot.append(line);
  tip.textContent = "";
  say(when, "");
  near.sort((a, b) => a[1][1] - b[1][1]);
  for (const [name, place] of near) say(name, place[3] + (place[2] === when ? "" : ` at ${place[2]}`));
  tip.hidden = false;
  const { clientX, clientY } = event, below = clientY + 18 + tip.offsetHeight < innerHeight;
  tip.style.left = Math.max(8, Math.min(clientX + 14, innerWidth - tip.offsetWidth - 8)) + "px";
  tip.style.top = Math.max(8, below ? clientY + 18 : clientY - tip.offsetHeight - 12) + "px";
}
for (const plot of all("svg[data-curves]")) {
  plot.addEventListener("pointermove", (event) => point(plot, event));
  plot.addEventListener("pointerdown", (event) => point(plot, event));
  plot.addEventListener("pointerleave", hide);
}
addEventListener("scroll", hide, { passive: true });

// A link to something that is folded away opens it.
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target) return;
  for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
  target.querySelector(":scope > details")?.setAttribute("open", "");
  target.scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();
// Paper shows all tables; sheets and more curves stay as the reader left them.
addEventListener("beforeprint", () => all(".folded").forEach((e) => { e.open = true; }));
