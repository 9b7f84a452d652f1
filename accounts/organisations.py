"""In whose name somebody may write: each app that knows of such a right declares it once."""

import datetime
from collections.abc import Callable, Iterable

from .models import Organisation, OrganisationGrant, User

#: Returns the organisations in whose name a person may write at a moment.
Source = Callable[[User, datetime.datetime], Iterable[Organisation]]

_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Declare who may write in whose name; called once at start-up, in the app's ``ready``."""
    _sources[name] = source


def written_for_by(person: User, now: datetime.datetime) -> list[Organisation]:
    """Return in whose name a person may write at a moment, by name."""
    found = {one.pk: one for source in _sources.values() for one in source(person, now)}
    return sorted(found.values(), key=lambda one: one.name)


def granted_to(person: User, now: datetime.datetime) -> Iterable[Organisation]:
    """Return the organisations that somebody was granted to write for (one query)."""
    if not person.is_active:
        return ()
    current = OrganisationGrant.objects.current(now).filter(user=person)
    return Organisation.objects.filter(pk__in=current.values("organisation"))
