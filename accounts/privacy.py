"""What this app holds of people, and how it lets go of them."""

import datetime
from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .actions import keeps_admin
from .cards import end_cards
from .holdings import Holding, Leaving, register, register_nothing, register_obstacle
from .models import (
    Card,
    Device,
    FactorReset,
    Identity,
    OrganisationGrant,
    Role,
    RoleAct,
    RoleGrant,
    User,
)

#: Ends the address of an emptied row: no mailbox can be there (RFC 2606, section 2).
NO_MAILBOX = "@left.invalid"


def empty_row(holding: Holding, person: User, leaving: Leaving) -> None:
    """Empty a person's row; it stays, so that counts and records keep its number."""
    with transaction.atomic():
        row = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        nobody = f"left-{row.pk}"
        row.email = nobody + NO_MAILBOX
        row.pseudonym = nobody
        row.display_name = row.business_name = row.age_band = ""
        row.age_confirmed_at = row.area = row.last_login = None
        row.kind = User.Kind.RESIDENT
        row.language = settings.LANGUAGE_CODE
        row.is_active = False
        row.left_at = row.left_at or leaving.now
        row.set_unusable_password()
        row.save()


def end_and_empty_cards(holding: Holding, person: User, leaving: Leaving) -> None:
    """End a person's card and forget where it was given; who gave cards, and when, stays."""
    end_cards(person, leaving.now)
    holding.rows(person).order_by().update(area=None)


def delete_rows(holding: Holding, person: User, leaving: Leaving) -> None:
    """Delete a person's rows: nothing counts them."""
    holding.rows(person).order_by().delete()


def forget_sessions(holding: Holding, person: User, leaving: Leaving) -> None:
    """Delete the sessions of a person, and those in which their address was typed.

    A session is signed text: whose it is shows only once it is read.
    """
    address = person.email or ""
    if address.endswith(NO_MAILBOX):
        address = ""
    gone = []
    for session in Session.objects.iterator(chunk_size=500):
        told = session.get_decoded()
        if str(told.get(SESSION_KEY)) == str(person.pk) or (address and _holds(told, address)):
            gone.append(session.pk)
    Session.objects.filter(pk__in=gone).delete()


def _holds(told: Any, word: str) -> bool:
    """Say whether a word stands somewhere in what a session holds: the whole of it, not a part."""
    if isinstance(told, dict):
        return any(_holds(part, word) for part in told.values())
    if isinstance(told, list | tuple):
        return any(_holds(part, word) for part in told)
    return isinstance(told, str) and told.casefold() == word


def _end_roles(person: User, now: datetime.datetime) -> None:
    """End every role of a person. One that has not begun yet lasts no time worth speaking of."""
    for model in (RoleGrant, OrganisationGrant):
        over = Q(ends_at__isnull=False, ends_at__lte=now)
        grants = model._default_manager.filter(user=person).exclude(over)
        grants.filter(starts_at__lt=now).update(ends_at=now)
        grants.filter(starts_at__gte=now).update(ends_at=F("starts_at") + now.resolution)


def last_administrator(person: User, now: datetime.datetime) -> Iterable[Promise]:
    """Say that somebody is the only one left who can grant roles.

    Their grants are locked, so that of two who leave at once one stays.
    """
    with transaction.atomic():
        grants = RoleGrant.objects.select_for_update(no_key=True).order_by("pk")
        rows = list(grants.filter(role=Role.ADMINISTRATOR))
        if not any(row.user_id == person.pk and row.is_current(now) for row in rows):
            return []
        others = [row.user_id for row in rows if row.user_id != person.pk and keeps_admin(row, now)]
        if User.objects.filter(pk__in=others, is_active=True).exists():
            return []
    return [
        _("You are the only administrator. Give somebody else that role first. Then you can leave.")
    ]


HOLDINGS = (
    Holding(
        User,
        _("Who you are: your address, your names, your age group and your neighbourhood"),
        through=lambda person: User.objects.filter(pk=person.pk),
        words={
            "email": "",
            "display_name": "",
            "pseudonym": "",
            "business_name": "",
            "password": "",
            "language": "",
        },
        secret=("password",),
        leaves=empty_row,
    ),
    Holding(
        EmailAddress,
        _("The address to which your codes go"),
        own=("user",),
        words={"email": ""},
        leaves=delete_rows,
    ),
    Holding(
        Card,
        _("The cards with which you sign in"),
        own=("user",),
        numbers=("given_by",),
        kept={"number": "digits by chance, which say nothing: the record of who gave cards, when"},
        # With these somebody could get in.
        secret=("code_digest", "pin", "form_digest"),
        ends=end_cards,
        leaves=end_and_empty_cards,
    ),
    Holding(
        RoleGrant,
        _("Roles that you had"),
        own=("user",),
        numbers=("granted_by",),
        kept={"language": "where the role held: the record of who could do what, when"},
        ends=_end_roles,
    ),
    Holding(
        OrganisationGrant,
        _("Organisations in whose name you could write"),
        own=("user",),
        numbers=("granted_by",),
    ),
    Holding(
        Device,
        _("The devices on which you are signed in"),
        own=("user",),
        words={"browser": "", "system": ""},
        # Whoever has the key of a session is in.
        secret=("session",),
        leaves=delete_rows,
    ),
    Holding(
        Authenticator,
        _("Your second steps for signing in"),
        own=("user",),
        words={"data": {}},
        secret=("data",),
        leaves=delete_rows,
    ),
    Holding(
        Identity,
        _("Your sign-in with another provider"),
        own=("user",),
        words={"pseudonym": ""},
        secret=("pseudonym",),
        leaves=delete_rows,
    ),
    Holding(
        RoleAct,
        _("What you did by a role or a seat"),
        own=("by",),
        kept={
            "roles": "codes of roles: the record of who could do what",
            "act": "the code of an act",
            "about": "the name of a model",
            "details": "numbers and codes; accounts.record refuses words",
        },
    ),
    Holding(
        FactorReset,
        _("That your second steps were taken away"),
        own=("user",),
        numbers=("reset_by",),
    ),
    Holding(
        Session,
        _("The browsers in which you are signed in"),
        words={"session_data": "", "session_key": ""},
        leaves=forget_sessions,
    ),
)
NOTHING = {
    "accounts.organisation": "bodies, named by the office",
    "account.emailconfirmation": "allauth's own mails, which are not used here; goes with its row",
    "areas.area": "places",
    "areas.border": "lines on a map",
    "areas.borderimport": "what a reading of borders brought",
    "auth.group": "roles are grants; nothing uses it",
    "auth.permission": "names of rights in the admin",
    "auth.group_permissions": "nothing uses it",
    "contenttypes.contenttype": "names of models",
}


def declare() -> None:
    """Declare it, at start-up."""
    register(*HOLDINGS)
    register_nothing(NOTHING)
    register_obstacle(last_administrator)
