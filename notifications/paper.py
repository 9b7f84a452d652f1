"""The sheet of news of one area and one day, in one language, as plain text to print.

It lies on the counter of an information point, for who is not online. What it tells is what a
signed-out visitor may read of the kinds that say how they stand on paper, asked anew each time.

Lines end with CRLF: older programs of Windows and printers that take text as it comes need it, and
nothing minds. There is no byte order mark: what prints text may take it for letters, and programs
that show text find out that it is UTF-8 without it.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.mails import absolute
from accounts.models import User
from areas.dates import with_weekday_and_year
from areas.models import Area, is_within
from notifications.columns import WIDTH, wrapped
from notifications.kinds import About, NotificationKind, OnPaper, Place, all_kinds
from notifications.models import Event
from notifications.wording import filled_in, one_line

#: So many things stand on one sheet; what else there is can be read on the site.
AT_MOST = 40
#: Of one day no more are looked at.
LOOKED_AT = 200
#: So many days back a sheet can be had.
DAYS_BACK = 31

_INDENT = "   "
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class Piece:
    """One thing that happened."""

    kind: NotificationKind
    about: About


def latest_day(now: datetime.datetime) -> datetime.date:
    """Return the last day that is over, in Amsterdam: of today not all is known yet."""
    return timezone.localdate(now) - datetime.timedelta(days=1)


def days_there(now: datetime.datetime) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of which a sheet can be had."""
    last = latest_day(now)
    return last - datetime.timedelta(days=DAYS_BACK - 1), last


def day_named(told: str) -> datetime.date | None:
    """Return the day that is written as YYYY-MM-DD, and in no other way."""
    if not _DAY.fullmatch(told):
        return None
    try:
        return datetime.date.fromisoformat(told)
    except ValueError:
        return None


def place_of(area: Area) -> Place:
    """Return an area with what lies in it and around it (one query)."""
    parents = Area.objects.parents()
    return Place(
        within=[pk for pk in parents if is_within(pk, area.pk, parents)],
        around=[pk for pk in parents if is_within(area.pk, pk, parents)],
    )


def sheet(area: Area, day: datetime.date, language: str) -> str:
    """Return the sheet of an area's news of a day, in a language.

    The queries grow with the kinds among the news alone.
    """
    with translation.override(language):
        pieces, is_all = _news_of(place_of(area), day, language)
        lines = [
            *wrapped(_("News from %(area)s") % {"area": area.name}),
            *wrapped(with_weekday_and_year(day)),
            "=" * WIDTH,
            "",
            *(line for number, one in enumerate(pieces, 1) for line in _block(number, one)),
            *_ending(area, has_news=bool(pieces), is_all=is_all),
        ]
    return "".join(f"{line}\r\n" for line in lines)


def _news_of(place: Place, day: datetime.date, language: str) -> tuple[list[Piece], bool]:
    """Return what everybody may read of what happened, newest first, and whether that is all."""
    happened = list(_events(place, day))
    numbers: dict[str, set[int]] = defaultdict(set)
    for name, pk in happened:
        numbers[name].add(pk)
    kinds = {kind.name: kind for kind in all_kinds() if kind.name in numbers}
    tellings = {name: kind.load(numbers[name], language) for name, kind in kinds.items()}
    # Of a reader a loader asks for the number alone, and of a visitor there is none.
    visitor = cast(User, AnonymousUser())
    found = []
    # Something that happened twice is told once, as it is now.
    for name, pk in dict.fromkeys(happened):
        tell = tellings[name].get(pk)
        about = tell(visitor) if tell else None
        if about is not None:
            found.append(Piece(kinds[name], about))
    is_all = len(found) <= AT_MOST and len(happened) < LOOKED_AT
    return found[:AT_MOST], is_all


def _events(place: Place, day: datetime.date) -> Sequence[tuple[str, int]]:
    """Return the kind and the subject of what happened in a place on a day (one query)."""
    midnight, zone = datetime.time.min, timezone.get_default_timezone()
    begin, end = (
        datetime.datetime.combine(one, midnight, zone)
        for one in (day, day + datetime.timedelta(days=1))
    )
    is_news = reduce(
        or_,
        (
            # The day with each kind: the databases look for both at once.
            Q(kind=kind.name, created_at__gte=begin, created_at__lt=end)
            & kind.on_paper.is_news_of(place)
            for kind in all_kinds()
            if kind.on_paper is not None
        ),
    )
    rows = (
        Event.objects.filter(is_news)
        .order_by("-created_at", "-pk")
        .values_list("kind", "subject_id")
    )
    return list(rows[:LOOKED_AT])


def _block(number: int, piece: Piece) -> list[str]:
    """Return the lines about one thing: what happened, what was said, and where to read on."""
    about, on_paper = piece.about, cast(OnPaper, piece.kind.on_paper)
    line = filled_in(on_paper.line or piece.kind.subject, about)
    block = wrapped(line, first=f"{number}. ".ljust(len(_INDENT)), indent=_INDENT)
    if about.quote:
        block += wrapped(one_line(about.quote), first=_INDENT, indent=_INDENT)
    if about.quote and about.quote_language:
        name = dict(settings.CONTENT_LANGUAGES).get(about.quote_language, about.quote_language)
        written = _("(This is written in another language: %(language)s)") % {"language": name}
        block += wrapped(written, first=_INDENT, indent=_INDENT)
    if about.quote and about.quote_label:
        block += wrapped(f"({about.quote_label})", first=_INDENT, indent=_INDENT)
    # A place on the page is not worth typing.
    address = _to_type(about.short_path or about.path.partition("#")[0])
    return [*block, *wrapped(address, first=f"{_INDENT}> ", indent=_INDENT), ""]


def _ending(area: Area, *, has_news: bool, is_all: bool) -> list[str]:
    paragraphs = []
    if not has_news:
        paragraphs.append(_("There was no news here on this day."))
    if not is_all:
        paragraphs.append(_("There is more news of this day than fits here. Read it on the site."))
    if has_news:
        paragraphs.append(
            _(
                "Do you want to read on, or say something about it? Go to the address below it, "
                "or ask at the counter. They help you."
            )
        )
    address = _to_type(reverse("area", args=[area.slug]))
    paragraphs.append(
        _("Do you have an idea for your neighbourhood? Tell it at the counter, or go to:")
    )
    lines = [line for one in paragraphs for line in (*wrapped(one), "")]
    return [*lines[:-1], *wrapped(address, first="> ")]


def _to_type(path: str) -> str:
    """Return an address as people type it."""
    return absolute(path).removeprefix("https://")
