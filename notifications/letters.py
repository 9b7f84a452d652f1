"""The weekly letter: what stands in it, asked anew as it is sent, and how it goes out."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.mails import absolute
from accounts.models import User
from notifications import links, mails, tokens
from notifications.kinds import About, Category, Channel, NotificationKind, kind_named
from notifications.models import Delivery, Letter, Notification
from notifications.models.delivery import MAX_TRIES
from notifications.sending import (
    Ready,
    State,
    carry_all,
    courier_for,
    give_back,
    in_order,
    settle,
    told_but_for_broken,
)
from notifications.wishes import Wishes, wishes_of
from notifications.wording import (
    SUBJECT_AT_MOST,
    many_of,
    one_line,
    shortened,
    subject_of,
)

#: So many letters are put together at once.
BATCH = 50
#: Of one person's news no more are looked at: whoever has more reads the newest.
LOOKED_AT = 100
IN_A_GROUP = 3
IN_ALL = 5
#: About two lines and one on a phone: the whole letter is one screen.
SENTENCE_AT_MOST = 48
QUOTE_AT_MOST = 36

_HOUR = datetime.timedelta(hours=1)

#: What a reader of the letter cares for first.
ORDER = (Category.ABOUT_YOU, Category.FOLLOWED, Category.NEIGHBOURHOOD, Category.TASKS)


@dataclass(frozen=True)
class Piece:
    """One thing that a reader may be told: a line of the letter, or a part of one."""

    kind: NotificationKind
    about: About


@dataclass(frozen=True)
class Group:
    """What stands under one heading."""

    heading: str
    lines: Sequence[mails.Line]


def send_letters(*, now: datetime.datetime | None = None) -> int:
    """Send a batch of the letters that wait.

    Returns:
        How many were taken; 0 where the mail server is away.
    """
    now = now or timezone.now()
    courier = courier_for(Channel.MAIL)
    if courier is None:
        return 0
    with transaction.atomic():
        pks = Letter.objects.take(now, BATCH)
    if not pks:
        return 0
    taken: list[Letter] = in_order(Letter.objects.select_related("recipient"), pks)
    ready = _sorted_out(taken, now)
    if ready and not carry_all("letter", courier, ready):
        return 0
    return len(taken)


def _sorted_out(taken: Sequence[Letter], now: datetime.datetime) -> list[Ready]:
    """Return which letters go out now, and write what becomes of the others."""
    wishes = wishes_of(one.recipient_id for one in taken)
    news, with_broken = _news_of(taken, wishes)
    ready: list[Ready] = []
    settled: dict[tuple[State, str], list[Letter]] = defaultdict(list)
    for one in taken:
        pieces = news[one.recipient_id]
        wish = wishes[one.recipient_id]
        if one.tries >= MAX_TRIES:
            settled[State.FAILED, "worker killed"].append(one)
        elif not is_wanted(wish):
            settled[State.DROPPED, "not wanted"].append(one)
        elif pieces:
            until = _not_before(wish, one, now)
            if until > now:
                give_back([one], until)
            else:
                ready.append(Ready(one, "letter", _handing(one.recipient, pieces)))
        elif one.recipient_id in with_broken:
            settled[State.FAILED, "template"].append(one)
        else:
            settled[State.DROPPED, "nothing to tell"].append(one)
    for (state, why), rows in settled.items():
        settle(rows, state, why=why)
    return ready


def is_wanted(wishes: Wishes) -> bool:
    """Say whether somebody gets letters now."""
    preference = wishes.preference
    weekly = preference.pace == preference.Pace.WEEKLY
    return weekly and wishes.is_sent_anything and wishes.reaches(Channel.MAIL)


def _not_before(wishes: Wishes, letter: Letter, now: datetime.datetime) -> datetime.datetime:
    """Return when a letter may go out: one that is late must not wake anybody.

    Whoever chose an hour of the night for it gets it then.
    """
    chosen = wishes.preference.letter_hour
    hour = timezone.localtime(letter.created_at).hour
    # An hour that does not exist in the night when the clock goes forward is the one after it.
    is_in_time = now - letter.created_at < _HOUR and hour in (chosen, (chosen + 1) % 24)
    return now if is_in_time else wishes.preference.quiet_ends_at(now) or now


def _handing(person: User, pieces: Sequence[Piece]) -> Callable[[Any], None]:
    return lambda courier: courier.send(compose(person, pieces))


def _news_of(
    letters: Sequence[Letter], wishes: Mapping[int, Wishes]
) -> tuple[Mapping[int, list[Piece]], set[int]]:
    """Return what each reader may be told and still wants, and for whom something failed.

    Queries grow with the kinds and languages among it, not with readers.
    """
    found = list(_unread_of(letters))
    people = {one.recipient_id: one.recipient for one in letters}
    for one in found:
        one.recipient = people[one.recipient_id]
    wanted = [one for one in found if _is_for_letter(one, wishes[one.recipient_id])]
    abouts, broken = told_but_for_broken(wanted)
    news: dict[int, list[Piece]] = defaultdict(list)
    with_broken: set[int] = set()
    for one in wanted:
        kind, about = kind_named(one.event.kind), abouts.get(one.pk)
        if one.pk in broken:
            with_broken.add(one.recipient_id)
        elif kind is not None and about is not None:
            news[one.recipient_id].append(Piece(kind, about))
    return news, with_broken


def _is_for_letter(notification: Notification, wishes: Wishes) -> bool:
    kind = kind_named(notification.event.kind)
    return kind is not None and wishes.in_letter(kind)


def _unread_of(letters: Sequence[Letter]) -> Iterable[Notification]:
    """Return the news of some letters, newest first, that nobody read or was sent meanwhile."""
    of_a_letter = Letter.objects.filter(
        pk__in=[one.pk for one in letters],
        recipient=OuterRef("recipient"),
        after__lt=OuterRef("pk"),
        up_to__gte=OuterRef("pk"),
    )
    by_mail = Delivery.objects.filter(
        notification=OuterRef("pk"),
        channel=Channel.MAIL,
        state__in=["waiting", "in_flight", "sent"],
    )
    newest = Window(RowNumber(), partition_by=F("recipient"), order_by=F("pk").desc())
    return (
        Notification.objects.unread()
        .filter(Exists(of_a_letter), ~Exists(by_mail))
        .filter(recipient__in=[one.recipient_id for one in letters])
        .annotate(number=newest)
        .filter(number__lte=LOOKED_AT)
        .select_related("event")
        .order_by("-pk")
    )


def compose(person: User, pieces: Sequence[Piece]) -> EmailMultiAlternatives:
    """Return somebody's letter, in their language."""
    with translation.override(person.language):
        lines = _lines(pieces, person)
        shown = _shown({category: len(ones) for category, ones in lines.items()})
        count = sum(len(ones) for ones in lines.values())
        return mails.written(
            "letter",
            to=person,
            subject=_subject(next(iter(lines.values()))[0].sentence, count - 1),
            stop_url=links.stop_url(person, tokens.LETTER),
            context={
                "heading": _("Your news of this week"),
                "groups": [
                    Group(str(category.label), ones[: shown[category]])
                    for category, ones in lines.items()
                ],
                "button": _button(count - sum(shown.values())),
                "inbox_url": absolute(reverse("notifications:inbox")),
                "why": _("You get this letter once a week, at the day and hour that you choose."),
                "stop": _("Stop the weekly letter"),
            },
        )


def _lines(pieces: Sequence[Piece], person: User) -> dict[Category, list[mails.Line]]:
    """Return the lines by category, newest first; several of a kind about one page are one."""
    alike: dict[tuple[Category, str, object], list[Piece]] = defaultdict(list)
    for number, piece in enumerate(pieces):
        # Comments stand on one page each with a place of its own: the page is what they share.
        page = urlsplit(piece.about.path).path if piece.kind.many else number
        alike[piece.kind.category, piece.kind.name, page].append(piece)
    lines: dict[Category, list[mails.Line]] = {category: [] for category in ORDER}
    for (category, _name, _page), ones in alike.items():
        lines[category].append(_line(ones, person))
    return {category: ones for category, ones in lines.items() if ones}


def _line(ones: Sequence[Piece], person: User) -> mails.Line:
    newest = ones[0]
    if len(ones) > 1:
        sentence = many_of(newest.kind, newest.about, len(ones))
        line = mails.line_of(newest.about, sentence, 0)
        return replace(line, follows=mails.follows_of(newest.about, person))
    # The line that would be the mail's subject: what can be done now stands on the page.
    sentence = shortened(subject_of(newest.kind, newest.about), SENTENCE_AT_MOST)
    line = mails.line_of(newest.about, sentence, QUOTE_AT_MOST)
    return replace(line, follows=mails.follows_of(newest.about, person))


def _subject(first: str, others: int) -> str:
    what = shortened(one_line(first), SUBJECT_AT_MOST - 40)
    if not others:
        return _("Your week: %(what)s") % {"what": what}
    words = ngettext(
        "Your week: %(what)s, and %(count)s more",
        "Your week: %(what)s, and %(count)s more",
        others,
    )
    return words % {"what": what, "count": others}


def _shown(there: Mapping[Category, int]) -> dict[Category, int]:
    """Return how many lines of each group are shown: in turn, so that no group fills the letter."""
    shown = dict.fromkeys(there, 0)
    for number in range(IN_A_GROUP):
        for category, count in there.items():
            if count > number and sum(shown.values()) < IN_ALL:
                shown[category] += 1
    return shown


def _button(more: int) -> str:
    if not more:
        return _("See all of it on the site")
    words = ngettext("And %(count)s more on the site", "And %(count)s more on the site", more)
    return words % {"count": more}
