"""Another look at a decision or a measure: asked for by whom it is about, judged by another."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.record import on_the_record
from contributions import appeals, audio, recordings
from contributions.actions.closing import may_stay_after_all
from contributions.actions.deciding import show_picture_row, version_of
from contributions.actions.measures import lift_row, lift_those_of
from contributions.actions.moving import locked_row, publish_row, record
from contributions.actions.queueing import leave_queue
from contributions.actions.refusals import (
    NotAllowed,
    NotPossibleNow,
    ReasonMissing,
    Refused,
    TextChanged,
)
from contributions.actions.revising import take_over_after_all
from contributions.actions.speaking import play_recording_row
from contributions.deadlines import today, working_days_later
from contributions.drafts import NOBODYS_KEY
from contributions.kinds import contribution_of, kind_of
from contributions.models import (
    Appeal,
    Contribution,
    Decision,
    Dossier,
    Measure,
    Picture,
    Revision,
    SpokenText,
    Status,
)
from contributions.pictures import atomic_with_files
from contributions.revisions import latest_change
from notifications.actions import notify

#: So long a moderator has an appeal to themselves after taking it.
CLAIM = datetime.timedelta(minutes=30)

Outcome = Decision.Outcome


class NothingSaid(Refused):
    message = _("Write why you disagree, or add a recording.")


class AppealedAlready(Refused):
    message = _("You asked for another look at this before. That can be done once.")


class AppealTooLate(Refused):
    message = _("The time to ask for another look at this is over.")


class NothingToPutRight(Refused):
    message = _("This was taken back already, so there is nothing to look at again.")


class ClaimedByColleague(Refused):
    message = _("A colleague is looking at this now. Choose another one.")


def appeal(
    *,
    about: Decision | Measure,
    by: User,
    words: str = "",
    recording: audio.Encoded | None = None,
    now: datetime.datetime | None = None,
) -> Appeal:
    """Ask for another look, once, within six weeks.

    Raises:
        NotAllowed: it is about somebody else, or nothing that one can disagree with.
        NothingToPutRight: it was taken back.
        AppealedAlready, AppealTooLate.
        NothingSaid: neither words nor a recording.
    """
    now = now or timezone.now()
    with atomic_with_files():
        # One after the other where a form is sent twice: with a judge too, who locks the same.
        contribution = _locked_text(about)
        # A measure as it is by now; a decision never changes.
        fresh: Decision | Measure = type(about)._default_manager.get(pk=about.pk)
        check_may_appeal(fresh, contribution, by, now)
        if not words.strip() and recording is None:
            raise NothingSaid
        made = Appeal(
            filed_by=by,
            filed_at=now,
            area=contribution.area,
            language=contribution.language,
            words=words,
            promised_date=working_days_later(today(now), settings.APPEAL_WORKING_DAYS),
            **({"decision": fresh} if isinstance(fresh, Decision) else {"measure": fresh}),
        )
        if recording is not None:
            recordings.keep(made, recording)
        made.save()
        return made


def check_may_appeal(
    about: Decision | Measure, contribution: Contribution, by: User, now: datetime.datetime
) -> None:
    """Refuse what ``appeal`` refuses before it looks at what was said."""
    if isinstance(about, Decision):
        if (
            contribution.author_id != by.pk
            or about.outcome not in appeals.AGAINST
            or about.decided_by_id is None
        ):
            raise NotAllowed
        taken_back = Decision.objects.filter(undoes=about).exists() or _stands_right(
            about, contribution
        )
    else:
        if about.person_id != by.pk or about.agreed_by_is_missing:
            raise NotAllowed
        taken_back = about.lifted_at is not None
    name = "decision" if isinstance(about, Decision) else "measure"
    # First what was asked before: the outcome of that may be what took it back.
    if Appeal.objects.filter(**{name: about}).exists():
        raise AppealedAlready
    if taken_back:
        raise NothingToPutRight
    if today(now) > appeals.last_day(appeals.told_at(about)):
        raise AppealTooLate


def _stands_right(decision: Decision, contribution: Contribution) -> bool:
    """Say whether what a decision took away is there again already."""
    if decision.outcome in (Outcome.RETURNED, Outcome.REJECTED, Outcome.HIDDEN):
        return contribution.status == Status.PUBLISHED
    if decision.outcome == Outcome.PICTURE_HIDDEN:
        return decision.picture is not None and decision.picture.hidden_at is None
    if decision.outcome == Outcome.RECORDING_HIDDEN:
        return decision.spoken is not None and decision.spoken.hidden_at is None
    return False


def _locked_text(about: Decision | Measure) -> Contribution:
    if about.dossier is None:
        raise NotAllowed
    return locked_row(contribution_of(about.dossier))


@on_the_record
def claim_appeal(*, appeal: Appeal, by: User, now: datetime.datetime | None = None) -> Appeal:
    """Take an appeal to judge it: for half an hour no colleague can.

    Raises:
        NotAllowed: the moderator had a part in it, or it lies outside the grants.
        NotPossibleNow: it was judged.
        ClaimedByColleague.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = _locked_appeal(appeal)
        _check_free(locked, by, now)
        locked.claimed_by, locked.claimed_until = by, now + CLAIM
        locked.save(update_fields=["claimed_by", "claimed_until"])
        return locked


def _locked_appeal(appeal: Appeal) -> Appeal:
    return Appeal.objects.select_for_update(no_key=True, of=("self",)).get(pk=appeal.pk)


def _check_free(locked: Appeal, by: User, now: datetime.datetime) -> None:
    if not appeals.can_judge(by, locked):
        raise NotAllowed
    if locked.judged_at is not None:
        raise NotPossibleNow
    if is_with_another(locked, by, now):
        raise ClaimedByColleague


def is_with_another(appeal: Appeal, user: User, now: datetime.datetime) -> bool:
    """Say whether a colleague is looking at an appeal now."""
    return (
        appeal.claimed_by_id not in (None, user.pk)
        and appeal.claimed_until is not None
        and appeal.claimed_until > now
    )


@on_the_record
def judge(
    *,
    appeal: Appeal,
    by: User,
    granted: bool,
    reason: str,
    reason_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Appeal:
    """Say whether somebody was right; if so, what was wrong is put right in the same moment.

    Args:
        seen: the ``version_of`` the text that was read, to refuse a judgement on another one.

    Raises:
        ReasonMissing.
        NotAllowed: the moderator had a part in it, or it lies outside the grants.
        NotPossibleNow: a colleague judged it.
        ClaimedByColleague.
        TextChanged: its author changed the text in between.
    """
    now = now or timezone.now()
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        about = appeal.decision or appeal.measure
        assert about is not None
        # The text first, as everywhere; then the appeal.
        contribution = _locked_text(about)
        locked = _locked_appeal(appeal)
        _check_free(locked, by, now)
        if seen is not None and seen != version_of(contribution):
            raise TextChanged
        if granted:
            told: dict[str, Any] = {"by": by, "reason": reason, "now": now}
            if isinstance(about, Decision):
                locked.put_right_by = _put_right(
                    about, contribution, words_language=reason_language, **told
                )
                lift_those_of(about, **told)
            else:
                measure = Measure.objects.select_for_update(no_key=True, of=("self",)).get(
                    pk=about.pk
                )
                if measure.lifted_at is None:
                    lift_row(measure, **told)
        locked.outcome = Appeal.Outcome.GRANTED if granted else Appeal.Outcome.REFUSED
        locked.reason, locked.reason_language = reason, reason_language
        locked.judged_by, locked.judged_at = by, now
        locked.claimed_by = locked.claimed_until = None
        locked.save()
        notify("appeal_decided", locked.pk, to=[locked.filed_by_id], by=by, now=now)
        return locked


def _put_right(
    decision: Decision,
    text: Contribution,
    *,
    by: User,
    reason: str,
    words_language: str,
    now: datetime.datetime,
) -> Decision | None:
    """Undo what a decision did to a locked text, with a decision that says so.

    Returns:
        That decision; nothing where there is nothing left to put right, since its author took the
        text away or wrote another one.
    """
    told: dict[str, Any] = {
        "by": by,
        "now": now,
        "reason": reason,
        "words_language": words_language,
    }
    if Decision.objects.filter(undoes=decision).exists():
        return None
    if decision.outcome == Outcome.WARNED:
        put_right = record(text, Outcome.UNDONE, text.status, undoes=decision, **told)
        may_stay_after_all(decision, put_right)
        return put_right
    if text.draft_key == NOBODYS_KEY:
        return None
    if decision.outcome == Outcome.PICTURE_HIDDEN:
        assert decision.picture is not None
        picture = Picture.objects.filter(
            pk=decision.picture.pk, hidden_at__isnull=False, removed_at__isnull=True
        ).first()
        return show_picture_row(text, picture, **told) if picture else None
    if decision.outcome == Outcome.RECORDING_HIDDEN:
        assert decision.spoken is not None
        recording = SpokenText.objects.judged().filter(
            pk=decision.spoken.pk, hidden_at__isnull=False
        )
        found = recording.first()
        return play_recording_row(text, found, **told) if found else None
    if decision.outcome == Outcome.REVISION_RETURNED:
        change = change_decided_on(decision, text)
        if change is None or kind_of(text).revise is None:
            return None
        take_over_after_all(text, change, now=now)
        put_right = record(text, Outcome.REVISION_ACCEPTED, text.status, **told)
        leave_queue(text.dossier)
        return put_right
    if not stands_as_decided(decision, text):
        return None
    outcome = Outcome.RESTORED if decision.outcome == Outcome.HIDDEN else Outcome.PUBLISHED
    put_right = publish_row(text, outcome, **told)
    leave_queue(text.dossier)
    return put_right


def stands_as_decided(decision: Decision, text: Contribution) -> bool:
    """Say whether a text is still off the site by this decision, and not by a later one.

    A text that was sent back and handed in again waits for the same question.
    """
    statuses = {decision.to_status}
    if decision.outcome == Outcome.RETURNED:
        statuses.add(Status.SUBMITTED)
    # What a colleague undid again changed nothing.
    later = Decision.objects.filter(
        dossier=decision.dossier_id, pk__gt=decision.pk, undone_by__isnull=True
    ).exclude(
        outcome__in=[
            *(Outcome.UNDONE, Outcome.PICTURE_HIDDEN, Outcome.PICTURE_RESTORED),
            *(Outcome.RECORDING_HIDDEN, Outcome.RECORDING_RESTORED),
        ]
    )
    return text.status in statuses and not later.exists()


def change_decided_on(decision: Decision, text: Contribution) -> Revision | None:
    """Return the change that was not taken over, if its author went on with no other one."""
    change = latest_change(text)
    if (
        change is None
        or text.status != Status.PUBLISHED
        or change.state != Revision.State.RETURNED
        or change.closed_at != decision.decided_at
    ):
        return None
    return change


def open_appeals_about(dossier: Dossier) -> bool:
    """Say whether somebody still waits for another look at what was decided about a text."""
    return (
        Appeal.objects.waiting().filter(decision__dossier=dossier).exists()
        or Appeal.objects.waiting().filter(measure__dossier=dossier).exists()
    )
