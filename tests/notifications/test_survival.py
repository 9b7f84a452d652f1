"""Nothing is lost: not by killed workers, nor by a mail server that refuses or is away."""

import datetime
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from accounts.models import User
from notifications import tasks
from notifications.actions import notify
from notifications.models import Delivery
from notifications.models.delivery import MAX_TRIES
from tests.notifications import happenings
from tests.notifications.happenings import DECIDED, delivery, told
from tests.notifications.mailbox import TAKEN, Mailbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("happening")]

KILLS = 10


class Worker:
    """A process that forks workers, one after the other."""

    def __init__(self, port: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.notifications.a_worker"],
            env={
                **os.environ,
                "WORKER_DATABASE": str(connection.settings_dict["NAME"]),
                "WORKER_MAIL_PORT": str(port),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._read() == "ready"
        self.pid = 0

    def _read(self) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            # What the site logs stands between.
            if line.strip() == "ready" or line.strip().lstrip("-").isdigit():
                return line.strip()
        return ""

    def run(self) -> int:
        """Let a worker send what is due; return how it ended."""
        assert self.process.stdin is not None
        self.pid = 0
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.pid = int(self._read())
        return int(self._read())

    def kill(self) -> None:
        """Kill the worker that sends now."""
        while not self.pid:
            pass
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=20)


@pytest.fixture
def worker(mailbox: Mailbox) -> Iterator[Worker]:
    made = Worker(mailbox.port)
    try:
        yield made
    finally:
        made.end()


@pytest.fixture
def sweep(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sweep when all that waits is due, and run at once what the sweep asks for."""

    def later() -> int:
        time_goes_by()
        with monkeypatch.context() as patch:
            patch.setattr(tasks.send, "delay", tasks.send)
            return tasks.sweep_notifications()

    return later


def a_decision_for(count: int) -> list[User]:
    """Tell many people something that must be told, so that no hour is quiet."""
    people = happenings.a_crowd(count, language="en")
    notify(DECIDED.name, 1, to=[person.pk for person in people])
    return people


def time_goes_by() -> None:
    """Let what waits, or was left in flight, be due."""
    day = datetime.timedelta(days=1)
    waiting = Delivery.objects.filter(state__in=["waiting", "in_flight"])
    waiting.update(next_try_at=F("next_try_at") - day)


def states() -> set[str]:
    return set(Delivery.objects.values_list("state", flat=True))


def test_a_worker_killed_ten_times_loses_nobody_and_repeats_only_what_was_in_flight(
    mailbox: Mailbox, worker: Worker
):
    # Enough that the last worker, too, is killed before it is through.
    people = a_decision_for(160)
    chance = random.Random(8)
    for number in range(KILLS):
        last = len(mailbox.received) + chance.randint(1, 8)

        def answer(_address: str, number: int = number, last: int = last) -> str:
            if len(mailbox.received) + 1 == last:
                if number % 2:
                    # At any moment after it was taken: while it is marked, or in one of the next.
                    threading.Timer(chance.uniform(0, 0.03), worker.kill).start()
                else:
                    # It was taken, and the worker never hears of it.
                    worker.kill()
            return TAKEN

        mailbox.answer = answer
        assert worker.run() == -signal.SIGKILL, f"worker {number} was not killed in its batch"
        in_flight = Delivery.objects.filter(state="in_flight").count()
        assert in_flight > 0

        # What it held is nobody else's before its time has come.
        received = len(mailbox.received)
        mailbox.answer = lambda _address: TAKEN
        assert worker.run() == 0
        assert len(mailbox.received) == received
        time_goes_by()

    assert worker.run() == 0
    time_goes_by()
    assert worker.run() == 0

    assert states() == {"sent"}
    assert set(mailbox.counts) == {person.email for person in people}
    twice = sum(count - 1 for count in mailbox.counts.values())
    # Every other worker was killed between the mail and its answer: those are sent again.
    assert KILLS // 2 <= twice <= KILLS
    for row in Delivery.objects.select_related("notification__recipient"):
        assert mailbox.counts[str(row.notification.recipient.email)] <= row.tries


def test_what_a_busy_server_refuses_arrives_later(mailbox: Mailbox, sweep: Any):
    people = a_decision_for(60)
    chance = random.Random(451)
    mailbox.answer = lambda _address: "451 Busy" if chance.random() < 0.3 else TAKEN

    tasks.send("mail")
    assert 0 < Delivery.objects.filter(state="waiting", why="not taken").count() < 60
    for _number in range(MAX_TRIES):
        sweep()

    assert states() == {"sent"}
    assert mailbox.counts == {person.email: 1 for person in people}


def test_a_server_that_is_down_costs_nothing_but_time(mailbox: Mailbox, sweep: Any):
    people = a_decision_for(20)
    mailbox.down()

    tasks.send("mail")
    for _number in range(MAX_TRIES + 1):
        sweep()
    assert states() == {"waiting"}
    assert set(Delivery.objects.values_list("tries", flat=True)) == {0}

    mailbox.up()
    sweep()
    assert states() == {"sent"}
    assert set(Delivery.objects.values_list("tries", flat=True)) == {1}
    assert mailbox.counts == {person.email: 1 for person in people}


def test_one_that_cannot_be_written_fails_where_it_is_seen_and_all_others_go(
    mailbox: Mailbox, sweep: Any
):
    people = happenings.a_crowd(6, language="en")
    rows = [told(person, DECIDED, subject=pk) for pk, person in enumerate(people, start=1)]
    happenings.raising.add(3)

    tasks.send("mail")
    sweep()

    assert [delivery(row).state for row in rows] == ["sent"] * 2 + ["failed"] + ["sent"] * 3
    assert delivery(rows[2]).why == "template"
    assert len(mailbox.received) == 5


def test_a_mail_that_fails_as_it_is_drawn_keeps_no_other_waiting(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    from notifications import mails

    people = happenings.a_crowd(6, language="en")
    rows = [told(person, DECIDED, subject=pk) for pk, person in enumerate(people, start=1)]
    drawn = mails.compose

    def compose(kind: Any, about: Any, *, to: User) -> Any:
        if to.pk == people[0].pk:
            raise ValueError("the words of somebody")
        return drawn(kind, about, to=to)

    monkeypatch.setattr(mails, "compose", compose)
    tasks.send("mail")

    assert [delivery(row).state for row in rows] == ["failed"] + ["sent"] * 5
    assert delivery(rows[0]).why == "template"


def test_a_task_that_the_broker_lost_is_found_by_its_rows(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, sweep: Any
):
    lost: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(tasks.send, "delay", lost.append)
        people = a_decision_for(3)
    assert lost == ["mail"]
    assert mailbox.received == []

    assert sweep() == 1

    assert mailbox.counts == {person.email: 1 for person in people}
    assert sweep() == 0
