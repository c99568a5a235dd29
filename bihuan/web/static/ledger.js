// The keyboard on the ledger: j and k walk along the rows, Enter opens, / searches, n and p turn, ? tells.
(function () {
  "use strict";

  let at = -1;

  function rows() {
    return Array.from(document.querySelectorAll("#results table.rows tbody tr"));
  }

  function walk(by) {
    const all = rows();
    if (!all.length) return;
    at = Math.min(Math.max(at + by, 0), all.length - 1);
    all.forEach(function (row, n) {
      row.classList.toggle("is-at", n === at);
    });
    const link = all[at].querySelector("a");
    if (link) link.focus();
    all[at].scrollIntoView({ block: "nearest" });
  }

  function follow(selector) {
    const link = document.querySelector(selector);
    if (link) link.click();
  }

  const DEEDS = {
    j: function () { walk(1); },
    k: function () { walk(-1); },
    n: function () { follow("#results .pager [rel=next]"); },
    p: function () { follow("#results .pager [rel=prev]"); },
    "/": function () {
      const box = document.querySelector(".filter-search input");
      if (box) box.focus();
    },
    "?": function () {
      const keys = document.getElementById("keys");
      keys.open = !keys.open;
      if (keys.open) keys.querySelector("summary").focus();
    },
    Enter: function () {
      const all = rows();
      const link = all[at] && all[at].querySelector("a");
      if (link) link.click();
    },
  };

  document.addEventListener("keydown", function (event) {
    const on = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || on.closest("input, select, textarea, button, summary")) return;
    if (event.key === "Enter" && on.closest("a")) return;
    const deed = DEEDS[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });

  document.addEventListener("htmx:afterSettle", function () {
    at = -1;
  });
})();
