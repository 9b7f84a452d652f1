"""The mails about doing an initiative together; none tells anybody an address of another."""

import datetime

from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from accounts.mails import absolute, written
from accounts.models import User
from contributions.dates import in_words
from contributions.sending import send_once
from ideas.models import HelpNotice, HelpOffer, Invitation
from ideas.permissions import can_invite
from ideas.together import is_known_young
from notifications.actions import notify
from notifications.kinds import Category
from notifications.wishes import is_mailed


def send_invitation(pk: int, *, now: datetime.datetime) -> bool:
    """Mail an invitation, unless it went already or can't be answered; return whether it went."""
    return send_once(Invitation.objects.all(), pk, now, _invitation)


def send_help_notice(pk: int, *, now: datetime.datetime) -> bool:
    """Mail a message to its reader, unless it went or may not be read; return whether it went."""
    return send_once(HelpNotice.objects.all(), pk, now, _notice)


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
    if known is not None and known.has_confirmed_address:
        # Here as well, and for the same reason; this mail goes out, so theirs does not.
        notify("invited", pk, to=[known.pk], by=invitation.invited_by, now=now)
    if known is not None and not is_mailed(known, Category.ABOUT_YOU):
        # They read it on the site, if at all.
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
    if reader.email is None or not is_mailed(reader, Category.ABOUT_YOU):
        # They find it on their own page.
        return None
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
