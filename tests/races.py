"""Calls at the same moment, for what only shows with real connections beside each other."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

CALLERS = 24


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run calls at the same moment, each on a connection of its own.

    Returns:
        What each returned, or the exception that it raised, in their order.
    """
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
