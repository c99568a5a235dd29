"""House rules on words: the glossary knows every table and vocabulary; files are named by the nouns."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import Breach, classes, last_name, place, table_rows, text_of

GLOSSARY = "docs/glossary.md"
ARCHITECTURE = "docs/architecture.md"
ENUMS = {"Enum", "StrEnum", "IntEnum", "Flag", "IntFlag", "TextChoices", "IntegerChoices", "Choices"}
MODELS = {"Model", "AbstractUser", "AbstractBaseUser"}
# Modules that hold no matter of their own: the room's frame. Anything else is a noun or begins with an underscore.
FRAME = {
    "models": set(),
    "queries": {"acting", "health", "looks", "standing"},
    "actions": {"bulk", "refusals", "sign_in"},
    "web": {
        "errors",
        "frame",
        "gate",
        "health",
        "set_up",
        "sign_in",
        "static",
        "templates",
        "templatetags",
        "urls",
        "words",
    },
}


def the_glossary_knows_every_name(root: Path) -> list[Breach]:
    """Each model and each enum stands in the glossary, with its Chinese word and its meaning."""
    known = _glossary(root)
    return [
        Breach(place(root, path, node), f"add {node.name} to {GLOSSARY}: | 中文 | English name | meaning |.")
        for path, node in [*model_classes(root), *_enums(root)]
        if not node.name.startswith("_") and _plain(node.name) not in known
    ]


def the_glossary_is_complete_in_itself(root: Path) -> list[Breach]:
    """Three cells a row, none empty, no English name twice."""
    path = root / GLOSSARY
    if not path.is_file():
        return [Breach(GLOSSARY, "write the glossary: a table | 中文 | English name | meaning |.")]
    found, seen = [], set[str]()
    for cells in table_rows(text_of(path)):
        row = " | ".join(cells)
        if len(cells) < 3 or not all(cells[:3]):
            found.append(Breach(GLOSSARY, f"fill the three cells of the row «{row}»."))
        elif _plain(cells[1]) in seen:
            found.append(Breach(GLOSSARY, f"«{cells[1]}» stands twice; one word per thing."))
        else:
            seen.add(_plain(cells[1]))
    return found


def _glossary(root: Path) -> set[str]:
    path = root / GLOSSARY
    rows = table_rows(text_of(path)) if path.is_file() else ()
    return {_plain(name) for cells in rows if len(cells) > 1 for name in re.split(r"[,/、;]", cells[1])}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def model_classes(root: Path) -> Iterator[tuple[Path, ast.ClassDef]]:
    """Every table: classes of bihuan/models that descend from Django's Model and are not abstract."""
    found = list(classes(root, "bihuan/models"))
    tables = set(MODELS)
    while more := {node.name for _, node in found if _bases(node) & tables} - tables:
        tables |= more
    yield from ((path, node) for path, node in found if node.name in tables and not _is_abstract(node))


def _enums(root: Path) -> Iterator[tuple[Path, ast.ClassDef]]:
    return ((path, node) for path, node in classes(root, "bihuan") if _bases(node) & ENUMS)


def _bases(node: ast.ClassDef) -> set[str]:
    return {last_name(base) for base in node.bases}


def _is_abstract(node: ast.ClassDef) -> bool:
    metas = [inner for inner in node.body if isinstance(inner, ast.ClassDef) and inner.name == "Meta"]
    return any("abstract = True" in ast.unparse(meta) for meta in metas)


def files_are_named_by_the_nouns(root: Path) -> list[Breach]:
    """The same noun in every layer; a new noun is added to the list in docs/architecture.md and to the glossary."""
    nouns = nouns_of(root)
    if not nouns:
        return [Breach(ARCHITECTURE, "list the nouns in a fenced block after the words «The nouns».")]
    return [
        Breach(place(root, path), f"«{name}» is no noun of {ARCHITECTURE}: use one, or begin the name with _.")
        for room, frame in FRAME.items()
        for name, path in _modules(root / "bihuan" / room)
        if name not in nouns | frame and not name.startswith("_")
    ]


def nouns_of(root: Path) -> set[str]:
    """The nouns as docs/architecture.md lists them."""
    path = root / ARCHITECTURE
    text = text_of(path) if path.is_file() else ""
    block = re.search(r"The nouns.*?```\w*\n(.*?)```", text, re.DOTALL)
    return set(re.findall(r"[a-z][a-z_]+", block[1])) if block else set()


def _modules(room: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(room.iterdir()) if room.is_dir() else ():
        if path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__"):
            yield path.stem, path


RULES = (the_glossary_knows_every_name, the_glossary_is_complete_in_itself, files_are_named_by_the_nouns)
