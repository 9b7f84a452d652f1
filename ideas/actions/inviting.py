"""Doing an initiative together: asking somebody, answering, stepping down."""

import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions import AddressNotConfirmed, NotAllowed, Refused, check_may_write
from ideas import sending
from ideas.models import CoInitiator, Initiative, Invitation
from ideas.models.together import MAX_TOGETHER
from ideas.permissions import can_invite

INVITATIONS_A_DAY = 10
#: An invitation that ended holds no address; this long it still says who answered what.
KEPT_AFTER_END = datetime.timedelta(days=90)
_DAY = datetime.timedelta(days=1)


class Under16(Refused):
    message = _("You can do this when you are 16.")


class OwnAddress(Refused):
    message = _("This is your own address. Fill in the address of somebody else.")


class InvitedAlready(Refused):
    message = _("You invited this address already. The invitation is still open.")


class EnoughPeople(Refused):
    message = _(
        "Five people can do this with you. Invitations that are still open count. Take one back "
        "first."
    )


class EnoughToday(Refused):
    message = _("You sent a lot today. Try again tomorrow.")


class InvitationGone(Refused):
    message = _("This invitation can't be used.")


def invite(
    *, initiative: Initiative, by: User, email: str, language: str, now: datetime.datetime
) -> Invitation:
    """Ask somebody by e-mail to join an initiative; a worker sends the mail.

    Whether there is an account with this address is not looked at: the answer and the time that it
    takes say nothing about it.

    Raises:
        NotAllowed: ``by`` does not lead it, or it is not on the site.
        MeasureHolds, AddressNotConfirmed, OwnAddress, InvitedAlready, EnoughPeople, EnoughToday.
    """
    address = User.objects.normalize_email(email)
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
        locked = _locked(initiative)
        if locked is None or not can_invite(person, locked, now):
            raise NotAllowed
        check_may_write(person, now)
        if not person.is_confirmed:
            raise AddressNotConfirmed
        if address == person.email:
            raise OwnAddress
        Invitation.objects.filter(initiative=locked).lapsed(now).update(
            outcome=Invitation.Outcome.EXPIRED, ended_at=now, email=""
        )
        open_ones = Invitation.objects.filter(initiative=locked).open_at(now)
        if open_ones.filter(email=address).exists():
            raise InvitedAlready
        joined = CoInitiator.objects.filter(initiative=locked).count()
        if open_ones.count() + joined >= MAX_TOGETHER:
            raise EnoughPeople
        if (
            Invitation.objects.filter(invited_by=person, created_at__gt=now - _DAY).count()
            >= INVITATIONS_A_DAY
        ):
            raise EnoughToday
        made = Invitation.objects.create(
            initiative=locked,
            invited_by=person,
            email=address,
            language=language,
            created_at=now,
            expires_at=Invitation.end_after(now),
        )
        transaction.on_commit(partial(sending.send_invitation.delay, made.pk), robust=True)
        return made


def _locked(initiative: Initiative) -> Initiative | None:
    """Lock an initiative that is on the site: who belongs to it changes for one at a time."""
    return (
        Initiative.objects.published()
        .locked()
        .select_related("author", "on_behalf_of")
        .filter(pk=initiative.pk)
        .first()
    )


def invitation_for(token: str, person: User, now: datetime.datetime) -> Invitation | None:
    """Return the invitation of a link, if this person can answer it now (two queries).

    One that is unknown, answered, taken back, too old, to another address, or to what is not on the
    site any more: all of these are none.
    """
    found = (
        Invitation.objects.answerable(now)
        .by_token(token)
        .filter(email=person.email)
        .exclude(initiative__author=person)
        .select_related("initiative__author", "initiative__on_behalf_of", "initiative__area")
        .first()
    )
    if found is None or not person.has_confirmed_address:
        return None
    author = found.initiative.author
    return found if author and can_invite(author, found.initiative, now) else None


def accept_invitation(*, token: str, by: User, now: datetime.datetime) -> Initiative:
    """Join an initiative. Doing it twice is not an error.

    Raises:
        InvitationGone: there is nothing that this person can accept.
        MeasureHolds: the person may not write now.
        Under16: the person is not 16, or did not tell.
    """
    with transaction.atomic():
        invitation = _locked_invitation(token)
        if (
            invitation.outcome == Invitation.Outcome.ACCEPTED
            and invitation.answered_by_id == by.pk
            and invitation.initiative.is_published
        ):
            return invitation.initiative
        person = User.objects.get(pk=by.pk)
        if invitation_for(token, person, now) is None:
            raise InvitationGone
        check_may_write(person, now)
        if person.is_under_16:
            raise Under16
        CoInitiator.objects.get_or_create(
            initiative=invitation.initiative, user=person, defaults={"since": now}
        )
        invitation.end(Invitation.Outcome.ACCEPTED, now, by=person)
        return invitation.initiative


def decline_invitation(*, token: str, by: User, now: datetime.datetime) -> None:
    """Say no to an invitation.

    Raises:
        InvitationGone: there is nothing that this person can decline.
    """
    with transaction.atomic():
        invitation = _locked_invitation(token)
        if invitation_for(token, by, now) is None:
            raise InvitationGone
        # Who said no is not kept: the author reads only that somebody did.
        invitation.end(Invitation.Outcome.DECLINED, now)


def _locked_invitation(token: str) -> Invitation:
    """Lock the initiative and then the invitation, as everybody does who changes either."""
    found = Initiative.objects.filter(invitations__in=Invitation.objects.by_token(token))
    if found.locked().first() is None:
        raise InvitationGone
    return (
        Invitation.objects.by_token(token)
        .select_related("initiative")
        .select_for_update(no_key=True, of=("self",))
        .get()
    )


def withdraw_invitation(*, invitation: Invitation, by: User, now: datetime.datetime) -> None:
    """Take an open invitation back; its link says nothing any more.

    Raises:
        NotAllowed: ``by`` does not lead the initiative.
        InvitationGone: it was answered in the meantime.
    """
    with transaction.atomic():
        initiative = _locked(invitation.initiative)
        if initiative is None or not can_invite(by, initiative, now):
            raise NotAllowed
        locked = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
        if locked.outcome:
            raise InvitationGone
        locked.end(Invitation.Outcome.WITHDRAWN, now)


def end_co_initiator(*, co_initiator: CoInitiator, by: User, now: datetime.datetime) -> None:
    """Let somebody lead an initiative no longer: they step down, or its author ends it.

    Doing it twice is not an error.

    Raises:
        NotAllowed: somebody else tries.
    """
    if co_initiator.user_id != by.pk and not can_invite(by, co_initiator.initiative, now):
        raise NotAllowed
    CoInitiator.objects.filter(pk=co_initiator.pk).delete()


def switch_help(
    *, initiative: Initiative, by: User, takes_offers: bool, now: datetime.datetime
) -> None:
    """Let people offer help with an initiative, or no longer; conversations go on.

    Raises:
        NotAllowed: ``by`` is not its writer.
    """
    with transaction.atomic():
        locked = _locked(initiative)
        if locked is None or not can_invite(by, locked, now):
            raise NotAllowed
        locked.help_closed_at = None if takes_offers else now
        locked.save(update_fields=["help_closed_at"])


def forget_invitations(*, now: datetime.datetime) -> int:
    """Forget the address of each invitation nobody answered in time, and then the invitation.

    Returns:
        How many addresses were forgotten.
    """
    Invitation.objects.filter(ended_at__lt=now - KEPT_AFTER_END).delete()
    return Invitation.objects.lapsed(now).update(
        outcome=Invitation.Outcome.EXPIRED, ended_at=now, email=""
    )
