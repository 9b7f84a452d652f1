"""Starting and ending a shared device, and what becomes of each visit on it."""

import datetime
import hashlib
import secrets

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.models import Role, User
from accounts.permissions import can_give_cards
from accounts.record import on_the_record
from contributions import browsers
from contributions.drafts import draft_key
from contributions.kinds import all_kinds
from contributions.models import AuthorAct, Revision, SpokenText, Translation
from contributions.retention import delete_draft
from ideas.models import Support
from participatie.shared_devices.models import SharedDevice

log = structlog.get_logger(__name__)

#: A device stands at an information point for as long as a cookie may stay.
KEPT_SECONDS = 365 * 24 * 3600
#: The server waits a little longer than the page says: what somebody typed last must still arrive.
SERVER_WAITS = 1.25


class MayNotShare(Exception):
    """The person may not start a shared device, or not end this one."""


# --- The device -----------------------------------------------------------------------------------


def can_share(user: User) -> bool:
    """Say whether somebody may make a device a shared one: who may give cards may."""
    return can_give_cards(user)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def of(request: HttpRequest) -> SharedDevice | None:
    """Return the shared device that a request comes from (one query where there is the cookie)."""
    cookie = settings.SHARED_DEVICE_COOKIE
    if cookie not in request.COOKIES:
        return None
    key = request.get_signed_cookie(cookie, default="", max_age=KEPT_SECONDS)
    if not key:
        return None
    return SharedDevice.objects.running().filter(key_digest=_digest(str(key))).first()


def new_key() -> str:
    return secrets.token_urlsafe(32)


@on_the_record
@transaction.atomic
def start(*, by: User, name: str, code: str, key: str) -> SharedDevice:
    """Make a device a shared one: ``key`` goes into its cookie, ``code`` ends it there.

    Raises ``MayNotShare``.
    """
    if not can_share(by):
        raise MayNotShare
    return SharedDevice.objects.create(
        name=name, key_digest=_digest(key), code=make_password(code), started_by=by
    )


def those_of(user: User) -> list[SharedDevice]:
    """Return the devices that somebody may end: their own; the programme office all of them."""
    found = SharedDevice.objects.running().select_related("started_by")
    if not user.has_role(Role.PROGRAMME_OFFICE):
        found = found.filter(started_by=user)
    return list(found[:50])


@on_the_record
@transaction.atomic
def end(*, device: SharedDevice, by: User, now: datetime.datetime | None = None) -> None:
    """End a device from elsewhere; doing it twice is not an error. Raises ``MayNotShare``."""
    if device.started_by_id != by.pk and not by.has_role(Role.PROGRAMME_OFFICE):
        raise MayNotShare
    _end(device, by, now or timezone.now())


def end_here(*, device: SharedDevice, code: str, now: datetime.datetime | None = None) -> bool:
    """End a device with the code of who started it; return whether it was the right one."""
    if not check_password(code, device.code):
        return False
    _end(device, None, now or timezone.now())
    return True


def _end(device: SharedDevice, by: User | None, now: datetime.datetime) -> None:
    SharedDevice.objects.running().filter(pk=device.pk).update(ended_at=now, ended_by=by)
    forget_drafts(device)
    log.info("shared device ended", device_id=device.pk, by_id=by.pk if by else None)


def mark(response: HttpResponseBase, key: str) -> None:
    """Let the browser know that it is a shared one."""
    response.set_signed_cookie(
        settings.SHARED_DEVICE_COOKIE,
        key,
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def unmark(response: HttpResponseBase) -> None:
    response.delete_cookie(settings.SHARED_DEVICE_COOKIE, samesite="Lax")


# --- A visit on it --------------------------------------------------------------------------------


def forget_drafts(device: SharedDevice) -> None:
    """Delete the drafts that whoever used a device last has begun and did not take along."""
    if not device.draft_key:
        return
    for kind in all_kinds():
        held = kind.model._default_manager.all().held_by(device.draft_key)  # type: ignore[attr-defined]
        for draft in list(held):
            delete_draft(draft=draft)
    SharedDevice.objects.filter(pk=device.pk).update(draft_key="")
    device.draft_key = ""


def keep_up(device: SharedDevice, request: HttpRequest) -> None:
    """Let the session end with the time that people have here, and note whose drafts are here."""
    # Reading from it finds out whether there is a session.
    key = draft_key(request)
    if not request.session.is_empty():
        request.session.set_expiry(round(settings.SHARED_PLACE_SECONDS * SERVER_WAITS))
    if key != device.draft_key:
        forget_drafts(device)
        SharedDevice.objects.filter(pk=device.pk).update(draft_key=key)
        device.draft_key = key


def end_visit(device: SharedDevice, request: HttpRequest) -> None:
    """Sign out whoever was here, and forget what they left on the server."""
    logout(request)
    forget_drafts(device)


def leave_nothing(response: HttpResponseBase) -> None:
    """Let the browser forget what it knows of who was here; only that it is shared stays."""
    for name in (browsers.COOKIE, "messages"):
        response.delete_cookie(name, samesite="Lax")
    response.delete_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        samesite="Lax",
    )
    # What scripts keep, and pages that the back button would show.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def took_part(person: User, since: datetime.datetime) -> bool:
    """Say whether somebody took part since a moment: with a text, a voice, or support.

    A tap beside a figure is none: there are many on a page.
    """
    return (
        AuthorAct.objects.filter(by=person, done_at__gte=since).exists()
        or Support.objects.filter(person=person, created_at__gte=since).exists()
        or Revision.objects.filter(created_by=person, created_at__gte=since).exists()
        or SpokenText.objects.filter(made_by=person, made_at__gte=since).exists()
        or Translation.objects.filter(made_by=person, made_at__gte=since).exists()
    )
