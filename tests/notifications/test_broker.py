"""Nothing is lost with the broker: Redis is killed with all it holds, and comes back empty."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from notifications.actions import notify
from notifications.models import Delivery
from tests.notifications import happenings
from tests.notifications.happenings import DECIDED
from tests.notifications.mailbox import Mailbox

pytestmark = [
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("happening"),
]

APP = ("-A", "tests.notifications.a_site")


class Broker:
    """A Redis of this test's own, which keeps nothing on disk."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.up()

    def up(self) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is not installed"
        self.process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            stdout=subprocess.DEVNULL,
        )
        until(lambda: socket.socket().connect_ex(("127.0.0.1", self.port)) == 0)

    def killed(self) -> None:
        self.process.kill()
        self.process.wait()


class Site:
    """A worker, and whoever asks it for something, as processes of their own."""

    def __init__(self, broker: Broker, mailbox: Mailbox, folder: Path) -> None:
        self.env = {
            **os.environ,
            "WORKER_DATABASE": str(connection.settings_dict["NAME"]),
            "WORKER_MAIL_PORT": str(mailbox.port),
            "WORKER_BROKER": broker.url,
        }
        self.log = folder / "worker.log"
        self.worker = subprocess.Popen(
            [sys.executable, "-m", "celery", *APP, "worker", "--pool", "solo", "-l", "WARNING"],
            env=self.env,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
        )

    def asks(self, task: str, *arguments: str) -> bool:
        """Ask the worker for a task; return whether the broker took it."""
        asked = subprocess.run(
            [sys.executable, "-m", "celery", *APP, "call", task, "--args", json.dumps(arguments)],
            env=self.env,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return asked.returncode == 0

    def end(self) -> None:
        self.worker.terminate()
        self.worker.wait(timeout=30)


def until(holds: Callable[[], bool], seconds: float = 40) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture
def broker() -> Iterator[Broker]:
    made = Broker()
    yield made
    made.killed()


@pytest.fixture
def site(broker: Broker, mailbox: Mailbox, tmp_path: Path) -> Iterator[Site]:
    made = Site(broker, mailbox, tmp_path)
    yield made
    made.end()


def told_to(count: int, subject: int) -> set[str]:
    people = happenings.a_crowd(count, language="en")
    notify(DECIDED.name, subject, to=[person.pk for person in people])
    return {str(person.email) for person in people}


def test_what_was_told_while_the_broker_was_gone_goes_out_once_it_is_back(
    broker: Broker, site: Site, mailbox: Mailbox
):
    before = told_to(5, subject=1)
    assert site.asks("notifications.tasks.send", "mail")
    until(lambda: set(mailbox.counts) == before)

    broker.killed()
    meanwhile = told_to(5, subject=100)
    assert not site.asks("notifications.tasks.send", "mail")
    assert Delivery.objects.filter(state="waiting").count() == 5

    broker.up()
    # The same worker finds its way back by itself, and the sweep finds what nobody asked for.
    assert site.asks("notifications.tasks.sweep_notifications")
    until(lambda: set(mailbox.counts) == before | meanwhile)
    until(lambda: not Delivery.objects.exclude(state="sent").exists())
    assert site.worker.poll() is None
    assert set(mailbox.counts.values()) == {1}
