"""Offering help with an initiative, and writing to each other about it."""

import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions import AddressNotConfirmed, Refused, check_may_write
from ideas import sending
from ideas.actions.inviting import EnoughToday, Under16
from ideas.actions.supporting import NotFound
from ideas.models import CoInitiator, HelpMessage, HelpNotice, HelpOffer, Initiative
from ideas.permissions import can_write_for, is_initiator, takes_help

OFFERS_A_DAY = 10
MESSAGES_A_DAY = 50
_DAY = datetime.timedelta(days=1)


class ConversationClosed(Refused):
    message = _("This conversation is closed. You can't write in it any more.")


class SameTextElsewhere(Refused):
    message = _(
        "You sent these same words to another idea today. Write what you can do for this one."
    )


def initiators_of(initiative: Initiative, now: datetime.datetime) -> list[User]:
    """Return who leads an initiative and can be written to, its author first.

    Also where it was joined with another one: conversations that began before go on.
    """
    joined = CoInitiator.objects.standing().filter(initiative=initiative).select_related("user")
    people = [one.user for one in joined.order_by("pk")]
    author = initiative.author
    if author is None or not author.is_active or author.is_under_16:
        return people
    return [author, *people] if can_write_for(author, initiative.on_behalf_of, now) else people


def offer_help(
    *, initiative: Initiative, by: User, text: str, language: str, now: datetime.datetime
) -> HelpOffer:
    """Begin a conversation with whoever leads an initiative; who has one already writes on in it.

    Raises:
        NotFound: the initiative takes no offers, or ``by`` leads it.
        Under16: ``by`` is not 16, or did not tell.
        ConversationClosed: whoever leads it wants no more messages of this person.
        MeasureHolds, AddressNotConfirmed, SameTextElsewhere, EnoughToday.
    """
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
        _check_may_offer(initiative, person, now)
        earlier = HelpOffer.objects.filter(initiative=initiative, helper=person)
        if earlier.filter(closed_by=HelpOffer.Side.INITIATOR).exists():
            raise ConversationClosed
        offer = earlier.filter(closed_at__isnull=True).first()
        if offer is None:
            _check_new(person, text, now)
            offer = HelpOffer.objects.create(
                initiative=initiative, helper=person, created_at=now, last_message_at=now
            )
        write_message(offer=offer, by=person, text=text, language=language, now=now)
        return offer


def _check_may_offer(initiative: Initiative, person: User, now: datetime.datetime) -> None:
    fresh = (
        Initiative.objects.visible_to(person)
        .published()
        .select_related("author", "on_behalf_of")
        .filter(pk=initiative.pk)
        .first()
    )
    if fresh is None or not takes_help(fresh, now) or is_initiator(person, fresh, now):
        raise NotFound
    check_may_write(person, now)
    if person.is_under_16:
        raise Under16
    if not person.is_confirmed:
        raise AddressNotConfirmed


def _check_new(person: User, text: str, now: datetime.datetime) -> None:
    today = HelpOffer.objects.filter(helper=person, created_at__gt=now - _DAY)
    if today.count() >= OFFERS_A_DAY:
        raise EnoughToday
    if HelpMessage.objects.filter(offer__in=today, sender=person, text=text).exists():
        raise SameTextElsewhere


def write_message(
    *, offer: HelpOffer, by: User, text: str, language: str, now: datetime.datetime
) -> HelpMessage:
    """Write in a conversation; the other side gets it by mail, without an address.

    The same words right after themselves were sent twice by accident: the first are returned.

    Raises:
        NotFound: ``by`` may not read this conversation (any more).
        MeasureHolds: ``by`` may not write now.
        ConversationClosed: either side closed it.
        EnoughToday: fifty messages since yesterday.
    """
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
        locked = _locked(offer, person, now)
        check_may_write(person, now)
        if locked.closed_at is not None:
            raise ConversationClosed
        last = locked.messages.order_by("pk").last()
        if last is not None and (last.sender_id, last.text) == (person.pk, text):
            return last
        sent = HelpMessage.objects.filter(sender=person, sent_at__gt=now - _DAY)
        if sent.count() >= MESSAGES_A_DAY:
            raise EnoughToday
        message = HelpMessage.objects.create(
            offer=locked, sender=person, text=text, language=language, sent_at=now
        )
        locked.last_message_at = now
        locked.save(update_fields=["last_message_at"])
        _notify(message, locked, now)
        return message


def _locked(offer: HelpOffer, person: User, now: datetime.datetime) -> HelpOffer:
    locked = (
        HelpOffer.objects.visible_to(person, now)
        .select_for_update(no_key=True, of=("self",))
        .select_related("initiative__author", "initiative__on_behalf_of", "helper")
        .filter(pk=offer.pk)
        .first()
    )
    if locked is None:
        raise NotFound
    return locked


def _notify(message: HelpMessage, offer: HelpOffer, now: datetime.datetime) -> None:
    """Owe the other side a mail: the helper, or each of those who lead the initiative."""
    is_from_helper = message.sender_id == offer.helper_id
    others = initiators_of(offer.initiative, now) if is_from_helper else [offer.helper]
    # Whoever offered help may have joined since. Who has no address reads it on their own page.
    for person in (one for one in others if one.pk != message.sender_id and one.email):
        notice = HelpNotice.objects.create(message=message, recipient=person, created_at=now)
        transaction.on_commit(partial(sending.send_help_notice.delay, notice.pk), robust=True)


def close_conversation(*, offer: HelpOffer, by: User, now: datetime.datetime) -> None:
    """Close a conversation: nobody writes in it any more. Closing it twice is not an error.

    Whom an initiator does not want to hear of begins no new one about this initiative.

    Raises:
        NotFound: ``by`` may not read this conversation.
    """
    with transaction.atomic():
        locked = _locked(offer, by, now)
        if locked.closed_at is not None:
            return
        is_helper = by.pk == locked.helper_id
        locked.closed_at = now
        locked.closed_by = HelpOffer.Side.HELPER if is_helper else HelpOffer.Side.INITIATOR
        locked.save(update_fields=["closed_at", "closed_by"])


def forget_conversations(*, now: datetime.datetime) -> int:
    """Delete the conversations in which nobody wrote for a while; return how many."""
    quiet = HelpOffer.objects.quiet_since(now - datetime.timedelta(days=settings.HELP_KEPT_DAYS))
    count = 0
    for pk in list(quiet.values_list("pk", flat=True)):
        with transaction.atomic():
            # Whoever writes in it at this moment keeps it.
            locked = quiet.select_for_update().filter(pk=pk).first()
            if locked is not None:
                locked.delete()
                count += 1
    return count
