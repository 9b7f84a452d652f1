"""How reports end: by what a person decided about the text or its picture, or by its going."""

import datetime
from collections.abc import Iterable

from django.db.models import Q

from contributions.models import Decision, Dossier, Picture, Report

#: What a decision says to those who reported; all other decisions leave their reports open.
OUTCOMES: dict[str, Report.Outcome] = {
    Decision.Outcome.KEPT: Report.Outcome.KEPT,
    Decision.Outcome.HIDDEN: Report.Outcome.UPHELD,
    Decision.Outcome.PICTURE_HIDDEN: Report.Outcome.UPHELD,
    Decision.Outcome.WARNED: Report.Outcome.UPHELD,
}


def close_reports(decision: Decision) -> None:
    """Let a decision that was just taken end the reports that it is the answer to.

    The dossier is locked. Where a picture was hidden, reports about the words or about another
    picture stay open; an undone decision opens again what it had ended.
    """
    if decision.automatic:
        return
    if decision.undoes_id is not None:
        _reopen(decision)
        return
    outcome = OUTCOMES.get(decision.outcome)
    if outcome is None:
        return
    answered = Report.objects.open().filter(dossier=decision.dossier_id)
    if decision.picture_id is not None:
        about_pictures = Q(picture__isnull=True, category=Report.Category.PICTURE)
        answered = answered.filter(Q(picture=decision.picture_id) | about_pictures)
    answered.update(closed_at=decision.decided_at, outcome=outcome, decision=decision)


def close_as_gone(
    dossier: Dossier, *, now: datetime.datetime, pictures: Iterable[Picture] | None = None
) -> None:
    """End the reports about a text (or about pictures alone) that its author took away."""
    gone = Report.objects.open().filter(dossier=dossier)
    if pictures is not None:
        gone = gone.filter(picture__in=list(pictures))
    gone.update(closed_at=now, outcome=Report.Outcome.GONE)


def _reopen(decision: Decision) -> None:
    """Open the reports again that an undone decision ended, but for whom reported again since."""
    open_ones = Report.objects.open().filter(dossier=decision.dossier_id)
    again = set(open_ones.values_list("picture", "reported_by_key"))
    ended = Report.objects.filter(decision=decision.undoes_id, mailed_at__isnull=True)
    back = [
        report.pk
        for report in ended
        if not report.reported_by_key or (report.picture_id, report.reported_by_key) not in again
    ]
    Report.objects.filter(pk__in=back).update(
        closed_at=None, outcome=Report.Outcome.OPEN, decision=None
    )
