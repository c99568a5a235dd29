"""What likeness on entry costs: the drafts of one document beside the findings of their unit.

Twice the findings shall take at most about twice the time: a ratio over 1.5 to each finding is missed.
Run `make bench ARGS=likeness`.
"""

import statistics
import sys
import time
from collections.abc import Sequence

from bench._homes import machine
from bihuan.engines.similarity import nearest
from tests.corpus.marks import documents

RUNS, DRAFTS = 5, 60
SIZES = (300, 600, 1_200)
TARGET = 1.5


def main() -> int:
    texts = list(dict.fromkeys(one.text[at : at + 60] for one in documents("train") for at in range(0, 600, 60)))
    drafts, rest = texts[:DRAFTS], texts[DRAFTS:]
    print(machine())
    each = [_milliseconds(drafts, rest[:size]) / size for size in SIZES]
    for size, spent in zip(SIZES, each, strict=True):
        print(f"{DRAFTS} drafts among {size:5,}: {spent * size:7.1f} ms, each against the first {spent / each[0]:.2f}")
    return 1 if max(each) / each[0] > TARGET else 0


def _milliseconds(drafts: Sequence[str], findings: Sequence[str]) -> float:
    def once() -> float:
        begun = time.process_time()
        nearest(drafts, among=findings)
        return time.process_time() - begun

    return statistics.median(once() for _ in range(RUNS)) * 1000


if __name__ == "__main__":
    sys.exit(main())
