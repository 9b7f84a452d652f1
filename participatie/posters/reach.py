"""How far paper reaches: visits by its codes, counted by day, of nobody in particular.

The address on paper says what it is about and on which kind of sheet it stands: ``/p/i12p/`` is the
poster of initiative 12. Nothing else is known of who comes by it, and nothing is kept in their
browser.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.http import HttpRequest
from django.urls import reverse

from contributions.deadlines import today
from feedback.counting import SMALLEST_SHOWN
from participatie.posters.models import PosterVisit, Sheet
from participatie.posters.subjects import PosterSubject, subject_of_letter

#: On paper for years: never changed again.
SHEET_LETTERS = {Sheet.POSTER: "p", Sheet.CARDS: "k"}
RECENT = datetime.timedelta(days=28)

_CODE = re.compile(r"([a-z])([1-9][0-9]{0,17})([a-z])", re.ASCII)
#: What looks at addresses by itself, by its own word: search engines, previews in chats, checks.
_MACHINES = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|preview|facebookexternalhit|whatsapp/"
    r"|python|curl|wget|httpclient|okhttp|axios|headless|monitor",
    re.IGNORECASE,
)


def address_on_paper(subject: PosterSubject, pk: int, sheet: str) -> str:
    """Return the path that the code of a sheet leads to."""
    return reverse("paper", args=[f"{subject.letter}{pk}{SHEET_LETTERS[Sheet(sheet)]}"])


@dataclass(frozen=True)
class Arrival:
    """Somebody who comes by paper: where they go, and by which kind of sheet."""

    subject: PosterSubject
    thing: Any
    sheet: Sheet


def arrival_by(code: str) -> Arrival | None:
    """Return where a code on paper leads everybody; nothing for what is no code, or hidden."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    subject = subject_of_letter(found[1])
    sheet = next((s for s, letter in SHEET_LETTERS.items() if letter == found[3]), None)
    if subject is None or sheet is None:
        return None
    thing = subject.leads_to(int(found[2]))
    return None if thing is None else Arrival(subject, thing, sheet)


def is_a_visit(request: HttpRequest) -> bool:
    """Say whether a request is somebody's visit: no look ahead, and no machine that says so."""
    if request.method != "GET":
        return False
    ahead = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}"
    if "prefetch" in ahead or "preview" in ahead:
        return False
    agent = request.headers.get("User-Agent", "")[:500]
    return bool(agent) and _MACHINES.search(agent) is None


def count_visit(arrival: Arrival, *, now: datetime.datetime) -> None:
    """Count one visit on its day."""
    about: dict[str, Any] = {
        "subject": arrival.subject.name,
        "subject_pk": arrival.thing.pk,
        "sheet": arrival.sheet,
        "day": today(now),
    }
    counts = PosterVisit.objects.filter(**about)
    with transaction.atomic():
        if not counts.add_one():
            # The first of the day; another first one may be doing the same.
            PosterVisit.objects.bulk_create([PosterVisit(**about)], ignore_conflicts=True)
            counts.add_one()


@dataclass(frozen=True)
class Reach:
    """How often the codes of a kind of sheet were followed; None for fewer than five."""

    label: str
    recent: int | None
    before: int | None


def reach_of(subject: PosterSubject, pk: int, *, now: datetime.datetime) -> list[Reach]:
    """Return the reach of each kind of sheet about a thing, in the last four weeks and before.

    No sum is told, so no hidden number can be worked out.
    """
    since = Q(day__gt=today(now) - RECENT)
    counted: dict[str, dict[str, int | None]] = {
        row["sheet"]: {"recent": row["recent"], "before": row["before"]}
        for row in PosterVisit.objects.filter(subject=subject.name, subject_pk=pk)
        .order_by()
        .values("sheet")
        .annotate(recent=Sum("count", filter=since), before=Sum("count", filter=~since))
    }
    return [
        Reach(
            label=str(sheet.label),
            recent=_shown(counted.get(sheet, {}).get("recent")),
            before=_shown(counted.get(sheet, {}).get("before")),
        )
        for sheet in Sheet
    ]


def _shown(count: int | None) -> int | None:
    return count if count is not None and count >= SMALLEST_SHOWN else None
