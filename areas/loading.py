"""Loads the areas of the deal, and the way all reference data is loaded."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models

from areas.models import Area

FOLDER = Path(__file__).parent / "reference"


def ensure_row(model: type[models.Model], *, key: dict[str, Any], values: dict[str, Any]) -> bool:
    """Create a row if it is not there, and fill what is still empty in one that is.

    What staff wrote in the meantime is never overwritten, so loading again is always safe.

    Args:
        key: the fields that say which row it is.
        values: its other fields; ``None`` and empty ones are left alone.

    Returns:
        Whether the row was created.
    """
    row = model._default_manager.filter(**key).first()
    if row is None:
        model._default_manager.create(**key, **values)
        return True
    empty = {
        name: value
        for name, value in values.items()
        if value not in (None, "") and getattr(row, name) in (None, "")
    }
    if empty:
        for name, value in empty.items():
            setattr(row, name, value)
        row.save(update_fields=list(empty))
    return False


def in_languages(field: str, texts: dict[str, str]) -> dict[str, str]:
    """Return a translated field's values as its columns: ``{"nl": …}`` becomes ``name_nl``."""
    return {f"{field}_{language}": text for language, text in texts.items()}


def load_areas() -> int:
    """Load the areas with their parents; return how many were created."""
    created = 0
    with (FOLDER / "areas.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            # A name is the same in a language unless the table says otherwise.
            names = {"nl": row["name"]} | {
                language: row[f"name_{language}"] or row["name"]
                for language in ("en", "pl", "bg", "ro")
            }
            parent = Area.objects.get(slug=row["parent"]) if row["parent"] else None
            created += ensure_row(
                Area,
                key={"slug": row["slug"]},
                values={
                    **in_languages("name", names),
                    "kind": row["kind"],
                    "parent": parent,
                    "wijk_codes": row["wijk_codes"],
                    "buurt_codes": row["buurt_codes"],
                    "postcodes": row["postcodes"],
                    "latitude": Decimal(row["approx_lat"]),
                    "longitude": Decimal(row["approx_lon"]),
                    "note": row["note"],
                    "accepts_contributions": row["accepts_contributions"] == "yes",
                },
            )
    return created
