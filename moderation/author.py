"""What moderators decided before about somebody's texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import User
from contributions.kinds import all_kinds
from contributions.models import Contribution, Decision, Dossier

SHOWN_AT_MOST = 5

Outcome = Decision.Outcome


@dataclass(frozen=True)
class Past:
    """Decisions about an author, of those texts that the reader may decide about.

    Args:
        counts: how many there are of each outcome, by its words; what was undone is left out.
        last: the newest ones.
    """

    counts: Sequence[tuple[str, int]]
    last: Sequence[Decision]


def past_of(author: User, *, reader: User, besides: Contribution) -> Past:
    """Return what was decided about an author's other texts (three queries)."""
    decisions = (
        Decision.objects.filter(
            dossier__in=Dossier.objects.reviewable_by(reader).filter(pk__in=_dossiers(author)),
            automatic=False,
            undone_by__isnull=True,
        )
        .exclude(outcome=Outcome.UNDONE)
        .exclude(dossier=besides.dossier_id)
    )
    counted = dict(
        decisions.order_by()
        .values_list("outcome")
        .annotate(number=Count("pk"))
        .values_list("outcome", "number")
    )
    return Past(
        counts=[(str(one.label), counted[one.value]) for one in Outcome if one.value in counted],
        last=list(decisions.select_related("rule").order_by("-decided_at", "-pk")[:SHOWN_AT_MOST]),
    )


def _dossiers(author: User) -> list[int]:
    """Return the dossiers of all that somebody wrote, in one query over all kinds."""
    rows: list[QuerySet[Any, Any]] = [
        kind.model._default_manager.filter(author=author).order_by().values_list("dossier_id")
        for kind in all_kinds()
        if kind.reviewed
    ]
    return [pk for (pk,) in rows[0].union(*rows[1:], all=True)]
