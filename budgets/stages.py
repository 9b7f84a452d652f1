"""Which stage of an application may follow which, and the one way to get there."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from accounts.models import User
from budgets.models import Application, Fund, Stage, StageChange
from contributions.actions import NotPossibleNow
from contributions.pictures import atomic_with_files
from notifications.actions import notify

#: Every way from one stage to another, with the act that leads there; nothing else in the project
#: writes a stage. What came back from the applicant is handed in, and so checked, again.
TRANSITIONS: dict[Stage, dict[Stage, str]] = {
    Stage.DRAFT: {Stage.SUBMITTED: "hand_in"},
    Stage.SUBMITTED: {
        Stage.CHECKED: "check",
        Stage.RETURNED: "send_back",
        Stage.WITHDRAWN: "take_back",
    },
    Stage.RETURNED: {
        Stage.SUBMITTED: "hand_in",
        Stage.WITHDRAWN: "take_back",
    },
    Stage.CHECKED: {
        Stage.RETURNED: "send_back",
        Stage.IN_DELIBERATION: "put_to_vote",
        # Chair and treasurer together give a small amount without a vote.
        Stage.GRANTED: "fast_lane",
        Stage.WITHDRAWN: "take_back",
    },
    Stage.IN_DELIBERATION: {
        Stage.GRANTED: "vote",
        Stage.PARTLY_GRANTED: "vote",
        Stage.DECLINED: "decline",
        # Neither the vote nor the second one was valid: it can be put to a new vote.
        Stage.CHECKED: "put_back",
        Stage.WITHDRAWN: "take_back",
    },
    Stage.GRANTED: {
        Stage.AGREED: "agree",
        Stage.WITHDRAWN: "take_back",
    },
    Stage.PARTLY_GRANTED: {
        Stage.AGREED: "agree",
        Stage.WITHDRAWN: "take_back",
    },
    Stage.DECLINED: {},
    Stage.AGREED: {
        Stage.ORDERED: "approve_order",
        Stage.WITHDRAWN: "take_back",
    },
    Stage.ORDERED: {Stage.PAID: "pay"},
    Stage.PAID: {Stage.REPORT_DUE: "fall_due"},
    Stage.REPORT_DUE: {
        Stage.REPORTED: "hand_in_report",
        Stage.OVERDUE: "fall_overdue",
    },
    Stage.OVERDUE: {
        Stage.REPORTED: "hand_in_report",
        Stage.RECOVERY: "claim_back",
    },
    Stage.REPORTED: {
        Stage.CLOSED: "close",
        Stage.REPORT_DUE: "send_report_back",
        Stage.RECOVERY: "claim_back",
    },
    Stage.RECOVERY: {Stage.CLOSED: "settle_claim"},
    Stage.CLOSED: {},
    Stage.WITHDRAWN: {},
}

#: The applicant has to tell how it went.
REPORT_STAGES = (Stage.REPORT_DUE, Stage.OVERDUE)


@contextmanager
def changing(application: Application, *, money: bool = False) -> Iterator[Application]:
    """Lock an application, and with ``money`` its fund before it; yields the locked row.

    Raises:
        NotPossibleNow: it is gone, or is for another fund by now.
    """
    with atomic_with_files():
        if money:
            Fund.objects.select_for_update(no_key=True).get(pk=application.fund_id)
        locked = (
            Application.objects.locked_with_dossier()
            .select_related("fund__council", "author", "area")
            .filter(pk=application.pk)
            .first()
        )
        # A draft moves to the fund of the year in which it is handed in: that one is not locked.
        if locked is None or (money and locked.fund_id != application.fund_id):
            raise NotPossibleNow
        yield locked


def move(
    application: Application,
    to: Stage,
    *,
    act: str,
    now: datetime.datetime,
    by: User | None = None,
    office: str = "",
    reason: str = "",
) -> StageChange:
    """Bring a locked application to another stage, and put it on the record.

    Args:
        act: the action's name; each way is that of one act.
        by: who did it; None for the clock, an import or a vote of the council.
        office: in which office.

    Raises:
        NotPossibleNow: the act does not lead there from where it stands.
    """
    before = Stage(application.stage)
    if TRANSITIONS[before].get(to) != act:
        raise NotPossibleNow
    with transaction.atomic():
        application.stage = to
        application.stage_since = now
        application.changed_at = now
        application.save()
        change = note(
            application, act=act, before=before, now=now, by=by, office=office, reason=reason
        )
        tell_applicant(change)
        return change


def tell_applicant(change: StageChange) -> None:
    """Tell the applicant what was done with a locked application, if it was not them."""
    kind = "report_due" if change.to_stage in REPORT_STAGES else "application_moved"
    people = [change.application.author_id]
    notify(kind, change.pk, to=people, by=change.by, now=change.at)


def note(
    application: Application,
    *,
    act: str,
    now: datetime.datetime,
    before: Stage | None = None,
    by: User | None = None,
    office: str = "",
    reason: str = "",
) -> StageChange:
    """Put on the record what was done with a locked application, whether or not it moved."""
    return StageChange.objects.create(
        application=application,
        act=act,
        from_stage=before or application.stage,
        to_stage=application.stage,
        by=by,
        office=office,
        reason=reason,
        at=now,
    )
