"""The kinds of notifications, each declared once by its app; there is no other list of them.

This app knows a subject by its number alone. The kind's declaration loads it, and says for each
reader whether they may be told of it: asked when something is shown, and again when it is sent.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Category(models.TextChoices):
    """What people choose about: the groups of the weekly letter, too."""

    ABOUT_YOU = "about_you", _("About you")
    FOLLOWED = "followed", _("What you support or follow")
    NEIGHBOURHOOD = "neighbourhood", _("Your neighbourhood")
    TASKS = "tasks", _("Your work for this site")


class Channel(models.TextChoices):
    """The ways out of the site; what anybody is told stands in their inbox on it as well."""

    MAIL = "mail", _("E-mail")
    PUSH = "push", _("On my phone or computer")


class Ground(models.TextChoices):
    """On which ground of the General Data Protection Regulation somebody is told (article 6)."""

    #: Article 6(1)(e): taking part is a task in the public interest.
    PUBLIC_TASK = "public_task", _("a task in the public interest")
    #: Article 6(1)(c): the Digital Services Act, article 17, asks for reasons of a decision.
    LEGAL_DUTY = "legal_duty", _("a duty by law")
    #: Article 6(1)(a): the person asked for it, and can undo that.
    CONSENT = "consent", _("people chose it themselves")


@dataclass(frozen=True)
class About:
    """What one reader is told of one subject, in their language.

    Args:
        path: the page to go to, without the site's name.
        values: what stands in the kind's subject and sentence; words of people, without marks.
        quote: words of the subject, as plain text.
        quote_language: the language of the quote, where it is another one than the reader's.
        quote_label: a sentence that says so, where a machine translated the quote.
        picture: the path of a picture that the reader may see, or nothing.
        short_path: the path of the same page for who has to type it, where there is a shorter one.
        followed: what one can be told of it for, because one follows that: by its kind and number,
            with what it is called. As a mail is sent, what its reader follows.
    """

    path: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    quote: str = ""
    quote_language: str = ""
    quote_label: str = ""
    picture: str = ""
    short_path: str = ""
    followed: Mapping[tuple[str, int], str] = field(default_factory=dict)


#: Says what a reader is told of a subject that was loaded; None where they may not be told.
Telling = Callable[[User], About | None]


@dataclass(frozen=True)
class Place:
    """An area that a sheet of news is about.

    Args:
        within: the numbers of the area and of all that lies in it.
        around: the numbers of the area and of all that it lies in.
    """

    within: Collection[int]
    around: Collection[int]


@dataclass(frozen=True)
class OnPaper:
    """How a kind stands on the sheet of news on a counter: everybody may read what it tells.

    Args:
        is_news_of: the condition on events of the kind whose subject is news of a place.
        line: what happened, for who was not part of it; the kind's ``subject`` where it says so.
    """

    is_news_of: Callable[[Place], Q]
    line: Promise | None = None


@dataclass(frozen=True)
class NotificationKind:
    """One kind of notification.

    Args:
        name: its name in the database.
        label: what happens, as people read it where they choose.
        category: where it stands in preferences and letters.
        concerns: who is told, in words, for the page that explains it to staff.
        subject: one line: the subject of a mail, the title of a push. ``%(title)s`` and the like
            are the ``values`` of what it is about.
        sentence: what happened and what can be done now, with the same values.
        ground: on which legal ground people are told.
        load: the subjects of some numbers, for a language, in a fixed number of queries; what is
            gone is left out. It runs with that language active.
        audience: the condition on people of who is told, where that may be very many; None where
            whoever notifies names the people.
        must_be_told: whether it goes out whatever somebody chose: decisions about them.
        in_letter: whether it can stand in the weekly letter.
        has_own_mail: whether another mail tells of it already, so that none goes out for this.
        many: one line for several of this kind in a letter, with ``%(count)s``; empty where each
            stands by itself.
        on_paper: how it stands on the sheets of news; None where not everybody may read it, or
            another kind tells the same there.
        sample: what previews and tests fill in, in the language that is active.
    """

    name: str
    label: Promise
    category: Category
    concerns: Promise
    subject: Promise
    sentence: Promise
    load: Callable[[Collection[int], str], Mapping[int, Telling]]
    sample: Mapping[str, str | int | Promise]
    ground: Ground = Ground.PUBLIC_TASK
    audience: Callable[[int], Q] | None = None
    must_be_told: bool = False
    in_letter: bool = True
    has_own_mail: bool = False
    many: Promise | None = None
    on_paper: OnPaper | None = None


_kinds: dict[str, NotificationKind] = {}


def register(*kinds: NotificationKind) -> None:
    """Declare kinds; called once at start-up, in the app's ``ready``."""
    for kind in kinds:
        if _kinds.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"Two kinds are called {kind.name}")


def all_kinds() -> list[NotificationKind]:
    return list(_kinds.values())


def kind_named(name: str) -> NotificationKind | None:
    """Return a kind; None for one that an older version knew, whose rows are still there."""
    return _kinds.get(name)


@dataclass(frozen=True)
class Followed:
    """One thing that somebody follows, as its page calls it."""

    label: str
    path: str


@dataclass(frozen=True)
class Followable:
    """A kind of thing that people can follow, declared by its app; never people.

    Args:
        name: its name in the database.
        label: its word on the screen.
        load: the things of some numbers that a reader may see, by number.
    """

    name: str
    label: Promise
    load: Callable[[Collection[int], User], Mapping[int, Followed]]


_followable: dict[str, Followable] = {}


def register_followable(*things: Followable) -> None:
    """Declare what can be followed; called once at start-up, in the app's ``ready``."""
    for thing in things:
        if _followable.setdefault(thing.name, thing) is not thing:
            raise ValueError(f"Two things to follow are called {thing.name}")


def all_followable() -> list[Followable]:
    return list(_followable.values())


def followable_named(name: str) -> Followable | None:
    return _followable.get(name)
