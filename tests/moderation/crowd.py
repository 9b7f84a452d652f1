"""Many texts that wait at once: rows as the actions would leave them."""

import datetime

from django.utils import timezone

from areas.models import Area
from contributions.models import Dossier, Status
from ideas.models import Comment, Initiative
from tests import scenes


def waiting(count: int, *, where: Area | None = None, language: str = "nl") -> list[Dossier]:
    """Return dossiers that wait, the longest waiting first: initiatives and comments by turns."""
    now, where, author = timezone.now(), where or scenes.area(), scenes.person()
    on, theme = scenes.initiative(where=where), scenes.theme()
    dossiers = Dossier.objects.bulk_create(
        [
            Dossier(
                kind=Comment.kind if number % 2 else Initiative.kind,
                area=where,
                language=language,
                review=Dossier.Review.BEFORE,
                review_reasons=["new_account"],
                waiting_since=now - datetime.timedelta(minutes=count - number),
                promised_date=now.date() + datetime.timedelta(days=1),
            )
            for number in range(count)
        ]
    )
    common = {
        "status": Status.SUBMITTED,
        "author": author,
        "language": language,
        "area": where,
        "submitted_at": now,
        "text": "More green in our street.",
    }
    Initiative.objects.bulk_create(
        [
            Initiative(dossier=dossier, title=f"Idea {dossier.pk}", theme=theme, **common)
            for dossier in dossiers[0::2]
        ]
    )
    Comment.objects.bulk_create(
        [Comment(dossier=dossier, initiative=on, **common) for dossier in dossiers[1::2]]
    )
    return dossiers
