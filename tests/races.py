"""Calls at the same moment, for what only shows with real connections beside each other."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections

CALLERS = 24


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run calls at the same moment, each on a connection of its own.

    Returns:
        What each returned, or the exception that it raised, in their order.
    """
    gate = threading.Barrier(len(calls), timeout=60)

    def run(call: Callable[[], Any]) -> Any:
        try:
            # Connecting takes longer than most calls: nobody starts before everybody has done it.
            connection.ensure_connection()
            gate.wait()
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
