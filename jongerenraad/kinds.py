"""What a council can vote on: each kind is declared once, by the app whose matter it is."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jongerenraad.models import Matter, Subject


class Majority(StrEnum):
    """How many of the votes for or against are needed; those without an opinion don't weigh."""

    SIMPLE = "simple"
    """More for than against."""
    TWO_THIRDS = "two_thirds"
    """At least twice as many for as against."""


def nothing_follows(matter: Matter, now: datetime.datetime) -> None:
    """Do nothing when the result is known: the case of most kinds."""


def nothing_else(matters: Iterable[Matter], viewer: User | AnonymousUser) -> Mapping[int, Subject]:
    """Return no subject: the case of what is about its own question alone."""
    return {}


def as_before(
    matter: Matter, closes_at: datetime.datetime, now: datetime.datetime
) -> Mapping[int, str]:
    """Let nobody more step aside in a second vote: the case of most kinds."""
    return {}


@dataclass(frozen=True)
class MatterKind:
    """How one kind of matter is voted on.

    Args:
        name: its name in the database.
        label: its word on the screen.
        is_secret: whether nobody learns who voted what.
        majority: what makes it adopted, once there are enough votes.
        on_closed: follows in the transaction that writes the result; it must not refuse.
        again: asked before a second vote on a matter, which closes at a moment: who steps aside by
            now, by membership with the reason; it may refuse.
        subjects: what matters are about, by their number, as far as somebody may see it.
        opened_here: whether the chair opens one from the council's own page; other kinds are
            opened where their matter stands.
    """

    name: str
    label: Promise
    is_secret: bool
    majority: Majority
    on_closed: Callable[[Matter, datetime.datetime], None] = nothing_follows
    again: Callable[[Matter, datetime.datetime, datetime.datetime], Mapping[int, str]] = as_before
    subjects: Callable[[Iterable[Matter], User | AnonymousUser], Mapping[int, Subject]] = (
        nothing_else
    )
    opened_here: bool = True


_kinds: dict[str, MatterKind] = {}


def register(kind: MatterKind) -> None:
    """Declare a kind; called once at start-up, in the app's ``ready``."""
    _kinds[kind.name] = kind


def kind_of(matter: Matter) -> MatterKind:
    return _kinds[matter.kind]


def kind_named(name: str) -> MatterKind:
    """Return a kind by its name; raises ``KeyError`` for one that nobody declared."""
    return _kinds[name]


def kinds_opened_here() -> list[MatterKind]:
    return [kind for kind in _kinds.values() if kind.opened_here]


def with_subjects(matters: Iterable[Matter], viewer: User | AnonymousUser) -> list[Matter]:
    """Return matters with what they are about, as far as somebody may see it."""
    found = list(matters)
    for name, kind in _kinds.items():
        of_kind = [matter for matter in found if matter.kind == name]
        subjects = kind.subjects(of_kind, viewer) if of_kind else {}
        for matter in of_kind:
            matter.subject = subjects.get(matter.pk)
    return found


GENERAL = MatterKind("general", _("a decision of the council"), False, Majority.SIMPLE)
PERSON = MatterKind("person", _("choosing a person"), True, Majority.SIMPLE)
BY_LAWS = MatterKind("by_laws", _("changing the by-laws"), False, Majority.TWO_THIRDS)
