"""Talks of a messenger, and what people tell there, made by the same actions as the pages."""

import datetime
import secrets
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from areas.models import Area
from contributions import actions as review
from contributions.actions import Entry, Slip
from contributions.models import AssistedSession
from ideas.actions import tell_initiative
from tests import scenes

TITLE = "O bancă în piață"
TEXT = "În piața noastră nu este niciun loc unde să stai jos, iar bunica mea obosește pe drum."


def messenger(*, language: str = "ro", area: Area | None = None) -> User:
    """Return a trusted messenger."""
    return scenes.granted(Role.MESSENGER, language=language, area=area)


def talk(
    held_by: User | None = None,
    *,
    place: str = "The table in the library",
    language: str = "ro",
    where: Area | None = None,
    now: datetime.datetime | None = None,
) -> AssistedSession:
    """Return a talk that is open on its day."""
    return review.open_session(
        by=held_by or messenger(language=language),
        place=place,
        language=language,
        area=where or scenes.area(),
        now=now,
    )


def entry(**told: Any) -> Entry:
    """Return what comes with the words of one person."""
    return Entry(
        **{
            "key": secrets.token_urlsafe(24),
            "digest": "",
            "first_name": "Ileana",
            "is_16": True,
            "has_consent": True,
            **told,
        }
    )


def told(
    at: AssistedSession | None = None,
    title: str = TITLE,
    *,
    text: str = TEXT,
    now: datetime.datetime | None = None,
    **about: Any,
) -> Slip:
    """Let somebody tell an initiative; return their slip."""
    at = at or talk(now=now)
    return tell_initiative(
        session=at,
        by=at.held_by,
        entry=entry(**about),
        values={"title": title, "text": text, "theme": scenes.theme()},
        now=now or timezone.now(),
    )
