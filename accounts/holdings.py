"""What the site holds of a person: each app declares it once, for the take-out and for leaving.

A model that nobody declared fails ``tests/participatie/test_holdings.py``, and so does a column
with words, or a foreign key to a person, of which the declaration does not say what becomes of it.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from .models import User

#: What stands where a word was that a rule of the database cannot do without.
GONE = "–"


@dataclass(frozen=True)
class Leaving:
    """How somebody leaves.

    Args:
        texts_stay: whether their published texts stay, without a name; else they go.
        now: the moment at which it happens.
    """

    texts_stay: bool
    now: datetime.datetime


@dataclass(frozen=True)
class HeldFile:
    """A file that belongs to a row: the name for the take-out, and its path in the storage."""

    name: str
    path: str


def no_files(row: Any) -> Iterable[HeldFile]:
    """Return nothing: the case of most models."""
    return ()


def nothing_ends(person: User, now: datetime.datetime) -> None:
    """End nothing at once: the case of most models."""


@dataclass(frozen=True)
class Holding:
    """What one model holds of a person.

    Args:
        model: its table.
        name: what it is, in plain words, for the person.
        own: foreign keys by which a row is the person's own.
        numbers: foreign keys to people that stay: the record holds the number of an emptied row.
        words: the columns that are emptied when the person leaves, with what stands there after.
        kept: the columns with words that stay, each with the reason.
        secret: columns that no take-out tells: keys, and digests of keys.
        through: the person's rows, where they hang on something else of theirs.
        files: the files of one row.
        ends: what ends in the same moment as the account: rights, and what is under way.
        leaves: what happens when the person leaves, where emptying the words is not all. It is done
            twice and may be cut short at any place: what it finds undone, it does.
    """

    model: type[Model]
    name: Promise
    own: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    words: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    secret: tuple[str, ...] = ()
    through: Callable[[User], QuerySet[Any]] | None = None
    files: Callable[[Any], Iterable[HeldFile]] = no_files
    ends: Callable[[User, datetime.datetime], None] = nothing_ends
    leaves: Callable[["Holding", User, Leaving], None] | None = None

    def rows(self, person: User) -> QuerySet[Any]:
        """Return the person's rows, in the order in which they came."""
        if self.through is not None:
            return self.through(person).order_by("pk")
        mine = Q()
        for name in self.own:
            mine |= Q(**{name: person})
        found: QuerySet[Any] = self.model._default_manager.filter(mine)
        return found.order_by("pk") if self.own else found.none()

    def leave(self, person: User, leaving: Leaving) -> None:
        """Let the person leave this table."""
        if self.leaves is not None:
            self.leaves(self, person, leaving)
        elif self.words:
            self.rows(person).order_by().update(**self.words)


#: Says why somebody cannot leave yet, in sentences that tell what to do first.
Obstacle = Callable[[User, datetime.datetime], Iterable[Promise | str]]

_holdings: dict[type[Model], Holding] = {}
_nothing: dict[str, str] = {}
_obstacles: list[Obstacle] = []


def register(*holdings: Holding) -> None:
    """Declare what an app holds of people; called once at start-up, in the app's ``ready``."""
    _holdings.update({holding.model: holding for holding in holdings})


def register_nothing(reasons: Mapping[str, str]) -> None:
    """Declare the models ("app.model") that hold nothing of anybody, each with the reason."""
    _nothing.update(reasons)


def register_obstacle(obstacle: Obstacle) -> None:
    """Declare what keeps somebody from leaving; called once at start-up."""
    if obstacle not in _obstacles:
        _obstacles.append(obstacle)


def all_holdings() -> list[Holding]:
    """Return the declarations, what hangs on others first and the person's own row last."""
    return sorted(_holdings.values(), key=lambda holding: holding.model is User)


def holds_nothing() -> Mapping[str, str]:
    """Return the models that hold nothing of anybody, with the reasons."""
    return _nothing


def obstacles_of(person: User, now: datetime.datetime) -> list[Promise | str]:
    """Return why a person cannot leave yet; nothing where they can."""
    return [sentence for obstacle in _obstacles for sentence in obstacle(person, now)]
