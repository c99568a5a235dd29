"""How well scans are read: errors by what was done to the page, and how many of them are told as doubts.

Pages of invented official text are printed and spoiled; real scans will be worse. Run `make bench ARGS=scanning`.
"""

import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from PIL import Image

from bench._homes import machine
from bihuan.engines.reading import scans
from bihuan.engines.reading.scans.recognizing import Recognizer
from tests.engines import scan_files
from tests.engines.scan_files import Sheet

MOST_ERRORS = 0.02  # of the Chinese characters and digits of a page that is only askew
Spoil = Callable[[Image.Image], Image.Image]


@dataclass
class Score:
    """What came of a page."""

    printed: int = 0
    wrong: int = 0
    words_printed: int = 0
    words_wrong: int = 0
    doubted: int = 0
    wrong_and_doubted: int = 0
    seconds: float = 0.0


def _small(picture: Image.Image, dpi: int) -> Image.Image:
    return picture.resize((picture.width * dpi // 200, picture.height * dpi // 200), Image.Resampling.LANCZOS)


def _stamps(picture: Image.Image) -> Image.Image:
    return scan_files.stamped(scan_files.stamped(picture, (1_150, 1_500)), (500, 700))


SPOILED: dict[str, Spoil] = {
    "as printed": lambda one: one,
    "150 dpi": lambda one: _small(one, 150),
    "100 dpi": lambda one: _small(one, 100),
    "askew by 1.2 degrees": lambda one: scan_files.skewed(one, 1.2),
    "askew by 4 degrees": lambda one: scan_files.skewed(one, -4),
    "noise": scan_files.noisy,
    "much noise": lambda one: scan_files.noisy(one, strength=120),
    "shadow": scan_files.shadowed,
    "two stamps over the words": _stamps,
    "turned upside down": lambda one: one.rotate(180),
    "turned by a quarter": lambda one: one.rotate(90, expand=True),
    "skew, noise, shadow, stamps, 150 dpi": lambda one: _small(
        scan_files.shadowed(scan_files.noisy(scan_files.skewed(_stamps(one), 1.2))), 150
    ),
}


def main() -> int:
    print(machine())
    kinds = [("NotoSerifCJK-Regular", 44, name) for name in SPOILED]
    kinds += [(face, size, "as printed") for face, size in (("NotoSerifCJK-Regular", 28), ("NotoSansCJK-Regular", 44))]
    sheets = [scan_files.sheets(size=size, face=face)[0] for face, size, _name in kinds]
    spoiled = [SPOILED[name](sheet.picture) for (_, _, name), sheet in zip(kinds, sheets, strict=True)]
    content = scan_files.pdf(*spoiled)
    within = True
    with Recognizer(content) as recognizer:
        recognizer.page(1)  # the models are read before the clock runs
        for number, ((face, size, name), sheet) in enumerate(zip(kinds, sheets, strict=True), 1):
            score = _scored(recognizer, scan_files.pdf(spoiled[number - 1]), number, sheet)
            print(f"{face:20} {size * 0.36:3.0f} pt  {name:36} {_told(score)}", flush=True)
            within = within and not (name.startswith("askew") and score.words_wrong > score.words_printed * MOST_ERRORS)
    return 0 if within else 1


def _told(score: Score) -> str:
    caught = f"{score.wrong_and_doubted} of {score.wrong} wrong"
    return (
        f"errors {score.wrong / score.printed:6.2%}, words and digits {score.words_wrong / score.words_printed:6.2%};"
        f" doubted {score.doubted} of {score.printed}, {caught}; {score.seconds:.1f} s a page"
    )


def _scored(recognizer: Recognizer, alone: bytes, number: int, sheet: Sheet) -> Score:
    """Read one page and compare."""
    score = Score()
    begun = time.monotonic()
    found = replace(recognizer.page(number), number=1)
    score.seconds = time.monotonic() - begun
    reading = scans.read_scan(alone, pages={1: found}, name="scan.pdf")
    _compare("".join(sheet.lines), reading.text, {one.span[0] for one in reading.unsure}, score)
    return score


def _compare(printed: str, read: str, doubted: set[int], score: Score) -> None:
    kept = [(one, index in doubted) for index, one in enumerate(read) if not one.isspace()]
    wrong, places = _distance(re.sub(r"\s", "", printed), "".join(one for one, _ in kept))
    score.printed += len(re.sub(r"\s", "", printed))
    score.wrong += wrong
    score.doubted += sum(1 for _, is_doubted in kept if is_doubted)
    score.wrong_and_doubted += sum(1 for place in places if place < len(kept) and kept[place][1])
    words = _words(printed)
    score.words_printed += len(words)
    score.words_wrong += _distance(words, _words(read))[0]


def _words(text: str) -> str:
    return "".join(re.findall(r"[\u4e00-\u9fff0-9]", text))


def _distance(printed: str, read: str) -> tuple[int, list[int]]:
    """How many characters have to be changed, and where in what was read."""
    rows = [list(range(len(read) + 1))]
    for one in printed:
        above, row = rows[-1], [rows[-1][0] + 1]
        for index, other in enumerate(read, 1):
            row.append(min(above[index] + 1, row[-1] + 1, above[index - 1] + (one != other)))
        rows.append(row)
    places, down, across = [], len(printed), len(read)
    while down or across:
        here = rows[down][across]
        if down and across and here == rows[down - 1][across - 1] + (printed[down - 1] != read[across - 1]):
            if printed[down - 1] != read[across - 1]:
                places.append(across - 1)
            down, across = down - 1, across - 1
        elif across and here == rows[down][across - 1] + 1:
            across -= 1
            places.append(across)
        else:
            down -= 1
            places.append(across)
    return rows[-1][-1], places


if __name__ == "__main__":
    sys.exit(main())
