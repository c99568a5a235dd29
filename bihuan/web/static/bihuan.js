// Small conveniences on every page; each page works without them.
(function () {
  "use strict";

  function each(root, selector, deed) {
    root.querySelectorAll(selector).forEach(deed);
  }

  function addRow(box) {
    const total = box.querySelector("[name$='-TOTAL_FORMS']");
    const n = Number(total.value);
    const html = box.querySelector("template[data-empty-row]").innerHTML;
    const holder = document.createElement("div");
    holder.innerHTML = html.replace(/__prefix__/g, String(n)).replace(/__n__/g, String(n + 1));
    const row = holder.querySelector("[data-row]");
    box.querySelector("[data-rows]").appendChild(row);
    total.value = String(n + 1);
    const first = row.querySelector("input:not([type=hidden]), textarea, select");
    if (first) first.focus();
  }

  function prepare(root) {
    each(root, "[data-needs-script], [data-add-row]", function (part) {
      part.hidden = false;
    });
    const errors = root.querySelector("[data-focus]");
    if (errors) errors.focus();
  }

  function note(words) {
    const box = document.getElementById("notes");
    const line = document.createElement("p");
    line.className = "note note-error";
    line.textContent = words;
    box.replaceChildren(line);
    box.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("click", function (event) {
    const adder = event.target.closest("[data-add-row]");
    if (adder) addRow(adder.closest("[data-formset]"));
    each(document, "details[data-close-outside][open]", function (box) {
      if (!box.contains(event.target)) box.open = false;
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    each(document, "details[data-close-outside][open]", function (box) {
      box.open = false;
      box.querySelector("summary").focus();
    });
  });

  document.addEventListener("change", function (event) {
    const filter = event.target.closest(".filter");
    if (filter) filter.classList.toggle("is-on", event.target.value !== "");
  });

  // A second press while the first is under way would take the step twice.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });

  window.addEventListener("pageshow", function () {
    each(document, "form[data-sent]", function (form) {
      delete form.dataset.sent;
    });
  });

  document.addEventListener("htmx:sendError", function () {
    note(document.getElementById("notes").dataset.lost);
  });

  document.addEventListener("htmx:responseError", function () {
    note(document.getElementById("notes").dataset.refused);
  });

  // After the session has ended the answer is the sign-in page: it lacks the part that was asked for.
  document.addEventListener("htmx:beforeSwap", function (event) {
    const target = event.detail.target;
    if (target && target.id && !event.detail.serverResponse.includes('id="' + target.id + '"')) {
      event.detail.shouldSwap = false;
      if (event.detail.xhr.status < 400) window.location.reload();
    }
  });

  // On paper nothing can be unfolded.
  window.addEventListener("beforeprint", function () {
    each(document, "details.fold:not([open])", function (box) {
      box.open = true;
      box.dataset.unfolded = "yes";
    });
  });

  window.addEventListener("afterprint", function () {
    each(document, "details[data-unfolded]", function (box) {
      box.open = false;
      delete box.dataset.unfolded;
    });
  });

  document.addEventListener("DOMContentLoaded", function () {
    prepare(document);
  });
  document.addEventListener("htmx:afterSettle", function () {
    prepare(document);
  });
})();
