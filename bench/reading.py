"""How fast a feedback text is read, and whether twice the text takes twice the time: a ratio near 1 is linear.

Run `make bench ARGS=reading`.
"""

import statistics
import sys
import time

from bihuan.engines.reading import read_bytes

RUNS = 5
SIZES = (500, 1_000, 2_000, 4_000, 8_000)
HEAD = "关于巡察云溪区某局党组的反馈意见\n一、存在问题\n"
ENTRY = "（一）制度执行不严。一是没有登记，涉及12件；二是逾期未还。\n1.库房管理混乱，多付14.45万元。\n"
TARGET = 1.5


def main() -> int:
    first = None
    worst = 0.0
    for size in SIZES:
        text = HEAD + ENTRY * size
        each = statistics.median(_seconds(text) for _ in range(RUNS)) / len(text)
        first = first or each
        worst = max(worst, each / first)
        print(f"{len(text):9,} characters  {1 / each:11,.0f} a second  against the first {each / first:.2f}")
    return 1 if worst > TARGET else 0


def _seconds(text: str) -> float:
    begun = time.perf_counter()
    read_bytes(text.encode(), name="feedback.txt")
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
