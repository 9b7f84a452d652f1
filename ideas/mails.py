"""The mails about doing an initiative together; none tells anybody an address of another."""

import datetime
from collections.abc import Callable
from smtplib import SMTPException

import structlog
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation

from accounts.mails import absolute, written
from accounts.models import User
from contributions.dates import in_words
from contributions.models.mailing import MAX_MAIL_TRIES, MailingQuerySet
from ideas.models import HelpNotice, HelpOffer, Invitation
from ideas.permissions import can_invite
from ideas.together import is_known_young

log = structlog.get_logger(__name__)


def send_invitation(pk: int, *, now: datetime.datetime) -> bool:
    """Mail an invitation, unless it went already or can't be answered; return whether it went."""
    return _send(Invitation.objects.all(), pk, now, _invitation)


def send_help_notice(pk: int, *, now: datetime.datetime) -> bool:
    """Mail a message to its reader, unless it went or may not be read; return whether it went."""
    return _send(HelpNotice.objects.all(), pk, now, _notice)


def _send(
    rows: MailingQuerySet[Invitation] | MailingQuerySet[HelpNotice],
    pk: int,
    now: datetime.datetime,
    compose: Callable[[int, datetime.datetime], EmailMultiAlternatives | None],
) -> bool:
    """Claim a row, send its mail with no lock held, and mark it as sent."""
    if not rows.claim(pk, now):
        return False
    message = compose(pk, now)
    if message is None:
        return False
    try:
        message.send()
    except (SMTPException, OSError) as error:
        # What a mail server answers repeats the address. The sweep tries again, ever later.
        tries = rows.values_list("mail_tries", flat=True).get(pk=pk)
        log.warning(
            "mail_not_sent",
            row=f"{rows.model.__name__} {pk}",
            reason=type(error).__name__,
            given_up=tries == MAX_MAIL_TRIES,
        )
        return False
    rows.filter(pk=pk).update(mailed_at=timezone.now())
    return True


def _invitation(pk: int, now: datetime.datetime) -> EmailMultiAlternatives | None:
    invitation = Invitation.objects.select_related(
        "initiative__author", "initiative__on_behalf_of", "initiative__area", "invited_by"
    ).get(pk=pk)
    initiative = invitation.initiative
    if initiative.author is None or not can_invite(initiative.author, initiative, now):
        return None
    # Looked up here, where nobody can measure whether there is somebody.
    known = User.objects.filter(email=invitation.email).first()
    if known is not None and is_known_young(known):
        # No stranger writes to them; who invited sees no difference.
        Invitation.objects.filter(pk=pk).update(mailed_at=now)
        return None
    language = known.language if known else invitation.language
    with translation.override(language):
        context = {
            "initiative": initiative,
            "inviter": initiative.on_behalf_of or invitation.invited_by.public_name,
            "url": absolute(invitation.get_absolute_url()),
            "until": in_words(invitation.last_day),
        }
    return written(
        "ideas/mails/invitation", to=invitation.email, language=language, context=context
    )


def _notice(pk: int, now: datetime.datetime) -> EmailMultiAlternatives | None:
    notice = HelpNotice.objects.select_related(
        "message__sender", "message__offer__initiative__on_behalf_of", "recipient"
    ).get(pk=pk)
    message, reader = notice.message, notice.recipient
    offer = message.offer
    # Who stepped down since it was written does not read on.
    if not HelpOffer.objects.visible_to(reader, now).filter(pk=offer.pk).exists():
        return None
    with translation.override(reader.language):
        context = {
            "initiative": offer.initiative,
            "sender": offer.name_of(message.sender),
            "lines": message.text.splitlines(),
            "message": message,
            "is_offer": message.sender_id == offer.helper_id,
            "url": absolute(offer.get_absolute_url()),
        }
    return written(
        "ideas/mails/help_message", to=reader.email, language=reader.language, context=context
    )
