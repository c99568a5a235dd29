"""The parts of a bulk load, made by as many processes as there are cores and given back in their order.

What is made is not known here, only that each part needs nothing of the others and no database.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import connection, get_context, parent_process
from threading import Thread
from typing import Any, TypeVar

P = TypeVar("P")
T = TypeVar("T")
# How many parts each process may be ahead of whoever takes them.
AHEAD = 3
_made_by: list[Callable[[Any], Any]] = []


def processes_for(parts: int) -> int:
    """How many processes make so many parts: one for each core, none beside this one where there is little to make."""
    return min(len(os.sched_getaffinity(0)), parts // (AHEAD + 1)) or 1


def made_in_order(make: Callable[[P], T], parts: Iterable[P], *, processes: int) -> Iterator[T]:
    """What `make` makes of the parts, one after another; by other processes unless `processes` is 1."""
    if processes == 1:
        yield from map(make, parts)
        return
    # Forked, each knows the county as it is told here; none of them touches the connection that they share.
    with ProcessPoolExecutor(processes, get_context("fork"), initializer=_begin, initargs=(make,)) as pool:
        waiting: deque[Future[T]] = deque()
        try:
            for part in parts:
                waiting.append(pool.submit(_make, part))
                if len(waiting) >= processes * AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(make: Callable[[Any], Any]) -> None:
    _made_by[:] = [make]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_parent, daemon=True).start()


def _make(part: Any) -> Any:
    return _made_by[0](part)


def _end_with_the_parent() -> None:
    """Whoever is killed takes its children along: they would wait for ever and keep the home's lock."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
    os._exit(1)
