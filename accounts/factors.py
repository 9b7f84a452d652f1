"""Every write about second factors: codes of an app, passkeys, recovery codes.

The rows are allauth's. Each act locks the person first: of two that take away the last two
factors at once, one is refused.
"""

import base64
import secrets
import time
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import quote, urlencode

import structlog
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from . import devices, sealing
from .models import FactorReset, Role, User
from .record import on_the_record
from .second_factor import needs_second_factor

log = structlog.get_logger(__name__)

APP, CODES, PASSKEY = (
    Authenticator.Type.TOTP,
    Authenticator.Type.RECOVERY_CODES,
    Authenticator.Type.WEBAUTHN,
)
#: What counts as a second factor; recovery codes only stand in for one.
FACTORS = (APP, PASSKEY)
MAX_PASSKEYS = 10
APP_DIGITS = 6
#: So long a code holds (RFC 6238); the one before and after do too, for clocks that are off.
STEP_SECONDS = 30


class FactorRefused(Exception):
    """Something about second factors cannot be done like this; the message says why."""

    message = _("This did not work. Try it again.")


class WrongCode(FactorRefused):
    message = _("This is not the code that the app shows now. Look again, then type it.")


class AppIsThere(FactorRefused):
    message = _("You have an app already. Remove it first if you want another one.")


class TooManyPasskeys(FactorRefused):
    message = _("You have ten passkeys. Remove one that you no longer use first.")


class LastFactor(FactorRefused):
    message = _("Your role needs a second step. Add another one first, then remove this one.")


class NoFactor(FactorRefused):
    message = _("Add an app or a passkey first.")


class NotAnAdministrator(FactorRefused):
    message = _("Only another administrator can do this.")


class Shown(Enum):
    """With what somebody showed a second factor."""

    APP = "app"
    RECOVERY_CODE = "recovery code"


def has_factor(user: User) -> bool:
    """Say whether somebody has a second factor (one query)."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def of(user: User) -> dict[str, list[Authenticator]]:
    """Return somebody's factors by kind, oldest first (one query)."""
    found: dict[str, list[Authenticator]] = {APP: [], PASSKEY: [], CODES: []}
    for row in Authenticator.objects.filter(user_id=user.pk).order_by("pk"):
        found[row.type].append(row)
    return found


def new_secret() -> str:
    """Return a secret for an app: 160 bits (RFC 4226), in letters that people can type over."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def app_address(user: User, secret: str) -> str:
    """Return what an app reads from the square (the otpauth scheme that all of them know)."""
    label = quote(f"{settings.SITE_NAME}:{user.email or user.pseudonym}")
    query = {"secret": secret, "issuer": settings.SITE_NAME}
    return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"


def _step_of(secret: str, typed: str) -> int | None:
    """Return which half minute a code belongs to, if it is one that holds now."""
    now = int(time.time()) // STEP_SECONDS
    for step in (now - 1, now, now + 1):
        if constant_time_compare(format_hotp_value(hotp_value(secret, step)), typed):
            return step
    return None


def _locked(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _codes_if_first(user: User) -> list[str]:
    """Make recovery codes for whoever has none; return them, to be shown this once."""
    if Authenticator.objects.filter(user_id=user.pk, type=CODES).exists():
        return []
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


@transaction.atomic
def add_app(*, user: User, secret: str, typed: str) -> list[str]:
    """Add an app that shows codes, once it showed the right one.

    Returns recovery codes if these are the first. Raises ``WrongCode`` or ``AppIsThere``.
    """
    person = _locked(user)
    if Authenticator.objects.filter(user_id=person.pk, type=APP).exists():
        raise AppIsThere
    step = _step_of(secret, typed)
    if step is None:
        raise WrongCode
    Authenticator.objects.create(
        user=person, type=APP, data={"secret": sealing.seal(secret), "last_step": step}
    )
    log.info("factor added", user_id=person.pk, kind=APP.value)
    return _codes_if_first(person)


@transaction.atomic
def add_passkey(*, user: User, name: str, credential: dict[str, Any]) -> list[str]:
    """Add a passkey that was checked (``passkeys.registered``).

    Returns recovery codes if these are the first. Raises ``TooManyPasskeys``.
    """
    person = _locked(user)
    if Authenticator.objects.filter(user_id=person.pk, type=PASSKEY).count() >= MAX_PASSKEYS:
        raise TooManyPasskeys
    Authenticator.objects.create(
        user=person, type=PASSKEY, data={"name": name, "credential": credential}
    )
    log.info("factor added", user_id=person.pk, kind=PASSKEY.value)
    return _codes_if_first(person)


@transaction.atomic
def remove(*, user: User, kind: str, pk: int | None = None) -> bool:
    """Take away an app, or the passkey with this number; with the last one go the recovery codes.

    Returns whether it was there. Raises ``LastFactor`` when the person's role needs one.
    """
    person = _locked(user)
    rows = list(Authenticator.objects.filter(user_id=person.pk, type__in=FACTORS))
    going = [row for row in rows if row.type == kind and pk in (None, row.pk)]
    if not going:
        return False
    is_last = len(going) == len(rows)
    if is_last and needs_second_factor(person):
        raise LastFactor
    kinds = (*FACTORS, CODES) if is_last else (kind,)
    gone = Authenticator.objects.filter(user_id=person.pk, type__in=kinds)
    (gone if is_last else gone.filter(pk__in=[row.pk for row in going])).delete()
    log.info("factor removed", user_id=person.pk, kind=str(kind))
    return True


@transaction.atomic
def make_recovery_codes(*, user: User) -> list[str]:
    """Return new recovery codes; the old ones no longer work. Raises ``NoFactor``."""
    person = _locked(user)
    if not has_factor(person):
        raise NoFactor
    Authenticator.objects.filter(user_id=person.pk, type=CODES).delete()
    log.info("recovery codes made", user_id=person.pk)
    return _codes_if_first(person)


def recovery_codes_left(row: Authenticator) -> int:
    """Return how many recovery codes were not used yet."""
    return len(RecoveryCodes(row).get_unused_codes())


@transaction.atomic
def show(*, user: User, typed: str, now: datetime | None = None) -> Shown | None:
    """Check a code of an app or a recovery code; each is right once.

    Returns what it was, or None when it is neither.
    """
    now = now or timezone.now()
    # The rows are locked: of many that show one code at the same moment, one is let in.
    locked = Authenticator.objects.select_for_update().filter(user_id=user.pk)
    rows = {row.type: row for row in locked.filter(type__in=(APP, CODES)).order_by("pk")}
    app, codes = rows.get(APP), rows.get(CODES)
    if len(typed) == APP_DIGITS:
        step = _step_of(sealing.unseal(app.data["secret"]), typed) if app else None
        if app is None or step is None or step <= app.data["last_step"]:
            return None
        app.data["last_step"] = step
        app.last_used_at = now
        app.save(update_fields=["data", "last_used_at"])
        return Shown.APP
    if codes is None or not RecoveryCodes(codes).validate_code(typed):
        return None
    Authenticator.objects.filter(pk=codes.pk).update(last_used_at=now)
    return Shown.RECOVERY_CODE


@on_the_record
@transaction.atomic
def reset(*, user: User, by: User | None) -> FactorReset:
    """Take all second factors away from somebody who lost them, and sign them out everywhere.

    ``by`` is None only for the command on the server. Raises ``NotAnAdministrator``, also for
    oneself. Whoever's role needs a second factor is led to a new one after the next sign-in.
    """
    person = _locked(user)
    if by is not None and (by.pk == person.pk or not by.has_role(Role.ADMINISTRATOR)):
        raise NotAnAdministrator
    Authenticator.objects.filter(user_id=person.pk).delete()
    devices.end_all(person)
    made = FactorReset.objects.create(user=person, reset_by=by)
    log.info("factors reset", user_id=person.pk, by_id=by.pk if by else None)
    return made
