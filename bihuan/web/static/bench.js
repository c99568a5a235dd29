// The reading bench: a draft and its places in the document light each other; the keys work on the lit draft.
(function () {
  "use strict";

  let lit = "";
  const KEYS = { e: "edit", s: "split", m: "join", d: "drop", c: "kind", 1: "hint-1", 2: "hint-2", 3: "hint-3" };
  const MOVES = { j: 1, arrowdown: 1, k: -1, arrowup: -1 };
  const OF_ALL = { u: "undo", g: "categorize" };
  let picked = [];

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

  // What is not of one draft: the last deed taken back, one category for all that are chosen.
  function takeOfAll(deed) {
    const form = document.querySelector("form[data-deed='" + deed + "']");
    const nothing = document.querySelector("[data-nothing='" + deed + "']");
    if (form) form.requestSubmit();
    else if (nothing) nothing.hidden = false;
  }

  function nextDoubt() {
    const drafts = all();
    const at = drafts.findIndex(function (draft) {
      return draft.dataset.draft === lit;
    });
    const next = drafts.slice(at + 1).concat(drafts.slice(0, at + 1)).find(function (draft) {
      return draft.matches(".is-doubtful");
    });
    if (next) light(next.dataset.draft, { showMark: true, showDraft: true });
  }

  function decide(choice) {
    const draft = draftOf(lit);
    const button = draft && draft.querySelector("form[data-deed=offer] button[value=" + choice + "]");
    if (button) button.click();
  }

  function pick() {
    const draft = draftOf(lit);
    const box = draft && draft.querySelector(".draft-pick");
    if (box) box.click();
  }

  function help() {
    const box = document.getElementById("bench-help");
    if (box) box.open = !box.open;
  }

  function close() {
    const bulk = document.querySelector(".bench-bulk [data-deed=close]");
    if (bulk) bulk.click();
    else take("close");
  }

  const DEEDS = {
    n: nextDoubt,
    r: function () { decide("accept"); },
    l: function () { decide("leave"); },
    x: pick,
    "?": help,
    escape: close,
  };

  function isTyping(target) {
    return Boolean(target.closest("input:not(.draft-pick):not(.paper-was), textarea, select, [contenteditable]"));
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
      close();
    }
  }

  function goesOn(key) {
    return MOVES[key] || KEYS[key] || OF_ALL[key] || DEEDS[key] || key === "enter";
  }

  function act(key) {
    const button = key === "enter" && document.activeElement.closest("a, button, summary");
    if (button) button.click();
    else if (key === "enter") take("confirm");
    else if (MOVES[key]) move(MOVES[key]);
    else if (KEYS[key]) take(KEYS[key]);
    else if (OF_ALL[key]) takeOfAll(OF_ALL[key]);
    else DEEDS[key]();
  }

  // Fast hands are ahead of the server: what is pressed while a deed is under way is done when its answer is there.
  let isBusy = false;
  let waiting = [];

  document.addEventListener("htmx:beforeRequest", function () {
    isBusy = true;
  });

  ["htmx:sendError", "htmx:responseError", "htmx:timeout", "htmx:sendAbort"].forEach(function (fault) {
    document.addEventListener(fault, function () {
      isBusy = false;
      waiting = [];
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    if (isTyping(event.target) && !isBusy) return typed(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (!goesOn(key)) return;
    if (!isBusy && key === "enter" && event.target.closest("a, button, summary")) return;
    event.preventDefault();
    if (isBusy) waiting.push(key);
    else act(key);
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
    if (!event.target.closest("[data-next-doubt]")) return;
    event.preventDefault();
    nextDoubt();
  });

  // What was chosen stays chosen while other drafts are worked on; once one has another revision it is another draft.
  document.addEventListener("htmx:beforeSwap", function () {
    picked = Array.from(document.querySelectorAll(".draft-pick:checked"), function (box) {
      return box.value;
    });
  });

  document.addEventListener("htmx:afterSettle", function () {
    document.querySelectorAll(".draft-pick").forEach(function (box) {
      box.checked = box.checked || picked.includes(box.value);
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
    const bulk = document.querySelector(".bench-bulk .narrow input, .bench-bulk select");
    if (bulk) return bulk.focus();
    const wanted = document.querySelector("#bench[data-light]");
    if (wanted) return light(wanted.dataset.light, { showMark: true, showDraft: true });
    const drafts = all();
    const at = drafts.findIndex(function (draft) {
      return draft.dataset.draft === lit;
    });
    const next = drafts.slice(Math.max(at, 0)).concat(drafts).find(function (draft) {
      return draft.matches(".is-proposed");
    });
    if (next) light(next.dataset.draft, { showMark: true, showDraft: true });
  }

  document.addEventListener("htmx:afterSettle", function () {
    isBusy = false;
    settle();
    while (waiting.length && !isBusy) act(waiting.shift());
  });
  // Not before the browser has gone to the place that the address names, which would take the focus away again.
  window.addEventListener("load", function () {
    if (document.querySelector(".draft.is-open, .bench-bulk, #bench[data-light]")) settle();
  });
})();
