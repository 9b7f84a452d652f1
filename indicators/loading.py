"""Loads the deal's themes, target groups and interventions."""

import json
from pathlib import Path
from typing import Any

from areas.loading import ensure_row, in_languages
from indicators.models import Intervention, TargetGroup, Theme

FOLDER = Path(__file__).parent / "reference"


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return rows


def load_themes() -> int:
    """Load the themes; return how many were created."""
    return sum(
        ensure_row(
            Theme,
            key={"slug": row["slug"]},
            values={
                **in_languages("short_name", row["short_name"]),
                **in_languages("name", row["name"]),
                **in_languages("aim", row["aim"]),
                "colour_key": row["colour_key"],
                "order": row["order"],
            },
        )
        for row in _rows("themes.json")
    )


def load_target_groups() -> int:
    """Load the target groups; return how many were created."""
    return sum(
        ensure_row(
            TargetGroup,
            key={"slug": row["slug"]},
            values={**in_languages("name", row["name"]), "order": row["order"]},
        )
        for row in _rows("target_groups.json")
    )


def load_interventions() -> int:
    """Load the interventions under their themes; return how many were created."""
    themes = {theme.slug: theme for theme in Theme.objects.all()}
    return sum(
        ensure_row(
            Intervention,
            key={"theme": themes[row["theme"]], "number": row["number"]},
            values=in_languages("name", row["name"]),
        )
        for row in _rows("interventions.json")
    )
