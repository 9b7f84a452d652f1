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
    picture stay open.
    """
    if decision.automatic:
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


def may_stay_after_all(warning: Decision, put_right: Decision) -> None:
    """Let a warning's reports say that the text may stay, since its author turned out to be right.

    A second moderator read it, so nobody has to read it once more.
    """
    Report.objects.filter(decision=warning).update(outcome=Report.Outcome.KEPT, decision=put_right)


def open_again(decision: Decision) -> None:
    """Open the reports again that a decision ended which was undone.

    What somebody reported again since is open already. All are told of the next outcome, as long
    as we know where to.
    """
    open_ones = Report.objects.open().filter(dossier=decision.dossier_id)
    again = set(open_ones.values_list("picture", "reported_by_key"))
    ended = Report.objects.filter(decision=decision)
    back = [
        report.pk
        for report in ended
        if not report.reported_by_key or (report.picture_id, report.reported_by_key) not in again
    ]
    Report.objects.filter(pk__in=back).update(
        closed_at=None,
        outcome=Report.Outcome.OPEN,
        decision=None,
        mailed_at=None,
        mail_tries=0,
        mail_tried_at=None,
    )
