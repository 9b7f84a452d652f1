"""The queue: what waits for this reader, across all kinds of contributions."""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import cast

from accounts.models import User
from contributions.actions import versions_of
from contributions.deadlines import today
from contributions.kinds import all_kinds
from contributions.models import Contribution, Dossier, Status
from contributions.models.dossier import DossierQuerySet
from contributions.review import Reason
from moderation.choices import Choices

PAGE_SIZE = 50
COUNT_AT_MOST = 1000
#: So many texts that were passed on to somebody stand on top, on the first page.
PASSED_AT_MOST = 20

#: Whether it is urgent, the moment in microseconds, the number.
_CURSOR = re.compile(r"([01])-([1-9]\d{0,16})-([1-9]\d{0,17})", re.ASCII)
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass
class Row:
    """One line of the queue.

    ``read_by`` is a colleague who is reading it. ``together`` is what a box on the line sends to
    decide about several at once: the number and the version that is shown; empty where it cannot.
    """

    dossier: Dossier
    contribution: Contribution
    title: str
    kind_label: str
    is_late: bool
    is_own: bool
    read_by: User | None = None
    together: str = ""


@dataclass
class Queue:
    rows: list[Row]
    count: int
    languages: list[str]
    next_cursor: str = ""
    #: The neighbourhoods that something waits for, by number.
    areas: dict[int, str] = field(default_factory=dict)
    #: What colleagues passed on to this reader.
    passed: list[Row] = field(default_factory=list)


def waiting_for(
    reader: User, *, now: datetime.datetime, choices: Choices | None = None
) -> DossierQuerySet:
    """Return what waits for somebody, as they chose, in the order of the queue."""
    waiting = Dossier.objects.waiting().reviewable_by(reader)
    return choices.of(waiting, reader, now) if choices else waiting


def queue_of(
    reader: User,
    *,
    now: datetime.datetime,
    choices: Choices | None = None,
    after: str = "",
) -> Queue:
    """Return what waits for a reader: what cannot wait first, then the longest waiting.

    Args:
        after: the cursor of the page before; one that says nothing gives the first page.
    """
    choices = choices or Choices()
    places = set(
        waiting_for(reader, now=now)
        .order_by()
        .values_list("language", "area_id", "area__name")
        .distinct()
    )
    waiting = waiting_for(reader, now=now, choices=choices)
    count = waiting.order_by()[: COUNT_AT_MOST + 1].count()
    place = _place(after)
    with_people = waiting.select_related("area", "claimed_by", "passed_to")
    page = with_people if choices.mine else with_people.exclude(passed_to=reader)
    passed = (
        [] if place or choices.mine else list(with_people.filter(passed_to=reader)[:PASSED_AT_MOST])
    )
    dossiers = list((page.behind(*place) if place else page)[: PAGE_SIZE + 1])
    shown = dossiers[:PAGE_SIZE]
    rows = _rows([*passed, *shown], reader, now)
    return Queue(
        [rows[dossier.pk] for dossier in shown if dossier.pk in rows],
        count,
        sorted({language for language, _pk, _name in places}),
        next_cursor=_cursor(shown[-1]) if len(dossiers) > PAGE_SIZE else "",
        areas=dict(
            sorted({pk: name for _language, pk, name in places}.items(), key=lambda one: one[1])
        ),
        passed=[rows[dossier.pk] for dossier in passed if dossier.pk in rows],
    )


def _cursor(dossier: Dossier) -> str:
    assert dossier.waiting_since is not None
    moment = (dossier.waiting_since - _EPOCH) // datetime.timedelta(microseconds=1)
    return f"{int(dossier.is_urgent)}-{moment}-{dossier.pk}"


def _place(cursor: str) -> tuple[bool, datetime.datetime, int] | None:
    """Return where a page begins. It says the place itself: the text there may be gone by now."""
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        return None
    moment = _EPOCH + datetime.timedelta(microseconds=int(found[2]))
    return found[1] == "1", moment, int(found[3])


def _rows(dossiers: list[Dossier], reader: User, now: datetime.datetime) -> dict[int, Row]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for dossier in dossiers:
        by_kind[dossier.kind].append(dossier.pk)
    found: dict[int, Row] = {}
    together: list[Contribution] = []
    dossier_of = {dossier.pk: dossier for dossier in dossiers}
    for kind in all_kinds():
        if kind.name not in by_kind:
            continue
        contributions = kind.model._default_manager.filter(dossier__in=by_kind[kind.name])
        for contribution in cast("list[Contribution]", list(contributions)):
            dossier = dossier_of[contribution.dossier_id]
            contribution.dossier = dossier
            is_own = reader.pk in (contribution.author_id, contribution.entered_by_id)
            if is_own and dossier.review == Dossier.Review.REPORTED:
                # No author is told that somebody reported it.
                continue
            other = dossier.reader_at(now)
            row = Row(
                dossier=dossier,
                contribution=contribution,
                title=kind.title(contribution),
                kind_label=str(kind.label),
                is_late=dossier.is_late(today(now)),
                is_own=is_own,
                read_by=None if other == reader else other,
            )
            if not row.is_own and row.read_by is None and can_go_together(contribution):
                together.append(contribution)
            found[dossier.pk] = row
    for pk, version in versions_of(together).items():
        found[pk].together = f"{pk} {version}"
    return found


def can_go_together(contribution: Contribution) -> bool:
    """Say whether it may be published, or left on the site, together with others."""
    dossier = contribution.dossier
    if dossier.is_urgent or Reason.RECORDING in dossier.review_reasons:
        # Nobody listens to a line of the queue.
        return False
    return (contribution.status, dossier.review) in (
        (Status.SUBMITTED, Dossier.Review.BEFORE),
        (Status.PUBLISHED, Dossier.Review.AFTER),
    )
