"""Half-width and doubled punctuation, full-width digits: proposed, never changed by itself.

Plenty of sound documents are typed so; what a damaged copy did and what its author did look the same.
"""

import re

from bihuan.engines.reading.restore import letters
from bihuan.engines.reading.restore.edits import Draft, Edit

# The rare sign first and what stands before it looked back for: so each is found many times faster.
_HALF = re.compile(rf"[,;:?!](?:(?<=[{letters.HAN}”’》）)].)|(?<=\d[,;])(?=[{letters.HAN}“《]))")
_STOP = re.compile(rf"\.(?<=[{letters.HAN}”’》）].)(?=[{letters.HAN}“《]|\s*$)", re.MULTILINE)
_BRACKETS = re.compile(rf"\(([^()\n]{{0,40}}[{letters.HAN}][^()\n]{{0,40}})\)")
_SIGNS = "，。、；：,;:"
_LATIN = "0-9A-Za-z０-９Ａ-Ｚａ-ｚ"
# Both widths alike. Between two Latin letters or digits it may be an address or a piece of code: left as it is.
_DOUBLED = re.compile(
    rf"[，、；：,;:。](?:(?<![{_SIGNS}].)(?<=([，、；：,;:]))\1(?![{_SIGNS}])(?:(?![{_LATIN}])|(?<![{_LATIN}]..))"
    r"|(?<=(?<![。.…])。)。(?![。.…]))"
)
_WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ][０-９Ａ-Ｚａ-ｚ]*")
_FULL = {half: chr(ord(half) + 0xFEE0) for half in ",;:?!()"}


def punctuation(draft: Draft) -> None:
    """Propose the sign that running Chinese text has in each of these places."""
    text = draft.current
    for one in _DOUBLED.finditer(text):
        draft.offer(Edit(*one.span(), _FULL.get(text[one.start()], text[one.start()]), "punctuation", 0.9))
    for one in _HALF.finditer(text):
        if text[one.start() + 1 : one.start() + 2] not in {text[one.start()], "/"}:
            draft.offer(Edit(*one.span(), _FULL[one[0]], "punctuation", 0.8))
    for one in _STOP.finditer(text):
        draft.offer(Edit(*one.span(), "。", "punctuation", 0.6))
    for one in _BRACKETS.finditer(text):
        draft.offer(Edit(one.start(), one.start() + 1, "（", "punctuation", 0.6))
        draft.offer(Edit(one.end() - 1, one.end(), "）", "punctuation", 0.6))
    for one in _WIDE.finditer(text):
        half = "".join(chr(ord(letter) - 0xFEE0) for letter in one[0])
        draft.offer(Edit(*one.span(), half, "punctuation", 0.5))
