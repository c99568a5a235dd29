"""What is missing and cannot be known: blanked words, cut passages, lost headings. Told, never filled.

A gap is a proposal whose words are the same before and after: it marks a place for a person to look at.
"""

import re
import sys
from bisect import bisect_right
from itertools import pairwise

from bihuan.engines.reading.restore import letters
from bihuan.engines.reading.restore.edits import Draft, Edit
from bihuan.engines.reading.shapes import Span

_HAN = letters.HAN
# Each begins with the signs it is about, what stands before them is looked back for: so it is found faster.
_BLANKED = re.compile(
    rf"[_Xx×＊*○□■�](?:(?<=[{_HAN}，。、“《（]_)_{{0,5}}(?=[{_HAN}，。、”》）])"
    rf"|(?<=[Xx×＊*○])(?<![A-Za-z].)[Xx×＊*○]{{0,3}}"
    rf"(?=(?:同志|[省市县区镇乡村街局委办厅部处科组][{_HAN}，。]|书记|主任|局长|某))|(?<=[□■�])[□■�]*)"
)
_REPLACED = re.compile(
    rf"[?\ufffd\ue000-\uf8ff锟](?:(?<=[{_HAN}]\?)\?*(?=[{_HAN}a-zA-Z、，])|(?<=\ufffd)\ufffd*"
    r"|(?<=[\ue000-\uf8ff])[\ue000-\uf8ff]*|(?<=锟)斤拷(?:锟斤拷)*)"
)
_CUT = re.compile(rf"(?<=[{_HAN}])[ \u3000]?(?:……|\.{{3,6}}|…)\s*\Z|[，、；：](?=\s*\Z)")
_LONGEST_CUT = 8
_TOP = re.compile(r"^\s*[一二三四五六七八九十]{1,3}[、.．]", re.MULTILINE)
_SECOND = re.compile(r"^[ \u3000]*[（(]([一二三四五六七八九十]{1,3})[)）]", re.MULTILINE)


def gaps(draft: Draft, *, has_end: bool) -> None:
    """Tell the gaps; `has_end` says that the text ends here and is not only a part of one."""
    text, known = draft.current, draft.offered({"lost", "shift", "pinyin"})
    end = max(0, len(text.rstrip()) - _LONGEST_CUT)
    for pattern, sure, begin in ((_BLANKED, 0.8, 0), (_REPLACED, 0.7, 0), *(((_CUT, 0.6, end),) if has_end else ())):
        for one in pattern.finditer(text, begin):
            if not _is_known(known, draft.origin(one.start())):
                draft.offer(Edit(one.start(), one.end(), one[0], "lost", sure))
    _between_lines(draft)
    _headings(draft)


def _is_known(known: list[Span], place: int | None) -> bool:
    """Whether a proposal stands at this place of the original already."""
    if place is None:
        return True
    at = bisect_right(known, (place, sys.maxsize)) - 1
    return at >= 0 and place < known[at][1]


def _between_lines(draft: Draft) -> None:
    """A line that ends within a quotation which the next one never closes."""
    lines = re.finditer(r"[^\r\n]+", draft.current) if "“" in draft.current else ()
    for line, following in pairwise(lines):
        first, second = line[0], following[0]
        if first.rfind("“") <= first.rfind("”") or not letters.IS_HAN.match(first[-1]):
            continue
        close, begin = second.find("”"), second.find("“")
        if close < 0 or 0 <= begin < close:
            draft.offer(Edit(line.end(), line.end(), "", "lost", 0.8))


def _headings(draft: Draft) -> None:
    """(一) that begins anew without a heading above: the headings of the first level are lost."""
    if draft.current.count("一") < 2:
        return
    firsts = [one for one in _SECOND.finditer(draft.current) if one[1] == "一"]
    if len(firsts) < 2:
        return
    previous = 0
    for one in firsts:
        if not _TOP.search(draft.current, previous, one.start()):
            draft.offer(Edit(one.start(), one.start(), "", "lost", 0.7))
        previous = one.start()
