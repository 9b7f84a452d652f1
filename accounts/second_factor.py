"""Who must show a second factor, and whether a session was made with one.

Whoever can do something to others must. Each app that knows of such people declares them once: as a
condition on ``User``, and as the table whose rows it asks. The statement that reads the signed-in
person looks whether there is any such row, so that asking costs most people's requests nothing.
"""

import datetime
import time
from collections.abc import Callable
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, Model, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone

from .models import OrganisationGrant, Role, RoleGrant, User

#: Returns a condition that holds for a person at a moment.
Condition = Callable[[datetime.datetime], Q]

#: Roles that review, answer, pay or grant. Those who read summaries see nobody in them.
ACTING_ROLES = (Role.MODERATOR, Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR)

SHOWN_KEY = "second_factor_at"

_conditions: dict[str, Condition] = {}
_rows: dict[str, str] = {}


def register(name: str, condition: Condition, *, model: type[Model], person: str) -> None:
    """Declare who can do something to others; called once at start-up, in the app's ``ready``.

    Args:
        model: without a row of it, ever, the condition holds for nobody.
        person: its foreign key to the person.
    """
    _conditions[name] = condition
    table, column = model._meta.db_table, f"{person}_id"
    # Names of our own tables, from the models.
    _rows[name] = f"SELECT 1 FROM {table} WHERE {table}.{column} = accounts_user.id"  # noqa: S608


def ever_acting() -> str:
    """Return SQL that says of a row of ``accounts_user`` whether any condition could hold."""
    return " OR ".join(f"EXISTS ({rows})" for rows in _rows.values())


def acting_by_role(now: datetime.datetime) -> Q:
    """Say of whom a grant lets them act."""
    grants = RoleGrant.objects.current(now).filter(user=OuterRef("pk"), role__in=ACTING_ROLES)
    return Q(Exists(grants))


def writing_for_others(now: datetime.datetime) -> Q:
    """Say of whom a grant lets them write in an organisation's name."""
    return Q(Exists(OrganisationGrant.objects.current(now).filter(user=OuterRef("pk"))))


def acts_for_others(now: datetime.datetime) -> "ExpressionWrapper[Q]":
    """Return the condition of all apps together, to annotate a person with."""
    condition = reduce(or_, (one(now) for one in _conditions.values()))
    return ExpressionWrapper(condition, output_field=BooleanField())


def needs_second_factor(user: User) -> bool:
    """Say whether somebody must show a second factor.

    One query, unless it came with the person that they never could (``accounts.backends``).
    """
    if not settings.SECOND_FACTOR_REQUIRED or not user.is_active:
        return False
    known = getattr(user, "acts_for_others", None)
    if known is None:
        people = User.objects.annotate(acts_for_others=acts_for_others(timezone.now()))
        known = people.filter(pk=user.pk, acts_for_others=True).exists()
    return bool(known)


def mark_shown(request: HttpRequest) -> None:
    """Note that whoever holds this session showed a second factor in it."""
    request.session[SHOWN_KEY] = time.time()


def was_shown(request: HttpRequest) -> bool:
    """Say whether a second factor was shown in this session."""
    return SHOWN_KEY in request.session
