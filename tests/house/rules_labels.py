"""House rules on labels: every Chinese msgid has its English, and no page says anything that cannot be translated."""

import ast
import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages import pofile
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from django.template.base import DebugLexer, TokenType
from django.utils.translation.template import templatize

from tests.house.source import Breach, files, last_name, place, text_of, tree_of, walk

CATALOG = "bihuan/locale/en/LC_MESSAGES/django.po"
TEMPLATES = "bihuan/web/templates"
MARKERS = {"_": 1, "N_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "pgettext": 2, "pgettext_lazy": 2}
PLURAL_MARKERS = {"ngettext": 2, "ngettext_lazy": 2}
# A language is offered under its own name, whatever language the page is in.
OWN_NAMES = {"中文", "简体中文"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def every_label_is_translated(root: Path) -> list[Breach]:
    """Each msgid in Python and in templates has an English msgstr that is not empty and not fuzzy."""
    catalog = _catalog(root)
    return [
        Breach(where, f"translate «{msgid}» in {CATALOG}.")
        for where, msgid in [*_python_labels(root), *_template_labels(root)]
        if not catalog.get(msgid)
    ]


def _catalog(root: Path) -> dict[str, str]:
    path = root / CATALOG
    if not path.is_file():
        return {}
    found = {}
    for message in pofile.read_po(io.BytesIO(path.read_bytes()), locale="en"):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if ids[0] and not message.fuzzy and all(said):
            found[ids[0]] = said[0]
    return found


def _python_labels(root: Path) -> Iterator[tuple[str, str]]:
    for path, node in walk(root, "bihuan"):
        if isinstance(node, ast.Call):
            for msgid in _msgids(node):
                yield place(root, path, node), msgid


def _msgids(node: ast.Call) -> list[str]:
    name = last_name(node.func)
    if name in PLURAL_MARKERS:
        wanted = node.args[:1]
    else:
        count = MARKERS.get(name, 0)
        wanted = node.args[count - 1 : count] if count else []
    return [one.value for one in wanted if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def _template_labels(root: Path) -> Iterator[tuple[str, str]]:
    for path in files(root, TEMPLATES, suffix=(".html", ".txt")):
        # What is left between the labels is letters X; indentation would only confuse Python's tokenizer.
        lines = templatize(text_of(path)).splitlines()
        source = io.BytesIO("\n".join(line.strip() for line in lines).encode())
        for number, _, messages, _ in extract_python(source, DEFAULT_KEYWORDS, [], {"encoding": "utf-8"}):
            said = messages if isinstance(messages, tuple) else (messages,)
            first = next((one for one in said if one and CHINESE.search(one)), next(filter(None, said), ""))
            if first:
                yield place(root, path, number), first


def pages_say_nothing_untranslatable(root: Path) -> list[Breach]:
    """Chinese words of templates stand in translate tags, those of views and forms in gettext calls."""
    return [
        Breach(where, f"mark «{text.strip()[:30]}» for translation.")
        for where, text in [*_bare_template_words(root), *_bare_python_words(root)]
        if text.strip() not in OWN_NAMES
    ]


def _bare_template_words(root: Path) -> Iterator[tuple[str, str]]:
    for path in files(root, TEMPLATES, suffix=(".html", ".txt")):
        hidden = ""
        for token in DebugLexer(text_of(path)).tokenize():
            word = token.contents.split()[0] if token.contents.split() else ""
            if token.token_type == TokenType.BLOCK and (
                word == hidden or word in {"blocktranslate", "blocktrans", "comment"}
            ):
                hidden = "" if word == hidden else f"end{word}"
            elif token.token_type == TokenType.TEXT and not hidden:
                yield from _chinese_lines(root, path, token)
            elif token.token_type == TokenType.VAR and CHINESE.search(token.contents) and "_(" not in token.contents:
                yield place(root, path, token.lineno), token.contents


def _chinese_lines(root: Path, path: Path, token: object) -> Iterator[tuple[str, str]]:
    contents = re.sub(r"<!--.*?-->", lambda found: "\n" * found[0].count("\n"), token.contents, flags=re.DOTALL)
    for offset, line in enumerate(contents.splitlines()):
        if said := re.search(r"[^<>\"]*[\u4e00-\u9fff][^<>\"]*", line):
            yield place(root, path, token.lineno + offset), said[0]


def _bare_python_words(root: Path) -> Iterator[tuple[str, str]]:
    for path in files(root, "bihuan/web"):
        tree = tree_of(path)
        marked = {id(inner) for node in ast.walk(tree) if _is_spoken_for(node) for inner in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in marked and CHINESE.search(str(node.value)):
                yield place(root, path, node), str(node.value)


def _is_spoken_for(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return last_name(node.func) in MARKERS | PLURAL_MARKERS
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def profile_labels_have_both_languages(root: Path) -> list[Breach]:
    """A label in a profile is {zh, en}."""
    found = []
    for path in files(root, "bihuan/profiles", suffix=".toml"):
        for label in _labels(tomllib.loads(text_of(path))):
            if not (label.get("zh") and label.get("en")):
                said = label.get("zh") or label.get("en")
                found.append(Breach(place(root, path), f"write «{said}» in both languages: {{zh = …, en = …}}."))
    return found


def _labels(value: object) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        if {"zh", "en"} & value.keys():
            yield value
        for inner in value.values():
            yield from _labels(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _labels(inner)


RULES = (every_label_is_translated, pages_say_nothing_untranslatable, profile_labels_have_both_languages)
