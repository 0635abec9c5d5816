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
