"""Measures how people are told: a town of 136,088 is told, mailed and written letters."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.measured import Measured, at_least, at_most, equal, no_more_than, told
from tests.bench.servers import database, environment, manage

#: So many live in the thirteen neighbourhoods.
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "136088"))
MEMORY = 300
#: Nothing is served: it stands in the links of mails alone.
PORT = 8765


class Sink:
    """A mail server that counts what it gets, in a process of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.mail_sink"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = self._read()

    def _read(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def taken(self) -> int:
        """Return how many mails it took so far."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self._read()

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)


@contextmanager
def mail_sink() -> Iterator[Sink]:
    sink = Sink()
    try:
        yield sink
    finally:
        sink.stop()


class Town:
    """A site full of people, and a mail server."""

    def __init__(self, url: str, people: int, folder: Path, sink: Sink) -> None:
        folder.mkdir()
        self.folder, self.sink = folder, sink
        self.env = {
            **environment(PORT, url, str(folder)),
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        }
        self.facts = folder / "facts.json"
        manage(self.env, "migrate", "--verbosity", "0")
        manage(self.env, "load_reference")
        self._run("tests.bench.crowd", str(people), str(self.facts))

    def _run(self, module: str, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=self.env,
            check=True,
            # What the site logs.
            stdout=subprocess.DEVNULL,
        )

    def measure(self, part: str) -> dict[str, Any]:
        """Return what one part found in a process of its own, and what the mail server took."""
        file, before = self.folder / f"{part}.json", self.sink.taken()
        self._run("tests.bench.telling_parts", part, str(self.facts), str(file))
        found: dict[str, Any] = json.loads(file.read_text())
        return {**found, "taken": self.sink.taken() - before}


def measure_telling(address: str, folder: Path) -> list[Measured]:
    """Measure a town and, for how memory grows, letters in one of a tenth."""
    with mail_sink() as sink:
        name = f"participatie_bench_telling_{os.getpid()}"
        with database(address, f"{name}_small") as url:
            print(f"Making a town of {PEOPLE // 10:,} people…", flush=True)
            small = Town(url, PEOPLE // 10, folder / "tenth", sink).measure("letters")
        with database(address, name) as url:
            print(f"Making a town of {PEOPLE:,} people…", flush=True)
            town = Town(url, PEOPLE, folder / "town", sink)
            return [
                *_notify(town.measure("notify")),
                *_fan_out(town.measure("fan_out")),
                *_mails(town.measure("mails")),
                *_letters(town.measure("letters"), small),
            ]


def _notify(found: dict[str, Any]) -> list[Measured]:
    who = f"of {PEOPLE:,} and 1,000"
    took, asked = found["seconds"], found["queries"]
    return [
        no_more_than(f"notify {who}: time", took["everybody"], took["few"], "ms", 1.5),
        equal(f"notify {who}: queries", asked["everybody"], asked["few"], "queries"),
    ]


def _fan_out(found: dict[str, Any]) -> list[Measured]:
    few, everybody = found["few"], found["everybody"]
    return [
        told(f"telling {everybody['told']:,} people", everybody["rate"], "people/s"),
        equal("telling: queries of a batch", everybody["queries"], few["queries"], "queries"),
        at_most("telling: memory", found["peak"], "MB", MEMORY),
    ]


def _mails(found: dict[str, Any]) -> list[Measured]:
    rates = found["rates"]
    name = f"mails, {found['kinds']} kinds, {found['languages']} languages; a fixed text"
    return [
        at_least(name, rates["ours"], rates["fixed"], 0.3, "mails/s"),
        equal("mails that arrived, and were handed over", *_arrived(found), "mails"),
        at_most("mails: memory", found["peak"], "MB", MEMORY),
    ]


def _arrived(found: dict[str, Any]) -> tuple[int, int]:
    return found["taken"], found["handed_over"]


def _letters(found: dict[str, Any], small: dict[str, Any]) -> list[Measured]:
    return [
        told("letters: looking for who has news", found["people_a_second"], "people/s"),
        told("letters: sending", found["letters_a_second"], "letters/s"),
        equal("letters, and people with news", found["taken"], found["with_news"], "letters"),
        equal("letters to people without news", found["without_news"], 0, "letters"),
        at_most("letters: memory", found["peak"], "MB", MEMORY),
        no_more_than("letters: memory, and in a tenth", found["peak"], small["peak"], "MB", 1.2),
    ]
