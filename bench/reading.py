"""How fast text is read, as characters a second of processor time: long texts, and the short documents of the corpus.

Twice a long text shall take twice the time: a ratio near 1 is linear. Run `make bench ARGS=reading`.
"""

import statistics
import sys
import time

from bench._homes import machine
from bihuan.engines.reading import read_bytes
from tests.corpus.marks import documents

RUNS = 5
SIZES = (500, 1_000, 2_000, 4_000, 8_000)
HEAD = "关于巡察云溪区某局党组的反馈意见\n一、存在问题\n"
ENTRY = "（一）制度执行不严。一是没有登记，涉及12件；二是逾期未还。\n1.库房管理混乱，多付14.45万元。\n"
TARGET = 1.5


def main() -> int:
    print(machine())
    _short()
    return 1 if _long() > TARGET else 0


def _short() -> None:
    """Each train document as often as there are runs, round after round, so that no reading finds its own traces."""
    texts = [one.text for one in documents("train")]
    rounds = [[_seconds(text) for text in texts] for _ in range(RUNS + 1)][1:]
    whole = statistics.median(sum(map(len, texts)) / sum(each) for each in rounds)
    each = [len(text) / statistics.median(times) for text, *times in zip(texts, *rounds, strict=True)]
    length = statistics.median(map(len, texts))
    typical = statistics.median(each)
    print(f"{len(texts)} documents of about {length:,.0f} characters: {whole:,.0f} a second, the median {typical:,.0f}")


def _long() -> float:
    first, worst = 0.0, 0.0
    for size in SIZES:
        text = HEAD + ENTRY * size
        each = statistics.median(_seconds(text) for _ in range(RUNS)) / len(text)
        first = first or each
        worst = max(worst, each / first)
        print(f"{len(text):9,} characters  {1 / each:11,.0f} a second  against the first {each / first:.2f}")
    return worst


def _seconds(text: str) -> float:
    begun = time.process_time()
    read_bytes(text.encode(), name="feedback.txt")
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
