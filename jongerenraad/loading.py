"""Loads the councils that the platform starts with."""

import json
from pathlib import Path

from accounts.models import Organisation
from areas.loading import ensure_row, in_languages
from jongerenraad.models import Council

FILE = Path(__file__).parent / "reference" / "council.json"


def load_councils() -> int:
    """Load the councils with their by-laws and texts; return how many were created."""
    created = 0
    for row in json.loads(FILE.read_text(encoding="utf-8")):
        # One that is there keeps the name in which it writes, whatever staff made of it.
        known = Council.objects.filter(slug=row["slug"]).select_related("organisation").first()
        if known is not None:
            organisation = known.organisation
        else:
            organisation, _made = Organisation.objects.get_or_create(
                name=row["organisation"], defaults={"kind": Organisation.Kind.COUNCIL}
            )
        created += ensure_row(
            Council,
            key={"slug": row["slug"]},
            values={
                "organisation": organisation,
                **in_languages("name", row["name"]),
                **in_languages("intro", row["intro"]),
                **row["by_laws"],
            },
        )
    return created
