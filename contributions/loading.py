"""Loads the first version of the house rules."""

import json
from pathlib import Path

from areas.loading import in_languages
from contributions.models import HouseRule

FILE = Path(__file__).parent / "reference" / "house_rules.json"


def load_house_rules() -> int:
    """Load the rules that have no version at all yet; return how many were created.

    A rule that staff changed or ended is left alone: its versions are the record.
    """
    created = 0
    for row in json.loads(FILE.read_text(encoding="utf-8")):
        if HouseRule.objects.filter(code=row["code"]).exists():
            continue
        HouseRule.objects.create(
            code=row["code"],
            order=row["order"],
            **in_languages("title", row["title"]),
            **in_languages("text", row["text"]),
        )
        created += 1
    return created
