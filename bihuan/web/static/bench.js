// The reading bench: a draft and its place in the document light each other; J K Enter D work on the lit draft.
(function () {
  "use strict";

  let lit = "";

  function draftOf(id) {
    return document.getElementById("draft-" + id);
  }

  function light(id, opts) {
    lit = id;
    document.querySelectorAll("[data-draft]").forEach(function (part) {
      part.classList.toggle("is-lit", part.dataset.draft === id);
    });
    const mark = document.getElementById("mark-" + id);
    const draft = draftOf(id);
    if (opts.showMark && mark) within(mark);
    if (opts.showDraft && draft) {
      draft.focus({ preventScroll: true });
      draft.scrollIntoView({ block: "nearest" });
    }
  }

  // Scrolls only the paper, never the page, so that the eye keeps its place on the right.
  function within(mark) {
    const paper = mark.closest(".bench-paper");
    const place = mark.getBoundingClientRect();
    const frame = paper.getBoundingClientRect();
    if (place.top < frame.top || place.bottom > frame.bottom) {
      paper.scrollTop += place.top - frame.top - paper.clientHeight / 3;
    }
  }

  function open() {
    return Array.from(document.querySelectorAll(".draft"));
  }

  function move(step) {
    const drafts = open();
    if (!drafts.length) return;
    const at = drafts.findIndex(function (draft) {
      return draft.dataset.draft === lit;
    });
    const next = drafts[Math.min(drafts.length - 1, Math.max(0, at + step))];
    light(next.dataset.draft, { showMark: true, showDraft: true });
  }

  function take(deed) {
    const draft = draftOf(lit);
    const form = draft && draft.querySelector("form[data-deed='" + deed + "']");
    if (form) form.requestSubmit();
  }

  function isTyping(target) {
    return Boolean(target.closest("input, textarea, select, [contenteditable]"));
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "d") take("drop");
    else if (key === "enter" && !event.target.closest("a, button, summary")) take("confirm");
    else return;
    event.preventDefault();
  });

  // Scrolling under a resting mouse also says mouseover; only a mouse that moved may change what is lit.
  let place = "";
  ["mouseover", "focusin"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      const here = kind === "mouseover" ? event.screenX + "," + event.screenY : "";
      if (here && here === place) return;
      place = here || place;
      const part = event.target.closest && event.target.closest("[data-draft]");
      if (!part || part.dataset.draft === lit) return;
      light(part.dataset.draft, { showMark: part.matches(".draft"), showDraft: false });
    });
  });

  document.addEventListener("click", function (event) {
    const link = event.target.closest("mark[data-draft] a");
    if (!link) return;
    event.preventDefault();
    light(link.closest("mark").dataset.draft, { showMark: false, showDraft: true });
  });

  // After a draft was confirmed or dropped, go on to the next one that waits.
  document.addEventListener("htmx:afterSettle", function () {
    const drafts = open();
    const at = drafts.findIndex(function (draft) {
      return draft.dataset.draft === lit;
    });
    const next = drafts.slice(Math.max(at, 0)).concat(drafts).find(function (draft) {
      return draft.matches(".is-proposed");
    });
    if (next) light(next.dataset.draft, { showMark: true, showDraft: true });
  });
})();
