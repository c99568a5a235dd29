"""House rules on the guide for newcomers: its words are the product's, its pictures are there, nobody is left out."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import pofile

from tests.house.rules_labels import CATALOG
from tests.house.source import Breach, files, place, text_of

GUIDE, START = "docs/guide", "README"
CHINESE, ENGLISH = ".zh-CN.md", ".md"
VOCABULARY = "bihuan/rules/vocabulary.py"
QUOTED, BOLD = re.compile(r"「([^」]+)」"), re.compile(r"\*\*([^*]+)\*\*")
ROLE = re.compile(r'^    "\w+": N_\("(\w+)"\),$', re.MULTILINE)
PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
STEP = re.compile(r"^\d+\. ", re.MULTILINE)


def every_picture_of_the_guide_is_there(root: Path) -> list[Breach]:
    """A picture that a page of the guide shows exists; every picture that was taken is shown."""
    found, shown = [], set()
    for path in files(root, GUIDE, suffix=".md"):
        for name in PICTURE.findall(text_of(path)):
            picture = (path.parent / name).resolve()
            shown.add(picture)
            if not picture.is_file():
                found.append(Breach(place(root, path), f"{name} is not there: take it, or take the line out."))
    return found + [
        Breach(place(root, path), "no page of the guide shows it: show it, or remove it.")
        for path in files(root, "docs/pictures/guide", suffix=".png")
        if path.resolve() not in shown
    ]


def every_role_is_in_the_guide(root: Path) -> list[Breach]:
    """Each role stands in the list of the guide's first page and on a page of its own, in both languages."""
    roles = ROLE.findall(text_of(root / VOCABULARY).partition("ROLES = {")[2].partition("\n}")[0])
    said = dict(_labels(root))
    found = []
    for ending, names in ((CHINESE, roles), (ENGLISH, [said.get(role, role) for role in roles])):
        start = root / GUIDE / f"{START}{ending}"
        pages = [path for path in _pages(root, ending) if path != start]
        found += [
            Breach(place(root, start), f"name {name} in its list.") for name in names if name not in text_of(start)
        ]
        heads = "\n".join(line for path in pages for line in text_of(path).splitlines() if line.startswith("## "))
        found += [
            Breach(GUIDE, f"write ten minutes for {name}, under a heading.") for name in names if name not in heads
        ]
    return found


def the_guide_quotes_labels(root: Path) -> list[Breach]:
    """What stands between 「」, or in bold in English, is a label of the product, word for word."""
    labels = _labels(root)
    known = {CHINESE: ({label for label, _ in labels}, QUOTED), ENGLISH: ({word for _, word in labels}, BOLD)}
    return [
        Breach(place(root, path), f"«{words}» is no label of the product: quote what the page says.")
        for ending, (allowed, mark) in known.items()
        for path in _pages(root, ending)
        for words in dict.fromkeys(" ".join(one.split()) for one in mark.findall(text_of(path)))
        if words not in allowed
    ]


def the_guide_is_the_same_in_both_languages(root: Path) -> list[Breach]:
    """Each page has its other language, with as many headings, steps and pictures."""
    found = []
    for path in _pages(root, CHINESE):
        other = path.with_name(path.name.removesuffix(CHINESE) + ENGLISH)
        if not other.is_file():
            found.append(Breach(place(root, path), f"write {other.name} beside it."))
        elif _shape(text_of(path)) != _shape(text_of(other)):
            sentence = (
                f"has {_shape(text_of(path))} headings, steps and pictures, {other.name} {_shape(text_of(other))}."
            )
            found.append(Breach(place(root, path), sentence))
    return found


def _shape(page: str) -> tuple[int, int, int]:
    return page.count("\n## "), len(STEP.findall(page)), len(PICTURE.findall(page))


def _pages(root: Path, ending: str) -> Iterator[Path]:
    for path in files(root, GUIDE, suffix=ending):
        if ending == CHINESE or not path.name.endswith(CHINESE):
            yield path


def _labels(root: Path) -> list[tuple[str, str]]:
    """Every label with its English, single and plural."""
    found: list[tuple[str, str]] = []
    for message in pofile.read_po(io.BytesIO((root / CATALOG).read_bytes()), locale="en"):
        labels = message.id if isinstance(message.id, tuple) else (message.id,)
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        found += [(label, word) for label in labels for word in words if label]
    return found


RULES = (
    every_picture_of_the_guide_is_there,
    every_role_is_in_the_guide,
    the_guide_quotes_labels,
    the_guide_is_the_same_in_both_languages,
)
