"""Where somebody is signed in: each session with a name for its browser, and no IP address."""

import datetime
from typing import cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from .models import Device, User

KEY = "device"

# What a browser calls itself, in the order to look: most name the others as well.
_BROWSERS = (
    ("SamsungBrowser", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def _first(named: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in named if mark in agent), "")


def begin(
    request: HttpRequest, user: User, *, started_at: datetime.datetime | None = None
) -> Device:
    """Note that somebody is signed in here; the session gets a row if it has none yet."""
    if not request.session.session_key:
        request.session.save()
    agent = request.headers.get("User-Agent", "")[:500]
    device, _made = Device.objects.update_or_create(
        session_id=request.session.session_key,
        defaults={
            "user": user,
            "browser": _first(_BROWSERS, agent),
            "system": _first(_SYSTEMS, agent),
            "started_at": started_at or timezone.now(),
            "last_seen_date": timezone.localdate(),
        },
    )
    request.session[KEY] = timezone.localdate().isoformat()
    return device


def note_day(request: HttpRequest) -> None:
    """Note that this device was seen today, once a day; that also keeps it signed in."""
    today = timezone.localdate()
    if request.session.get(KEY, "") in ("", today.isoformat()):
        return
    request.session[KEY] = today.isoformat()
    Device.objects.filter(session_id=request.session.session_key).update(last_seen_date=today)


def here(request: HttpRequest) -> Device | None:
    """Return the device that a request comes from."""
    return Device.objects.filter(session_id=request.session.session_key).first()


def of(user: User) -> QuerySet[Device]:
    """Return where somebody is signed in, newest first."""
    found = Device.objects.filter(user=user, session__expire_date__gt=timezone.now())
    return found.order_by("-started_at", "-pk")


def end(device: Device) -> None:
    """Sign a device out: its next request comes from nobody."""
    Session.objects.filter(pk=device.session_id).delete()


def end_all(user: User, *, but: HttpRequest | None = None) -> int:
    """Sign somebody out everywhere, or everywhere but here; return from how many devices."""
    found = Device.objects.filter(user=user)
    if but is not None:
        found = found.exclude(session_id=cast(str, but.session.session_key))
    count = found.count()
    Session.objects.filter(pk__in=found.values("session_id")).delete()
    return count + _end_unlisted(user, but=but)


def _end_unlisted(user: User, *, but: HttpRequest | None) -> int:
    """End the sessions of somebody that began before devices were noted."""
    unlisted = Session.objects.filter(device__isnull=True, expire_date__gt=timezone.now())
    theirs = [
        session.pk
        for session in unlisted.iterator(chunk_size=500)
        if (but is None or session.pk != but.session.session_key)
        and session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)
