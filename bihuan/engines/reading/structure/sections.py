"""Says what a heading or an unnumbered line is: problems, praise, advice, contacts, closing words, or nothing known."""

import re
from functools import lru_cache

from bihuan.engines.reading.words import lexicon

_TITLE_END = re.compile(r"[。!?;:\n\r.](?:(?<!\.)|(?<=[㐀-鿿]\.))")
_SPACES = re.compile(r"\s")
_BRACKETED = re.compile(r"\([^)]*\)$")
_TOO_MUCH = re.compile("存在|问题|不足|短板")
_CLAUSE_END = re.compile(r"[,。;:!?\n\r]")
_LONGEST_TITLE = 40
_LONGEST_ANCHORED = 200


def title_of(text: str) -> str:
    """The first sentence of an entry, without its stop."""
    found = _TITLE_END.search(text)
    return (text[: found.start()] if found else text).strip()


def role_of(title: str) -> str | None:
    """problem, praise, advice or contact for a heading that says so in so many words."""
    title = _SPACES.sub("", title[: _LONGEST_TITLE + 20])
    title = _BRACKETED.sub("", title) if title.endswith(")") else title
    if not title or len(title) > _LONGEST_TITLE:
        return None
    wrong = is_negative(_TOO_MUCH.sub("", title))
    for role in ("advice", "advice_unless_negative", "contact", "praise", "problem"):
        if lexicon.says("sections", role)(title) and not (wrong and role not in {"advice", "problem"}):
            return role.removesuffix("_unless_negative")
    return None


def is_closing(text: str) -> bool:
    """Words after the last entry that must not stick to it: closing phrases, signature, date, contacts."""
    line = _SPACES.sub("", text[:_LONGEST_ANCHORED])
    if lexicon.says("lines", "closing")(line) or lexicon.says("lines", "date")(line):
        return True
    if lexicon.says("lines", "appeal")(line):
        return True
    if lexicon.says("lines", "closing_with_rectification")(line):
        return not is_negative(line)
    return bool(lexicon.says("lines", "signature")(line)) and not is_negative(line)


def is_appeal(text: str) -> bool:
    """Words that ask or advise, of whoever speaks: 某某要求,… 对公司党委提出以下建议:…"""
    return bool(lexicon.says("lines", "appeal")(_SPACES.sub("", text[:_LONGEST_ANCHORED])))


def is_demand(text: str) -> bool:
    """An entry that asks something of somebody: 各单位要认领问题."""
    return bool(lexicon.says("lines", "demand")(text[:_LONGEST_ANCHORED])) and not is_negative(
        title_of(text).replace("问题", "")
    )


@lru_cache(maxsize=1024)
def is_negative(text: str) -> bool:
    """The text says that something is wrong."""
    return bool(lexicon.says("problems", "negative")(text))


def is_imperative(text: str) -> bool:
    """The text begins by telling somebody to do something, and its first clause does not end in what is wrong."""
    if not lexicon.says("problems", "imperative")(text):
        return False
    clause = _CLAUSE_END.split(text[:_LONGEST_ANCHORED], maxsplit=1)[0]
    return not lexicon.says("problems", "ends_wrong")(clause)
