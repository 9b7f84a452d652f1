"""Measures the site beside a bare Django project: python -m tests.bench [pages] [notifications]

Without a word all is measured. Both run on granian and PostgreSQL on this machine, driven in turn
in one run; what counts is the ratio. How people are told is measured in a town of 136,088, mails
beside a loop that sends a fixed text to the same server. ``BENCH_OUT=<file>`` writes the rows as
JSON too, ``BENCH_SECONDS`` sets how long each page is driven (3), ``BENCH_INITIATIVES`` how many
there are in the large site (100,000; ten supports each), ``BENCH_PEOPLE`` how many live in the
town.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench.driving import Request, has_wrk, rate
from tests.bench.measured import Measured, at_least, at_most, show
from tests.bench.servers import Server, database, environment, manage, serving
from tests.bench.telling import measure_telling
from tests.bench.weight import first_visit
from tests.everything import server

LARGE = int(os.environ.get("BENCH_INITIATIVES", "100000"))
SMALL = 1_000
SUPPORTS_EACH = 10
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
TURNS = 3
OURS, BARE = 8765, 8766
SITE = "participatie.wsgi:application"
LIST = "/nl/initiatieven/"
MAP = f"{LIST}kaart/"
#: Where people look on the map: the whole, a few neighbourhoods, a street; in pixels, a desk's.
MAP_CENTRE, MAP_PIXELS = (4.305, 52.055), (752, 600)
MAP_STEPS = {13: (0.0,), 14: (-0.5, 0.5), 16: (-2.0, -1.0, 1.0, 2.0)}
CSRF = "c" * 32

#: A word that most texts hold, in the title of some; two of them; a phrase; a typing error.
SEARCHES = ("bankje", "bomen straat", '"boom fietspad"', "bnakje")

FIRST_VISITS = {
    "home": "/nl/",
    "list": LIST,
    "map": MAP,
    "search": "/nl/zoeken/?q=bankje",
    "area": "/nl/wijk/laak/",
    "areas": "/nl/wijk/",
    "how it works": "/nl/over/zo-werkt-het/",
    "step one of an idea": "/nl/initiatieven/nieuw/",
    "sign-in": "/nl/account/inloggen/",
}


class Bench:
    """A site with its bare neighbour, and what was made in it."""

    def __init__(self, database_url: str, initiatives: int, folder: Path) -> None:
        folder.mkdir()
        self.env = environment(OURS, database_url, str(folder))
        facts = folder / "facts.json"
        manage(self.env, "migrate", "--verbosity", "0")
        manage(self.env, "load_reference")
        manage(self.env, "collectstatic", "--no-input", "--verbosity", "0")
        subprocess.run(
            [
                *(sys.executable, "-m", "tests.bench.generator"),
                *(str(initiatives), str(initiatives * SUPPORTS_EACH), str(facts)),
            ],
            env=self.env,
            check=True,
        )
        self.facts: dict[str, Any] = json.loads(facts.read_text())
        self.given = 0

    def signed_in(self, path: str) -> list[Request]:
        return [Request(path, headers={"Cookie": f"sessionid={self.facts['session']}"})]

    def rows(self) -> list[Request]:
        return [Request(f"/rows/{pk}/") for pk in self.facts["rows"]]

    def next_to_give(self, count: int) -> list[list[Any]]:
        """Return supports that were not given yet."""
        start, self.given = self.given, self.given + count
        found: list[list[Any]] = self.facts["to_give"][start : self.given]
        return found


def searches() -> list[Request]:
    return [Request(f"{LIST}?{urlencode({'q': words})}") for words in SEARCHES]


def with_session(path: str, key: str) -> Request:
    return Request(
        path,
        "POST",
        {"Cookie": f"sessionid={key}; csrftoken={CSRF}", "X-CSRFToken": CSRF},
    )


def in_turn(ours: Sequence[Request], bare: Sequence[Request]) -> tuple[float, float]:
    """Drive both in turn a few times; return the middle rate of each."""
    rates: tuple[list[float], list[float]] = ([], [])
    rate(OURS, ours, 1)
    for _turn in range(TURNS):
        rates[0].append(rate(OURS, ours, SECONDS))
        rates[1].append(rate(BARE, bare, SECONDS))
    return statistics.median(rates[0]), statistics.median(rates[1])


def map_views() -> list[Request]:
    """Return views of the map: each as wide as the screen, and so far beside the centre."""
    views = []
    for zoom, steps in MAP_STEPS.items():
        wide, high = (pixels * 360 / 256 / 2**zoom for pixels in MAP_PIXELS)
        high *= 0.616
        for step in steps:
            west = MAP_CENTRE[0] + (step - 0.5) * wide
            south = MAP_CENTRE[1] + (step - 0.5) * high
            box = f"{west:.6f},{south:.6f},{west + wide:.6f},{south + high:.6f}"
            views.append(Request(f"{MAP}punten.json?box={box}&zoom={zoom}"))
    return views


def giving_support(bench: Bench) -> tuple[float, float]:
    """Give supports, and leave marks, that are all new; return the middle rate of each."""
    rates: tuple[list[float], list[float]] = ([], [])
    each = len(bench.facts["to_give"]) // TURNS
    for _turn in range(TURNS):
        pairs = bench.next_to_give(each)
        ours = [with_session(f"{LIST}{pk}-{slug}/steun/", key) for pk, slug, _p, key in pairs]
        bare = [
            with_session(f"/rows/{bench.facts['rows'][pk % 1000]}/mark/", key)
            for pk, _slug, _person, key in pairs
        ]
        seconds = max(1.0, SECONDS / 2)
        rates[0].append(rate(OURS, ours, seconds))
        rates[1].append(
            rate(
                BARE,
                list({(one.path, one.headers["Cookie"]): one for one in bare}.values()),
                seconds,
            )
        )
    return statistics.median(rates[0]), statistics.median(rates[1])


def measure_large(bench: Bench, ours: Server) -> list[Measured]:
    detail = bench.facts["detail"]
    rows = bench.rows()
    found = [
        at_least("list, anonymous", *in_turn([Request(LIST)], rows), 0.5),
        at_least("list, signed in", *in_turn(bench.signed_in(LIST), rows), 0.2),
        at_least("detail with 50 comments, anonymous", *in_turn([Request(detail)], rows), 0.5),
        at_least(
            "detail with 50 comments, signed in", *in_turn(bench.signed_in(detail), rows), 0.2
        ),
        at_least("map view, anonymous", *in_turn(map_views(), rows), 0.2),
        at_least("search", *in_turn(searches(), rows), 0.15),
        at_least("giving support", *giving_support(bench), 0.5),
    ]
    found += [
        at_most(f"first visit: {name}", first_visit(ours, path), "bytes, gzip", 100_000)
        for name, path in {**FIRST_VISITS, "detail": detail}.items()
    ]
    found.append(at_most("memory of a worker", ours.memory() / 1e6, "MB", 200))
    return found


def growth(name: str, small: float, large: float) -> Measured:
    """Say how much longer an answer takes in the large site; both as part of the bare page."""
    ratio = small / large
    return Measured(
        name, round(large, 3), round(small, 3), "of bare", round(ratio, 3), 1.3, ratio <= 1.3
    )


def drawn_each_time(bench: Bench) -> dict[str, float]:
    """Return what each is of the bare page where no page is kept for a second."""
    rows = bench.rows()
    pages = {
        "list": bench.signed_in(LIST),
        "detail": bench.signed_in(bench.facts["detail"]),
        "search": searches(),
    }
    found = {}
    for name, requests in pages.items():
        ours, bare = in_turn(requests, rows)
        found[name] = ours / bare
    return found


def run(address: str, initiatives: int, folder: Path) -> tuple[list[Measured], dict[str, float]]:
    """Make a site of a size and measure it; the smaller one only for how it grows."""
    with database(address, f"participatie_bench_{os.getpid()}") as url:
        print(f"Making a site of {initiatives:,} initiatives…", flush=True)
        bench = Bench(url, initiatives, folder)
        bare = {**bench.env, "DJANGO_SETTINGS_MODULE": "tests.bench.bare.settings"}
        with serving(bare, BARE, "tests.bench.bare.wsgi:application", "/rows/1/"):
            measured = []
            if initiatives == LARGE:
                with serving(bench.env, OURS, SITE, "/gezond/") as ours:
                    measured = measure_large(bench, ours)
            with serving({**bench.env, "KEPT_PAGE_SECONDS": "0"}, OURS, SITE, "/gezond/"):
                return measured, drawn_each_time(bench)


def measure_pages(address: str, folder: Path) -> list[Measured]:
    if not has_wrk():
        print("wrk is not here: a Python client drives instead, and ratios come out closer to 1.")
    _nothing, small = run(address, SMALL, folder / "small")
    measured, large = run(address, LARGE, folder / "large")
    return measured + [
        growth(f"growth of {name}, {SMALL:,} to {LARGE:,}", small[name], large[name])
        for name in large
    ]


PARTS: dict[str, Callable[[str, Path], list[Measured]]] = {
    "pages": measure_pages,
    "notifications": measure_telling,
}


def main() -> None:
    address = server()
    if not address:
        raise SystemExit("The bench needs a PostgreSQL that answers (TEST_DATABASE_URL).")
    names = sys.argv[1:] or list(PARTS)
    if unknown := set(names) - set(PARTS):
        raise SystemExit(f"There is no {', '.join(sorted(unknown))}; there is {', '.join(PARTS)}.")
    with tempfile.TemporaryDirectory() as folder:
        measured = [row for name in names for row in PARTS[name](address, Path(folder))]
    show(measured)
    if out := os.environ.get("BENCH_OUT"):
        Path(out).write_text(json.dumps([asdict(row) for row in measured], indent=1))


if __name__ == "__main__":
    main()
