"""Every write about cards: giving and replacing them, and what their PIN opens.

A code follows from the form that asked for it and a key of this site, so that a second press on the
button shows the same sheet; afterwards it stands on paper alone. Who replaces a card never learns
its PIN: that goes over to the new one, so that nobody who gives cards can sign in with them.
"""

import datetime
import secrets
from datetime import timedelta

import structlog
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from areas.models import Area

from . import devices, sealing
from .models import TRIES, Card, User
from .permissions import can_give_cards, can_reset_pins
from .record import on_the_record

log = structlog.get_logger(__name__)

CODE_DIGITS = 12
NUMBER_DIGITS = 9
#: So long the sheet of a new card can be shown again, to whoever made it, with the same form.
SHOWN_FOR = timedelta(minutes=10)


class CardRefused(Exception):
    """Something about cards cannot be done like this; the message says why."""

    message = _("This did not work. Try it again.")

    def __str__(self) -> str:
        return str(self.message)


class MayNotGive(CardRefused):
    message = _("You can't give a card for this language or this neighbourhood.")


class EnoughCards(CardRefused):
    message = _("You gave as many cards as one can give in a day. Go on tomorrow.")


class NoSuchCard(CardRefused):
    message = _("No card with this number is in use. Look at the strip that belongs to the card.")


class OwnCard(CardRefused):
    message = _("You can't make a card for yourself. Ask somebody else who gives cards.")


class MayNotReset(CardRefused):
    message = _("Only the programme office can make a card for who forgot the PIN.")


class ReplacedOften(CardRefused):
    message = _(
        "This card was replaced several times this week. The programme office can replace it now."
    )


class MadeAlready(CardRefused):
    """This form made a card before: nothing was made now."""

    message = _("This button made a card before. Begin again if you need another one.")

    def __init__(self, card: Card) -> None:
        super().__init__()
        self.card = card


class PinIsThere(CardRefused):
    """Somebody chose a PIN for this card before, or the card is in use no more."""


#: Cards of one account in a week, the first one included.
CARDS_A_WEEK = 3

# --- What is kept, and what is not ----------------------------------------------------------------


def new_key() -> str:
    """Return the key of one form: what it makes, it makes once."""
    return secrets.token_urlsafe(24)


def _form_digest(by: User, key: str) -> str:
    return next(sealing.pseudonyms_of("card form", str(by.pk), key))


def code_for(*, by: User, key: str) -> str:
    """Return the code of the card that a form of this person makes: twelve digits."""
    made = int(next(sealing.pseudonyms_of("card code", str(by.pk), key)), 16)
    return f"{made % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def digests_of(code: str) -> list[str]:
    """Return what rows hold of a code: today's digest first, then those of older keys."""
    return list(sealing.pseudonyms_of("card", code))


def _sealed(pin: str) -> str:
    # Whoever reads the database alone cannot try the few PINs that there are.
    return sealing.seal(make_password(pin))


#: Compared with where there is nothing to compare with, so that it takes as long.
_NO_PIN = "no pin"
_nothing: dict[str, str] = {}


def _matches(card: Card | None, pin: str) -> bool:
    """Compare a PIN with a card's; without either it takes as long and is wrong."""
    if _NO_PIN not in _nothing:
        _nothing[_NO_PIN] = make_password(secrets.token_urlsafe(8))
    encoded = ""
    if card is not None and card.pin:
        try:
            encoded = sealing.unseal(card.pin)
        except sealing.Unreadable:
            log.error("card_unreadable", card_id=card.pk)
    return check_password(pin, encoded or _nothing[_NO_PIN]) and bool(encoded)


# --- Giving and replacing -------------------------------------------------------------------------


def _check_may_make(by: User, key: str, now: datetime.datetime) -> User:
    """Lock whoever gives a card, and check that this is no second press and not one too many."""
    giver = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    made = Card.objects.filter(form_digest=_form_digest(giver, key)).first()
    if made is not None:
        raise MadeAlready(made)
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if Card.objects.given_since(giver, midnight).count() >= settings.CARDS_PER_DAY:
        raise EnoughCards
    return giver


def _free_number() -> str:
    while True:
        number = f"{secrets.randbelow(10**NUMBER_DIGITS):0{NUMBER_DIGITS}d}"
        if not Card.objects.filter(number=number).exists():
            return number


@on_the_record
def give_card(
    *, by: User, language: str, area: Area | None, key: str, now: datetime.datetime | None = None
) -> Card:
    """Open an account without an e-mail address, and a card for it; ``code_for`` tells its code.

    Args:
        language: what the person reads.
        key: of the form (``new_key``): the same one makes one card, however often it comes.

    Raises:
        MayNotGive: no grant of the giver covers the language and the area.
        EnoughCards: as many as the setting allows were given today.
        MadeAlready: this form made one before.
    """
    now = now or timezone.now()
    if not can_give_cards(by, area=area, language=language):
        raise MayNotGive
    with transaction.atomic():
        giver = _check_may_make(by, key, now)
        user = User.objects.create_without_address(language=language, area=area)
        card = _made(giver, user, _free_number(), area, key, now)
    log.info("card given", card_id=card.pk, user_id=user.pk, by_id=by.pk)
    return card


@on_the_record
def replace_card(
    *,
    by: User,
    number: str,
    key: str,
    forgot_pin: bool = False,
    now: datetime.datetime | None = None,
) -> Card:
    """End a lost or locked card and make another one for the same account.

    The PIN goes over to it. With ``forgot_pin`` it has none: its holder chooses another one, and
    that is for the programme office alone. The account is signed out everywhere.

    Raises:
        MayNotGive: the person gives no cards.
        MayNotReset: the PIN is forgotten, and they are not of the programme office.
        NoSuchCard: no card in use has this number.
        OwnCard: it is their own.
        ReplacedOften: there were enough for this account this week, and they are not of the office.
        EnoughCards, MadeAlready: as in ``give_card``.
    """
    now = now or timezone.now()
    if not can_give_cards(by):
        raise MayNotGive
    if forgot_pin and not can_reset_pins(by):
        raise MayNotReset
    with transaction.atomic():
        giver = _check_may_make(by, key, now)
        found = Card.objects.select_for_update(of=("self",)).in_use().select_related("user", "area")
        old = found.filter(number=number).first()
        if old is None or not old.user.is_active:
            raise NoSuchCard
        if old.user_id == giver.pk:
            raise OwnCard
        if not can_reset_pins(by):
            _check_not_replaced_often(old.user, now)
        pin = "" if forgot_pin else old.pin
        _end(old, now)
        card = _made(giver, old.user, old.number, old.area, key, now, pin=pin)
        Card.objects.filter(pk=old.pk).update(replaced_by=card)
        devices.end_all(old.user)
    log.info("card replaced", card_id=card.pk, user_id=card.user_id, by_id=by.pk)
    return card


def _check_not_replaced_often(user: User, now: datetime.datetime) -> None:
    """Keep who replaces cards from trying one PIN after another: each card has tries of its own."""
    lately = now - datetime.timedelta(days=7)
    if Card.objects.filter(user=user, given_at__gte=lately).count() >= CARDS_A_WEEK:
        raise ReplacedOften


def _made(
    by: User,
    user: User,
    number: str,
    area: Area | None,
    key: str,
    now: datetime.datetime,
    *,
    pin: str = "",
) -> Card:
    try:
        with transaction.atomic():
            return Card.objects.create(
                user=user,
                number=number,
                code_digest=digests_of(code_for(by=by, key=key))[0],
                pin=pin,
                form_digest=_form_digest(by, key),
                given_by=by,
                given_at=now,
                area=area,
            )
    except IntegrityError as error:
        # One in so many codes is in use: another form has another one.
        raise CardRefused from error


def _end(card: Card, now: datetime.datetime) -> None:
    Card.objects.filter(pk=card.pk).update(ended_at=now, code_digest=None, pin="")


def end_cards(user: User, now: datetime.datetime) -> None:
    """End whatever card somebody has: they leave, or sign in by an e-mail address from now on."""
    Card.objects.in_use().filter(user=user).update(ended_at=now, code_digest=None, pin="")


def may_be_shown(card: Card, now: datetime.datetime) -> bool:
    """Say whether the sheet of a card may still be shown to whoever made it."""
    is_new = card.ended_at is None and card.first_used_at is None
    return is_new and card.given_at <= now < card.given_at + SHOWN_FOR


# --- What a card opens ----------------------------------------------------------------------------


def _take_try(**which: object) -> bool:
    """Count a try at a card before it is compared; return whether there was one left.

    The database counts: of many that try at once, no more than ``TRIES`` are compared.
    """
    left = Card.objects.in_use().filter(tries__lt=TRIES, **which)
    return bool(left.update(tries=F("tries") + 1))


def _right(card: Card, code: str | None = None, now: datetime.datetime | None = None) -> None:
    """Give the tries back after a right PIN, and keep the code under today's key."""
    told: dict[str, object] = {"tries": 0}
    if code is not None:
        told |= {
            "code_digest": digests_of(code)[0],
            "first_used_at": card.first_used_at or now,
        }
    Card.objects.in_use().filter(pk=card.pk).update(**told)


def holder_of(*, code: str, pin: str, now: datetime.datetime | None = None) -> Card | None:
    """Return the card in use that a code and a PIN open, with its person.

    For a code that nobody has, a wrong PIN and a locked card it takes as long and returns nothing.
    A card that nobody used yet is returned without a PIN: whoever holds it chooses one
    (``choose_first_pin``).
    """
    digests = digests_of(code)
    has_try = _take_try(code_digest__in=digests)
    found = Card.objects.in_use().filter(code_digest__in=digests).select_related("user").first()
    matches = _matches(found, pin)
    if found is None or not has_try:
        return None
    if not found.pin:
        _right(found)
        return found
    if not matches:
        return None
    _right(found, code, now or timezone.now())
    return found


def choose_first_pin(*, code: str, pin: str, now: datetime.datetime | None = None) -> Card:
    """Give a card its first PIN: of several at once one wins. Raises ``PinIsThere``."""
    now = now or timezone.now()
    sealed = _sealed(pin)
    digests = digests_of(code)
    with transaction.atomic():
        unused = Card.objects.in_use().filter(code_digest__in=digests, pin="", tries__lt=TRIES)
        if not unused.update(pin=sealed, first_used_at=now, tries=0):
            raise PinIsThere
        card = Card.objects.in_use().select_related("user").get(code_digest__in=digests)
    log.info("card first used", card_id=card.pk, user_id=card.user_id)
    return card


def card_of(user: User) -> Card | None:
    """Return the card that somebody signs in with."""
    return Card.objects.in_use().filter(user=user).first()


def shows_pin(*, user: User, pin: str) -> bool:
    """Say whether this is the PIN of somebody's own card; wrong ones count as at the door."""
    has_try = _take_try(user=user)
    card = card_of(user)
    if not _matches(card, pin) or card is None or not has_try:
        return False
    _right(card)
    return True


def change_pin(*, user: User, pin: str) -> None:
    """Give somebody's own card another PIN; every other device is signed out by the caller."""
    Card.objects.in_use().filter(user=user).exclude(pin="").update(pin=_sealed(pin), tries=0)
