// The reading bench: a draft and its places in the document light each other; the keys work on the lit draft.
(function () {
  "use strict";

  let lit = "";
  const KEYS = { e: "edit", s: "split", m: "join", d: "drop", 1: "hint-1", 2: "hint-2", 3: "hint-3" };

  function draftOf(id) {
    return document.getElementById("draft-" + id);
  }

  function idsOf(part) {
    return part.dataset.draft.split(" ");
  }

  function light(id, opts) {
    lit = id;
    document.querySelectorAll("[data-draft]").forEach(function (part) {
      part.classList.toggle("is-lit", idsOf(part).includes(id));
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

  function all() {
    return Array.from(document.querySelectorAll(".draft"));
  }

  function move(step) {
    const drafts = all();
    if (!drafts.length) return;
    const at = drafts.findIndex(function (draft) {
      return draft.dataset.draft === lit;
    });
    const next = drafts[Math.min(drafts.length - 1, Math.max(0, at + step))];
    light(next.dataset.draft, { showMark: true, showDraft: true });
  }

  function take(deed) {
    const draft = draftOf(lit);
    const part = draft && draft.querySelector("[data-deed='" + deed + "']");
    if (part && part.matches("form")) part.requestSubmit();
    else if (part) part.click();
  }

  function isTyping(target) {
    return Boolean(target.closest("input, textarea, select, [contenteditable]"));
  }

  function cut(box) {
    const boxes = Array.from(box.closest("[data-split]").querySelectorAll("textarea"));
    let next = boxes[boxes.indexOf(box) + 1];
    if (!next) {
      next = box.cloneNode(false);
      next.removeAttribute("id");
      next.value = "";
      box.after(next);
    }
    const behind = box.value.slice(box.selectionStart);
    box.value = box.value.slice(0, box.selectionStart);
    next.value = next.value ? behind + next.value : behind;
    next.focus();
    next.setSelectionRange(0, 0);
  }

  function typed(event) {
    const box = event.target.closest("[data-split] textarea");
    if (box && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      cut(box);
      event.preventDefault();
    } else if (event.key === "Escape" && event.target.closest(".draft-form")) {
      take("close");
    }
  }

  document.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    if (isTyping(event.target)) return typed(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "arrowdown") move(1);
    else if (key === "k" || key === "arrowup") move(-1);
    else if (KEYS[key]) take(KEYS[key]);
    else if (key === "escape") take("close");
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
      if (!part || idsOf(part).includes(lit)) return;
      light(idsOf(part)[0], { showMark: part.matches(".draft"), showDraft: false });
    });
  });

  document.addEventListener("click", function (event) {
    const link = event.target.closest("mark[data-draft] a");
    if (!link) return;
    event.preventDefault();
    light(idsOf(link.closest("mark"))[0], { showMark: false, showDraft: true });
  });

  // In an open form a proposed category goes into the choice; opening the form anew would lose what was typed.
  function choose(event) {
    const hint = event.target.closest(".draft-form .hint-take");
    const select = hint && hint.closest("form").querySelector("select[name=category]");
    if (!select) return;
    event.preventDefault();
    event.stopPropagation();
    const wanted = Array.from(select.options).find(function (option) {
      return option.value === hint.dataset.category;
    });
    if (!wanted) return;
    wanted.hidden = false;
    wanted.selected = true;
    select.focus();
  }

  document.addEventListener("click", choose, true);

  // A long choice is narrowed by what is typed above it; what is chosen stays.
  document.addEventListener("input", function (event) {
    const box = event.target.closest("[data-narrow] .narrow input");
    if (!box) return;
    const wanted = box.value.trim().toLowerCase();
    const choices = box.closest("[data-narrow]");
    choices.querySelectorAll("option, .field-group label").forEach(function (choice) {
      const group = choice.closest("optgroup");
      const words = (choice.textContent + (group ? group.label : "")).toLowerCase();
      const row = choice.matches("label") ? choice.parentElement : choice;
      row.hidden = !words.includes(wanted) && !choice.selected && !choice.querySelector(":checked");
    });
    choices.querySelectorAll("optgroup").forEach(function (group) {
      group.hidden = !group.querySelector("option:not([hidden])");
    });
  });

  // In the filter Enter would send the form; it goes on to the choice instead.
  document.addEventListener("keydown", function (event) {
    const box = event.target.closest(".narrow input");
    if (!box || event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const choices = box.closest("[data-narrow]");
    const select = choices.querySelector("select");
    const found = select && Array.from(select.options).find(function (option) {
      return option.value && !option.hidden;
    });
    if (found && box.value.trim()) found.selected = true;
    (select || choices.querySelector("li:not([hidden]) input, div:not([hidden]) > label input") || box).focus();
  });

  // An open draft keeps the eye; otherwise go on to the next one that waits.
  function settle() {
    const open = document.querySelector(".draft.is-open");
    if (open) {
      light(open.dataset.draft, { showMark: true, showDraft: true });
      const next = open.querySelector("[data-taken]");
      const first = next || open.querySelector("[aria-invalid=true], .draft-form textarea, .draft-form select, .draft-form input:not([type=hidden])");
      if (first) first.focus({ preventScroll: true });
      return;
    }
    const drafts = all();
    const at = drafts.findIndex(function (draft) {
      return draft.dataset.draft === lit;
    });
    const next = drafts.slice(Math.max(at, 0)).concat(drafts).find(function (draft) {
      return draft.matches(".is-proposed");
    });
    if (next) light(next.dataset.draft, { showMark: true, showDraft: true });
  }

  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("DOMContentLoaded", function () {
    if (document.querySelector(".draft.is-open")) settle();
  });
})();
