// Sort a table by a click on a heading, or by #sort=key (descending: #sort=-key).
(function () {
  function value(row, i) {
    var text = row.cells[i].dataset.v;
    if (text === undefined) return null;
    return row.cells[i].dataset.n === undefined ? text : Number(text);
  }
  function sort(head, down) {
    var table = head.closest("table"), body = table.tBodies[0], i = head.cellIndex;
    var rows = Array.from(body.rows).sort(function (a, b) {
      var x = value(a, i), y = value(b, i);
      if (x === null || y === null) return (x === null) - (y === null);
      return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
    });
    table.querySelectorAll("thead th").forEach(function (th) { th.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows.forEach(function (row) { body.appendChild(row); });
  }
  document.querySelectorAll("table.sortable thead th").forEach(function (head) {
    var button = document.createElement("button");
    button.type = "button";
    button.append.apply(button, Array.from(head.childNodes));
    head.appendChild(button);
    button.addEventListener("click", function () {
      sort(head, head.getAttribute("aria-sort") === "ascending");
    });
  });
  var wanted = /^#sort=(-?)(\w+)$/.exec(location.hash);
  var head = wanted && document.querySelector("th[data-key='" + wanted[2] + "']");
  if (head) sort(head, wanted[1] === "-");
})();
// Pictures: a click on a strip or a sheet shows the whole sheet as large as the window.
(function () {
  var dialog = document.getElementById("large"), large = dialog.querySelector("img");
  function show(sheet) {
    var picture = sheet.querySelector("img");
    large.src = picture.src;
    large.alt = picture.alt;
    large.width = picture.width;
    large.height = picture.height;
    // As large as fits; a whole number of times where it fits more than once.
    var fits = Math.min(innerWidth * 0.94 / picture.naturalWidth, innerHeight * 0.84 / picture.naturalHeight);
    fits = fits > 1 ? Math.floor(fits) : fits;
    large.style.width = Math.round(picture.naturalWidth * fits) + "px";
    dialog.querySelector("p").textContent = picture.alt;
    dialog.showModal();
  }
  document.querySelectorAll(".strips a").forEach(function (link) {
    link.addEventListener("click", function (event) {
      var sheet = document.querySelector(link.getAttribute("href"));
      if (!sheet || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(sheet);
    });
  });
  document.querySelectorAll(".sheets figure").forEach(function (sheet) {
    sheet.addEventListener("click", function () { show(sheet); });
  });
  dialog.addEventListener("click", function () { dialog.close(); });
})();
// Curves: the values nearest to the pointer, beside it.
(function () {
  var tip = document.getElementById("tip"), shown = null, line = null;
  function hide() {
    if (line) line.remove();
    line = shown = null;
    tip.hidden = true;
  }
  function row(name, text) {
    var made = document.createElement("p"), label = document.createElement("span");
    label.textContent = name;
    made.append(label, document.createTextNode(text));
    tip.append(made);
  }
  function point(plot, event) {
    var matrix = plot.getScreenCTM();
    if (!matrix) return;
    var x = (event.clientX - matrix.e) / matrix.a;
    var near = JSON.parse(plot.dataset.curves).map(function (curve) {
      return [curve[0], curve[1].reduce(function (a, b) { return Math.abs(b[0] - x) < Math.abs(a[0] - x) ? b : a; })];
    });
    if (!near.length) return;
    var best = near.reduce(function (a, b) { return Math.abs(b[1][0] - x) < Math.abs(a[1][0] - x) ? b : a; })[1];
    if (!line || shown !== plot) {
      hide();
      line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      line.setAttribute("class", "mark");
      plot.append(line);
      shown = plot;
    }
    var box = plot.viewBox.baseVal;
    line.setAttribute("d", "M" + best[0] + " 10V" + (box.height - 34));
    tip.textContent = "";
    row(best[2], "");
    near.sort(function (a, b) { return a[1][1] - b[1][1]; }).forEach(function (each) {
      row(each[0], each[1][3] + (each[1][2] === best[2] ? "" : " at " + each[1][2]));
    });
    tip.hidden = false;
    var left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
    var below = event.clientY + 18 + tip.offsetHeight < innerHeight;
    tip.style.left = Math.max(8, left) + "px";
    tip.style.top = Math.max(8, below ? event.clientY + 18 : event.clientY - tip.offsetHeight - 12) + "px";
  }
  document.querySelectorAll("svg[data-curves]").forEach(function (plot) {
    plot.addEventListener("pointermove", function (event) { point(plot, event); });
    plot.addEventListener("pointerdown", function (event) { point(plot, event); });
    plot.addEventListener("pointerleave", hide);
  });
  addEventListener("scroll", hide, { passive: true });
})();
// A link to something that is folded away opens it.
(function () {
  function open() {
    var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    for (var e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    var own = target && target.querySelector(":scope > details");
    if (own) own.open = true;
    if (target) target.scrollIntoView();
  }
  addEventListener("hashchange", open);
  open();
  // Paper shows all tables; sheets and more curves stay as the reader left them.
  addEventListener("beforeprint", function () {
    document.querySelectorAll(".folded").forEach(function (e) { e.open = true; });
  });
})();
