"""Says what a heading or an unnumbered line is: problems, praise, advice, contacts, closing words, or nothing known."""

import re

from bihuan.engines.reading.words import lexicon

_TITLE_END = re.compile(r"[。!?;:\n\r]|(?<=[㐀-鿿])\.")
_CLAUSE_END = re.compile(r"[,。;:!?\n\r]")
_LONGEST_TITLE = 40
_LONGEST_ANCHORED = 200


def title_of(text: str) -> str:
    """The first sentence of an entry, without its stop."""
    found = _TITLE_END.search(text)
    return (text[: found.start()] if found else text).strip()


def role_of(title: str) -> str | None:
    """problem, praise, advice or contact for a heading that says so in so many words."""
    title = re.sub(r"\s", "", title[: _LONGEST_TITLE + 20])
    title = re.sub(r"\([^)]*\)$", "", title)
    if not title or len(title) > _LONGEST_TITLE:
        return None
    wrong = is_negative(re.sub("存在|问题|不足|短板", "", title))
    for role in ("advice", "advice_unless_negative", "contact", "praise", "problem"):
        if lexicon.pattern("sections", role).search(title) and not (wrong and role not in {"advice", "problem"}):
            return role.removesuffix("_unless_negative")
    return None


def is_closing(text: str) -> bool:
    """Words after the last entry that must not stick to it: closing phrases, signature, date, contacts."""
    line = re.sub(r"\s", "", text[:_LONGEST_ANCHORED])
    if lexicon.pattern("lines", "closing").search(line) or lexicon.pattern("lines", "date").search(line):
        return True
    if lexicon.pattern("lines", "closing_with_rectification").search(line):
        return not is_negative(line)
    return bool(lexicon.pattern("lines", "signature").search(line)) and not is_negative(line)


def is_demand(text: str) -> bool:
    """An entry that asks something of somebody: 各单位要认领问题."""
    return bool(lexicon.pattern("lines", "demand").search(text[:_LONGEST_ANCHORED])) and not is_negative(
        title_of(text).replace("问题", "")
    )


def is_negative(text: str) -> bool:
    """The text says that something is wrong."""
    return bool(lexicon.pattern("problems", "negative").search(text))


def is_imperative(text: str) -> bool:
    """The text begins by telling somebody to do something, and its first clause does not end in what is wrong."""
    if not lexicon.pattern("problems", "imperative").search(text):
        return False
    clause = _CLAUSE_END.split(text[:_LONGEST_ANCHORED], maxsplit=1)[0]
    return not lexicon.pattern("problems", "ends_wrong").search(clause)
