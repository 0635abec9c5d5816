// The page: it loads the models, and hands the chosen one to its parts.

import { Mixing } from "./mixing.js";
import { Walking } from "./walking.js";
import { Writing } from "./writing.js";

const one = (selector) => document.querySelector(selector);
const status = one("#status"), loaded = new Map();

try {
  await begin();
} catch (error) {
  fail(error);
}

async function begin() {
  const models = await (await fetch("models.json")).json();
  one("#model").replaceChildren(...models.map((each, i) => new Option(each.title, i)));
  one("#models").hidden = models.length < 2;
  one("#text").value = decodeURIComponent(location.hash.slice(1)) || "HELLO";
  const parts = [new Writing(), new Walking(), new Mixing()];
  one("#model").addEventListener("change", () => choose(models, parts).catch(fail));
  await choose(models, parts);
}

async function choose(models, parts) {
  const about = models[Number(one("#model").value)];
  status.textContent = "Loading the generator …";
  status.hidden = false;
  const { Generator } = await import("./generator.js");
  if (!loaded.has(about.file)) loaded.set(about.file, await Generator.load(about));
  const generator = loaded.get(about.file);
  forms(about);
  one("#about").textContent = `${about.title}. Run ${about.run}; data: ${about.licence}.`;
  one("main").hidden = false;
  status.hidden = true;
  for (const part of parts) await part.use(generator);
  document.documentElement.dataset.ready = about.file;
}

// The classes to choose from, where some can be chosen, in the order of the alphabet.
function forms(about) {
  const names = about.classes.map((name, i) => [name, i]);
  names.sort(([a], [b]) => a.length - b.length || a.localeCompare(b));
  ["#form", "#one", "#two"].forEach((id, k) => {
    const before = one(id).selectedOptions[0]?.text;
    one(id).replaceChildren(...names.map(([name, i]) => new Option(name, i)));
    const again = names.findIndex(([name]) => name === before);
    one(id).selectedIndex = again >= 0 ? again : Math.min(names.length - 1, [0, 14, 2][k]);
  });
  for (const each of document.querySelectorAll(".asked")) each.hidden = !names.length;
}

function fail(error) {
  status.hidden = true;
  one("#error").hidden = false;
  const file = location.protocol === "file:";
  one("#error").textContent = file
    ? "A browser plays this page only from a web server. In its folder: python -m http.server"
    : `The page cannot go on. ${error.message ?? error}`;
  console.error(error);
}
