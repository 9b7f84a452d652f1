"""The record of what people do by a role: one row for each act, in the transaction of the act.

An action is put on it with one line, ``@on_the_record``; what is no action notes itself with
``note_act``. A row says who, by which roles, did what, about which row, and when. It holds numbers
and codes alone: no words, names or addresses.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from .models import RoleAct, User

P = ParamSpec("P")
R = TypeVar("R")

#: Names what somebody may do by something else than a role: a seat in a council.
Seats = Callable[[User, datetime], Iterable[str]]
#: How actions call the person who acts.
ACTORS = ("by", "granted_by", "ended_by")

_CODE = re.compile(r"[\w.:-]{0,80}")
_seats: list[Seats] = []
_known: set[str] = set()


class NotACode(ValueError):
    """Something else than a number or a code was about to be put on the record."""


def register_seats(seats: Seats) -> None:
    """Declare what lets people act beside roles; called once, in the app's ``ready``."""
    if seats not in _seats:
        _seats.append(seats)


def known_acts() -> list[str]:
    """Return the names of the actions that are on the record, in order."""
    return sorted(_known)


def roles_of(person: User, now: datetime) -> str:
    """Return the codes of what somebody may act by at a moment, with commas; empty for most."""
    found = {grant.role for grant in person.current_grants}
    # Known of the person of a session: most people never had any seat (accounts.backends).
    if person.is_active and getattr(person, "acts_for_others", None) is not False:
        found.update(code for seats in _seats for code in seats(person, now))
    return ",".join(sorted(found))


def note_act(
    *,
    by: User | AnonymousUser | None,
    act: str,
    about: Model | None = None,
    details: Mapping[str, Any] | None = None,
    roles: str | None = None,
    now: datetime | None = None,
) -> RoleAct | None:
    """Put an act on the record, if the person acts by a role; return its row.

    Args:
        act: what was done, as "app.verb".
        details: numbers and codes, or lists of them.
        roles: what the person may act by, where that was asked before.

    Raises:
        NotACode: there is a word in ``details``.
    """
    if not isinstance(by, User):
        return None
    now = now or timezone.now()
    roles = roles_of(by, now) if roles is None else roles
    if not roles:
        return None
    told = dict(details or {})
    _check_codes(told.values())
    number = about.pk if about is not None else None
    return RoleAct.objects.create(
        by=by,
        roles=roles,
        act=act,
        about=about._meta.label_lower if about is not None else "",
        about_pk=number if isinstance(number, int) else None,
        details=told,
        done_at=now,
    )


def _check_codes(values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, list):
            _check_codes(value)
        elif value is not None and not isinstance(value, int) and not _CODE.fullmatch(str(value)):
            raise NotACode("The record holds numbers and codes alone.")


def on_the_record(action: Callable[P, R]) -> Callable[P, R]:
    """Put what an action does on the record, in the same transaction, for who acts by a role.

    The act is named by the app and the action ("contributions.hide"). It is about the first row
    among the action's arguments, or else about the row that it returns; the numbers of other rows
    are its details. Whoever has no role, or is nobody, leaves nothing here.
    """
    signature = inspect.signature(action)
    actor = next((name for name in ACTORS if name in signature.parameters), "")
    if not actor:
        raise TypeError(f"{action.__name__} does not say who acts.")
    act = f"{action.__module__.partition('.')[0]}.{action.__name__}"
    _known.add(act)

    @wraps(action)
    def recorded(*args: P.args, **kwargs: P.kwargs) -> R:
        given = signature.bind(*args, **kwargs).arguments
        by = given.get(actor)
        if not isinstance(by, User):
            return action(*args, **kwargs)
        now = given.get("now") or timezone.now()
        # Before the act, by which somebody may lose a role.
        roles = roles_of(by, now)
        if not roles:
            return action(*args, **kwargs)
        rows = {
            name: value
            for name, value in given.items()
            if name != actor and isinstance(value, Model)
        }
        with transaction.atomic():
            done = action(*args, **kwargs)
            about = next(iter(rows.values()), None)
            details: dict[str, Any] = {
                name: row.pk for name, row in rows.items() if row is not about
            }
            if isinstance(done, Model) and done not in rows.values():
                if about is None:
                    about = done
                else:
                    details["made"] = f"{done._meta.label_lower}:{done.pk}"
            note_act(
                by=by,
                act=act,
                about=about,
                details=details,
                roles=roles,
                now=now,
            )
        return done

    recorded.is_on_the_record = True  # type: ignore[attr-defined]
    return recorded
