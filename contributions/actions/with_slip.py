"""What somebody does with the slip of what they told: change it, withdraw it, take it along."""

import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions.handing_in import note, put_in, take_off
from contributions.actions.moving import locked_row
from contributions.actions.naming import show_names
from contributions.actions.refusals import AddressNotConfirmed, NotPossibleNow, Refused
from contributions.actions.revising import propose_revision
from contributions.actions.taking_part import check_may_write
from contributions.actions.writing import EDITED_IN_PLACE, editing
from contributions.deadlines import today
from contributions.kinds import contribution_of, kind_of
from contributions.models import AuthorAct, Contribution, Status, Telling
from contributions.review import reasons_to_review_told


class SlipUsed(Refused):
    message = _(
        "What you told stands in an account already. Sign in to that account: it is on My page."
    )


class SlipOver(Refused):
    message = _(
        "This slip is over. What you told stays as it is. The programme office can help you: see "
        "the contact page."
    )


class WroteItDown(Refused):
    message = _(
        "You wrote this down for somebody else. Only who told it can take it into an account."
    )


def check_slip(telling: Telling, now: datetime.datetime) -> None:
    """See that a slip still opens what was told.

    Raises:
        SlipUsed: it was taken into an account.
        SlipOver: its time is over.
    """
    if telling.claimed_at is not None:
        raise SlipUsed
    if not telling.is_valid_on(today(now)):
        raise SlipOver


def _opened(telling: Telling, now: datetime.datetime) -> tuple[Telling, Contribution]:
    """Lock what a slip belongs to, and see that the slip is still good."""
    # The text first, as everywhere: who decides about it locks that one.
    text = locked_row(contribution_of(telling.dossier))
    fresh = (
        Telling.objects.select_for_update(no_key=True, of=("self",))
        .select_related("dossier", "session__held_by", "session__area")
        .get(pk=telling.pk)
    )
    check_slip(fresh, now)
    if text.author_id is not None:
        raise NotPossibleNow
    return fresh, text


def _refuse_joined(text: Contribution) -> None:
    """Leave alone what was joined with another text: its address leads there, as for authors."""
    if getattr(text, "merged_into_id", None) is not None:
        raise NotPossibleNow


def _call_nobody(telling: Telling) -> None:
    """Ask nobody any more whether it was told like this: who told it came themselves."""
    if telling.call_back == Telling.CallBack.WAITING:
        telling.call_back = Telling.CallBack.NONE
    telling.telephone = ""


def change_by_slip(
    *,
    telling: Telling,
    words: dict[str, Any],
    started_from: str = "",
    now: datetime.datetime | None = None,
) -> Contribution:
    """Change the words that somebody told, as an author would: a published text by a revision.

    One that was sent back goes in again with it.

    Args:
        words: new words by the name of the field.
        started_from: the ``version_of_words`` that the form began with.

    Raises:
        SlipUsed, SlipOver: the slip opens it no more.
        NotPossibleNow: a moderator took it off the site, it was withdrawn, or joined with another.
        EditedElsewhere: the words were changed since, and these are others.
    """
    now = now or timezone.now()
    with transaction.atomic():
        fresh, text = _opened(telling, now)
        _refuse_joined(text)
        data = {**text.fields_of_revision(), **words}
        if text.status == Status.PUBLISHED:
            propose_revision(
                contribution=text,
                by=AnonymousUser(),
                data=data,
                has_slip=True,
                started_from=started_from,
                now=now,
            )
            return text
        kind = kind_of(text)
        if kind.revise is None or text.status not in EDITED_IN_PLACE - {Status.WITHDRAWN}:
            raise NotPossibleNow
        with editing(
            text, by=AnonymousUser(), has_slip=True, started_from=started_from, now=now
        ) as changed:
            kind.revise(changed, data)
        if changed.status == Status.RETURNED:
            reasons = reasons_to_review_told(
                messenger=fresh.session.held_by,
                is_16=fresh.is_16,
                is_chosen=fresh.call_back in (Telling.CallBack.WAITING, Telling.CallBack.DENIED),
                area=fresh.session.area,
                language=changed.language,
                now=now,
            )
            put_in(changed, act=AuthorAct.Act.HANDED_IN, by=None, reasons=reasons, now=now)
        return changed


def withdraw_by_slip(*, telling: Telling, now: datetime.datetime | None = None) -> Contribution:
    """Take what somebody told off the site, and out of the queue.

    Raises:
        SlipUsed, SlipOver: the slip opens it no more.
        NotPossibleNow: it is off the site already, or joined with another.
    """
    now = now or timezone.now()
    with transaction.atomic():
        fresh, text = _opened(telling, now)
        _refuse_joined(text)
        take_off(text, by=None, now=now)
        _call_nobody(fresh)
        fresh.save(update_fields=["call_back", "telephone"])
        return text


def claim_telling(
    *, telling: Telling, by: User, now: datetime.datetime | None = None
) -> Contribution:
    """Make what somebody told their own: they become its author, once and for good.

    Raises:
        SlipUsed, SlipOver: the slip opens it no more.
        WroteItDown: the person held the talk.
        MeasureHolds: the person may not write now.
        AddressNotConfirmed: the person has no confirmed e-mail address.
    """
    now = now or timezone.now()
    with transaction.atomic():
        fresh, text = _opened(telling, now)
        check_may_write(by, now)
        if text.is_of(by) or fresh.session.held_by_id == by.pk:
            raise WroteItDown
        if not by.is_confirmed:
            raise AddressNotConfirmed
        text.author = by
        text.save(update_fields=["author"])
        fresh.claimed_by = by
        fresh.claimed_at = now
        # What the person told is theirs now; what was there to find them again goes.
        _call_nobody(fresh)
        fresh.first_name = ""
        fresh.slip_sealed = ""
        fresh.save(
            update_fields=[
                "claimed_by",
                "claimed_at",
                "call_back",
                "first_name",
                "telephone",
                "slip_sealed",
            ]
        )
        note(text, AuthorAct.Act.CLAIMED, by=by, now=now)
        show_names(person=by, area=text.area, language=text.language, now=now)
        return text
