"""Many initiatives at once, for lists and counts: rows as the actions would leave them."""

import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from contributions.models import Dossier, Status
from ideas.models import Initiative
from tests import scenes


def initiatives(count: int, *, author: User | None = None, **fields: Any) -> list[Initiative]:
    """Return published initiatives; a field may be a value, or a function of the row's number."""
    now = timezone.now()
    author = author or scenes.person()
    dossiers = Dossier.objects.bulk_create(
        [Dossier(kind=Initiative.kind, language="nl") for _number in range(count)]
    )
    defaults: dict[str, Any] = {
        "title": lambda number: f"Idea number {number}",
        "slug": lambda number: f"idea-number-{number}",
        "text": "More green in our street.",
        "status": Status.PUBLISHED,
        "author": author,
        "entered_by": author,
        "language": "nl",
        "area": scenes.area(),
        "theme": scenes.theme(),
        "submitted_at": now,
        "published_at": lambda number: now - datetime.timedelta(minutes=number),
        "closes_on": timezone.localdate() + datetime.timedelta(days=60),
        **fields,
    }
    return Initiative.objects.bulk_create(
        [
            Initiative(
                dossier=dossier,
                **{
                    name: value(number) if callable(value) else value
                    for name, value in defaults.items()
                },
            )
            for number, dossier in enumerate(dossiers)
        ]
    )
