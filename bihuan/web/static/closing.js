// Weighing closings one after the other: J and K go to the next and the one before, P prints the approval sheet.
(function () {
  "use strict";

  function isTyping(target) {
    return Boolean(target.closest("input, textarea, select, [contenteditable]"));
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    const link = document.querySelector("a[data-key='" + event.key.toLowerCase().replace(/[^a-z]/g, "") + "']");
    if (!link) return;
    event.preventDefault();
    link.click();
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
