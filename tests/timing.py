"""How long work takes, whatever else the machine does."""

import gc
import time
from collections.abc import Callable
from typing import Any


def least_seconds(work: Callable[[], Any], *, times: int = 3) -> float:
    """Return the least of some times that this thread was busy.

    Objects of other tests are not looked through meanwhile: with many of them in a long run, that
    takes longer than the work itself.
    """
    gc.disable()
    try:
        took = []
        for _time in range(times):
            before = time.thread_time()
            work()
            took.append(time.thread_time() - before)
        return min(took)
    finally:
        gc.enable()
