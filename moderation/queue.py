"""The queue: what waits for this moderator, across all kinds of contributions."""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import cast

from accounts.models import User
from contributions.deadlines import today
from contributions.kinds import all_kinds
from contributions.models import Contribution, Dossier

PAGE_SIZE = 50
COUNT_AT_MOST = 1000

_CURSOR = re.compile(r"[1-9]\d{0,17}", re.ASCII)


@dataclass
class Row:
    """One line of the queue."""

    dossier: Dossier
    contribution: Contribution
    title: str
    kind_label: str
    is_late: bool
    is_own: bool


@dataclass
class Queue:
    rows: list[Row]
    count: int
    languages: list[str]
    next_cursor: str = ""


def queue_of(
    moderator: User, *, now: datetime.datetime, language: str = "", kind: str = "", after: str = ""
) -> Queue:
    """Return what waits in the areas and languages granted to a moderator, oldest first."""
    reachable = Dossier.objects.waiting().reviewable_by(moderator)
    languages = sorted(set(reachable.order_by().values_list("language", flat=True).distinct()))
    if language:
        reachable = reachable.filter(language=language)
    if kind:
        reachable = reachable.filter(kind=kind)
    count = reachable.order_by()[: COUNT_AT_MOST + 1].count()
    page = reachable
    if _CURSOR.fullmatch(after):
        last = Dossier.objects.filter(pk=int(after)).values_list("waiting_since", flat=True).first()
        if last is not None:
            page = page.filter(waiting_since__gte=last).exclude(
                waiting_since=last, pk__lte=int(after)
            )
    dossiers = list(page.select_related("area")[: PAGE_SIZE + 1])
    shown = dossiers[:PAGE_SIZE]
    rows = _rows(shown, moderator, now)
    return Queue(
        rows,
        count,
        languages,
        next_cursor=str(shown[-1].pk) if len(dossiers) > PAGE_SIZE else "",
    )


def _rows(dossiers: list[Dossier], moderator: User, now: datetime.datetime) -> list[Row]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for dossier in dossiers:
        by_kind[dossier.kind].append(dossier.pk)
    found: dict[int, Row] = {}
    dossier_of = {dossier.pk: dossier for dossier in dossiers}
    for kind in all_kinds():
        if kind.name not in by_kind:
            continue
        contributions = kind.model._default_manager.filter(dossier__in=by_kind[kind.name])
        for contribution in cast("list[Contribution]", list(contributions)):
            dossier = dossier_of[contribution.dossier_id]
            found[dossier.pk] = Row(
                dossier=dossier,
                contribution=contribution,
                title=kind.title(contribution),
                kind_label=str(kind.label),
                is_late=dossier.promised_date is not None and dossier.promised_date < today(now),
                is_own=moderator.pk in (contribution.author_id, contribution.entered_by_id),
            )
    return [found[dossier.pk] for dossier in dossiers if dossier.pk in found]
