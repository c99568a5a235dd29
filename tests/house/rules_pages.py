"""House rules on pages: strict CSP, our own origin only, no template left over, and the floor of Chromium 86."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from tests.house.source import Breach, files, place, text_of, walk

TEMPLATES = "bihuan/web/templates"
STATIC = "bihuan/web/static"
# Django finds these by name, without a view that names them.
BY_NAME = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
MARKUP = (".html",)

AGAINST_CSP = (
    (r"<[^<>]*\sstyle\s*=", "put the style into a style sheet; the CSP refuses style attributes."),
    (r"<style\b", "put the styles into a style sheet; the CSP refuses style elements."),
    (
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*application/json)",
        "put the script into a file; the CSP refuses inline script.",
    ),
    (r"<[^<>]*\son[a-z]{3,}\s*=", "listen from a script file; the CSP refuses event attributes."),
    (r"<[^<>]*\shx-on\b", "listen from a script file; hx-on needs eval, which the CSP refuses."),
    (r"[\"']\s*(?:javascript|js):", "no javascript: in an attribute; the CSP refuses it."),
)
OTHERS = re.compile(r"(?:href|src|srcset|action|poster|data|hx-[a-z]+)\s*=\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)
OTHERS_IN_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)

# Above the floor: a rule with one of these is dropped whole, or the script stops.
STYLE_FLOOR = {
    "color-mix()": r"color-mix\(",
    "oklch(), oklab(), lab(), lch()": r"[:\s,(](?:oklch|oklab|lab|lch)\(",
    ":has()": r":has\(",
    ":is(), :where()": r":(?:is|where)\(",
    "@container": r"@container\b",
    "@layer": r"@layer\b",
    "nesting": r"[{;}]\s*&[\s.:\[>+~]",
    "inset": r"[{;]\s*inset(?:-\w+)*\s*:",
    "accent-color": r"[{;]\s*accent-color\s*:",
    "dvh, svh, lvh": r"\d[dsl]v[hw]\b",
}
SCRIPT_FLOOR = {
    ".at()": r"\.at\(",
    "structuredClone()": r"\bstructuredClone\(",
    "Object.hasOwn()": r"\bObject\.hasOwn\(",
    "findLast()": r"\.findLast(?:Index)?\(",
    "toSorted(), toReversed(), toSpliced()": r"\.to(?:Sorted|Reversed|Spliced)\(",
    "Object.groupBy(), Map.groupBy()": r"\b(?:Object|Map)\.groupBy\(",
    "Array.fromAsync()": r"\bArray\.fromAsync\(",
    "Promise.withResolvers()": r"\bPromise\.withResolvers\(",
    "crypto.randomUUID()": r"\brandomUUID\(",
    "static blocks": r"\bstatic\s*\{",
    "AbortSignal.timeout(), .any()": r"\bAbortSignal\.(?:timeout|any)\(",
    "showPopover()": r"\bshowPopover\(",
}


def pages_keep_the_csp(root: Path) -> list[Breach]:
    """No inline style, script or handler: the content security policy allows files of our own only."""
    return [
        Breach(where, sentence)
        for where, markup in _markup(root)
        for pattern, sentence in AGAINST_CSP
        if re.search(pattern, markup, re.IGNORECASE)
    ]


def _markup(root: Path) -> Iterator[tuple[str, str]]:
    """Every tag of every template with its place; Django's own tags and comments are blanked out first."""
    for path in files(root, TEMPLATES, suffix=MARKUP):
        text = re.sub(r"\{[{%#].*?[#%}]\}|<!--.*?-->", _blank, text_of(path), flags=re.DOTALL)
        for tag in re.finditer(r"<[a-zA-Z][^<>]*>?", text):
            yield place(root, path, text.count("\n", 0, tag.start()) + 1), tag[0]


def _blank(found: re.Match[str]) -> str:
    return "·" + "\n" * found[0].count("\n")


def nothing_comes_from_elsewhere(root: Path) -> list[Breach]:
    """No request leaves the server's own origin."""
    sentence = "serve it from our own static files; no request leaves our origin."
    found = [Breach(where, sentence) for where, markup in _markup(root) if OTHERS.search(markup)]
    for path in files(root, STATIC, suffix=".css"):
        found += [Breach(where, sentence) for where, _ in _hits(root, path, OTHERS_IN_STYLE)]
    return found


def every_template_is_used(root: Path) -> list[Breach]:
    """Each template is named by a view or another template; each named template is there."""
    there = {
        path.relative_to(root / TEMPLATES).as_posix(): path for path in files(root, TEMPLATES, suffix=(".html", ".txt"))
    }
    named = {name: where for where, name in [*_named_in_python(root), *_named_in_templates(root)]}
    used = {name for name in there if any(fnmatch(name, pattern) for pattern in named)}
    left = set(there) - used - BY_NAME - {name for name in there if name.startswith("django/")}
    found = [
        Breach(place(root, there[name]), "nothing shows this template: use it or remove it.") for name in sorted(left)
    ]
    for name, where in named.items():
        if "*" not in name and name not in there:
            found.append(Breach(where, f"there is no template «{name}»: write it or correct the name."))
    return found


def _named_in_python(root: Path) -> Iterator[tuple[str, str]]:
    for path, node in walk(root, "bihuan"):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.fullmatch(r"[\w/.-]+\.html", node.value)
        ):
            if not node.value.startswith("."):
                yield place(root, path, node), node.value
        elif isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values]
            if parts[-1].endswith(".html"):
                yield place(root, path, node), "".join(parts)


def _named_in_templates(root: Path) -> Iterator[tuple[str, str]]:
    pattern = re.compile(r"\{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
    for path in files(root, TEMPLATES, suffix=(".html", ".txt")):
        for number, line in enumerate(text_of(path).splitlines(), 1):
            yield from ((place(root, path, number), name) for name in pattern.findall(line))


def styles_and_scripts_are_built(root: Path) -> list[Breach]:
    """The files of others are made by make setup; without them the floor would hold for nothing."""
    vendor = root / STATIC / "vendor"
    lacking = [kind for kind in ("css", "js") if not list(vendor.rglob(f"*.{kind}"))]
    sentence = "run `make setup`: scripts/build_assets.py has not made the files of others."
    return [Breach(f"{STATIC}/vendor/*.{kind}", sentence) for kind in lacking]


def built_files_keep_the_floor(root: Path) -> list[Breach]:
    """Every style sheet and script that is served runs in Chromium 86."""
    found = []
    for kind, floor in ((".css", STYLE_FLOOR), (".js", SCRIPT_FLOOR)):
        for path in sorted((root / STATIC).rglob(f"*{kind}")):
            for name, pattern in floor.items():
                for where, said in _hits(root, path, re.compile(pattern)):
                    sentence = f"Chromium 86 lacks {name}, near «{said}»: write it in an older way."
                    found.append(Breach(where, sentence))
                    break
    return found


def _hits(root: Path, path: Path, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    text = re.sub(r"/\*.*?\*/", _blank, text_of(path), flags=re.DOTALL)
    for hit in pattern.finditer(text):
        yield place(root, path, text.count("\n", 0, hit.start()) + 1), text[max(0, hit.start() - 30) : hit.end() + 20]


RULES = (
    pages_keep_the_csp,
    nothing_comes_from_elsewhere,
    every_template_is_used,
    styles_and_scripts_are_built,
    built_files_keep_the_floor,
)
