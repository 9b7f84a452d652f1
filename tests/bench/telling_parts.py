"""One part of the measuring of notifications, in a process of its own: its memory is its own.

    python -m tests.bench.telling_parts PART FACTS FILE

Writes what it found to FILE, as JSON. What a task would do in the worker is done here.
"""

import datetime
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.mail import EmailMessage, get_connection  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from notifications import letters, sending  # noqa: E402
from notifications.actions import (  # noqa: E402
    go_on_telling,
    notify,
    open_rounds,
    write_letters,
)
from notifications.models import Delivery, Event, Letter, Notification  # noqa: E402
from tests.bench.crowd import TIMES, WITH_NEWS, letter_hour, noon  # noqa: E402

#: So often the loop with a fixed text and our mails have their turn, and so many batches in each.
TURNS, BATCHES = 5, 3
FIXED = "Er is nieuws over een idee in uw buurt. Lees het op de site.\n" * 10

Found = dict[str, Any]


class Queries:
    """Counts queries without keeping them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)


@contextmanager
def counted() -> Iterator[Queries]:
    queries = Queries()
    with connection.execute_wrapper(queries):
        yield queries


def measure_notify(facts: Found) -> Found:
    """Tell of something that few follow, and of something that everybody does, in turn."""
    seconds: dict[str, list[float]] = {"few": [], "everybody": []}
    queries: dict[str, set[int]] = {"few": set(), "everybody": set()}
    # The last of each is left for the worker; the first finds nothing ready.
    for number in range(TIMES - 1):
        for name in seconds:
            with counted() as asked:
                started = time.perf_counter()
                with transaction.atomic():
                    notify("news", facts[name][number])
                took = time.perf_counter() - started
            if number:
                seconds[name].append(took * 1000)
                queries[name].add(asked.count)
    return {
        "seconds": {name: statistics.median(found) for name, found in seconds.items()},
        "queries": {name: max(found) for name, found in queries.items()},
    }


def measure_fan_out(facts: Found) -> Found:
    """Tell everybody, batch by batch, and the few before."""
    found: Found = {}
    for name in ("few", "everybody"):
        event = Event.objects.create(kind="news", subject_id=facts[name][-1])
        queries = []
        started, is_open = time.perf_counter(), True
        while is_open:
            with counted() as asked:
                is_open = go_on_telling(event_pk=event.pk)
            queries.append(asked.count)
        took = time.perf_counter() - started
        told = Notification.objects.filter(event=event).count()
        found[name] = {"told": told, "rate": told / took, "queries": max(queries)}
        found[name]["mails"] = Delivery.objects.filter(notification__event=event).count()
    return found


def fixed_mails(count: int) -> None:
    """Send a fixed text over one connection, which is all that Django asks for."""
    server = get_connection()
    server.open()
    for number in range(count):
        server.send_messages(
            [EmailMessage("Nieuws uit uw buurt", FIXED, to=[f"persoon{number}@bench.example"])]
        )
    server.close()


def measure_mails(_facts: Found) -> Found:
    """Send mails of ours and a fixed text, in turn."""
    now = noon(timezone.now())
    rates: dict[str, list[float]] = {"ours": [], "fixed": []}
    sending.send_waiting("mail", now=now)
    fixed_mails(sending.BATCH)
    for _turn in range(TURNS):
        started, sent = time.perf_counter(), 0
        for _number in range(BATCHES):
            sent += sending.send_waiting("mail", now=now)
        rates["ours"].append(sent / (time.perf_counter() - started))
        started = time.perf_counter()
        fixed_mails(sent)
        rates["fixed"].append(sent / (time.perf_counter() - started))
    states = Delivery.objects.exclude(state="waiting").values_list("state")
    sent_to = Delivery.objects.filter(state="sent").values("notification__recipient__language")
    return {
        "rates": {name: statistics.median(found) for name, found in rates.items()},
        "ratio": statistics.median(
            ours / fixed for ours, fixed in zip(rates["ours"], rates["fixed"], strict=True)
        ),
        "handed_over": 2 * (TURNS * BATCHES + 1) * sending.BATCH,
        "states": dict(states.annotate(Count("pk")).order_by("state")),
        "languages": sent_to.distinct().count(),
        "kinds": Delivery.objects.filter(state="sent")
        .values("notification__event__kind")
        .distinct()
        .count(),
    }


def measure_letters(_facts: Found) -> Found:
    """Find for whom a letter is due, and send all that there are."""
    now = letter_hour(timezone.now()) + datetime.timedelta(minutes=2)
    started = time.perf_counter()
    for pk in open_rounds(now=now):
        while write_letters(round_pk=pk, now=now):
            pass
    written = time.perf_counter()
    while letters.send_letters(now=now):
        pass
    sent = time.perf_counter()
    people = User.objects.count()
    found = Letter.objects.filter(state="sent")
    return {
        "people": people,
        "with_news": User.objects.extra(where=[f"id %% 10 = {WITH_NEWS}"]).count(),
        "letters": found.count(),
        "all_letters": Letter.objects.count(),
        "without_news": found.extra(where=[f"recipient_id %% 10 <> {WITH_NEWS}"]).count(),
        "people_a_second": people / (written - started),
        "letters_a_second": found.count() / (sent - written),
    }


PARTS: dict[str, Callable[[Found], Found]] = {
    "notify": measure_notify,
    "fan_out": measure_fan_out,
    "mails": measure_mails,
    "letters": measure_letters,
}


def peak() -> float:
    """Return the most memory that this process ever held, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise SystemExit("This system does not tell how much memory was taken.")


def main() -> None:
    part, facts, file = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    found = PARTS[part](json.loads(facts.read_text()))
    file.write_text(json.dumps({**found, "peak": peak()}))


if __name__ == "__main__":
    main()
