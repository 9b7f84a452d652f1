"""Loads what the deal is about and its figures, each text in the languages there is a file for."""

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from areas.loading import ensure_row, in_languages
from areas.models import Area
from indicators.models import (
    BudgetLine,
    Indicator,
    Intervention,
    Measurement,
    Target,
    TargetGroup,
    Theme,
)

FOLDER = Path(__file__).parent / "reference"


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return rows


def load_themes() -> int:
    """Load the themes, with the totals of their budget; return how many were created."""
    totals = {row["theme"]: row for row in _rows("budget.json") if row["number"] == 0}
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
                "region_cents": _cents(totals[row["slug"]]["region_keur"]),
                "state_cents": _cents(totals[row["slug"]]["state_keur"]),
            },
        )
        for row in _rows("themes.json")
    )


def _cents(thousands_of_euros: int) -> int:
    return thousands_of_euros * 1000 * 100


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


class Texts:
    """The words that go with the figures, one file per language."""

    def __init__(self) -> None:
        self.by_language: dict[str, dict[str, Any]] = {
            path.stem: json.loads(path.read_text(encoding="utf-8"))
            for path in sorted((FOLDER / "figures").glob("*.json"))
        }

    def of(self, part: str, key: str, *fields: str) -> dict[str, str]:
        """Return the columns of a row's texts: ``{"name_nl": …, "name_pl": …}``."""
        columns: dict[str, dict[str, str]] = defaultdict(dict)
        for language, texts in self.by_language.items():
            told = texts[part].get(key, {})
            for field in fields:
                text = told if isinstance(told, str) else told.get(field, "")
                if text:
                    columns[field][language] = text
        values: dict[str, str] = {}
        for field, by_language in columns.items():
            values |= in_languages(field, by_language)
        return values


def load_budget_lines() -> int:
    """Load the lines under each theme's budget; return how many were created."""
    themes = {theme.slug: theme for theme in Theme.objects.all()}
    texts = Texts()
    return sum(
        ensure_row(
            BudgetLine,
            key={"theme": themes[row["theme"]], "number": row["number"]},
            values={
                **texts.of("budget_lines", f"{row['theme']}/{row['number']}", "name"),
                "amount_cents": _cents(row["amount_keur"]),
            },
        )
        for row in _rows("budget.json")
        if row["number"]
    )


def load_indicators() -> int:
    """Load the indicators with what touches them; return how many were created."""
    themes = {theme.slug: theme for theme in Theme.objects.all()}
    groups = {group.slug: group for group in TargetGroup.objects.all()}
    interventions = {
        f"{intervention.theme.slug}/{intervention.number}": intervention
        for intervention in Intervention.objects.select_related("theme")
    }
    texts = Texts()
    created = 0
    for order, row in enumerate(_rows("indicators.json"), start=1):
        is_new = ensure_row(
            Indicator,
            key={"slug": row["slug"]},
            values={
                **texts.of("indicators", row["slug"], "name", "sentence", "explanation"),
                **texts.of("sources", row["source"], "source"),
                "theme": themes[row["theme"]],
                "unit": row["unit"],
                "better": row["better"],
                "source_year": row["year"],
                "may_be_asked": row["may_be_asked"],
                "order": order,
            },
        )
        if is_new:
            indicator = Indicator.objects.get(slug=row["slug"])
            indicator.target_groups.set(groups[slug] for slug in row["target_groups"])
            indicator.interventions.set(interventions[key] for key in row["interventions"])
        created += is_new
    return created


def load_measurements() -> int:
    """Load the printed figures; return how many were created."""
    indicators = {indicator.slug: indicator for indicator in Indicator.objects.all()}
    areas = {area.slug: area for area in Area.objects.all()}
    texts = Texts()
    created = 0
    with (FOLDER / "measurements.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            created += ensure_row(
                Measurement,
                key={
                    "indicator": indicators[row["indicator"]],
                    "area": areas[row["area"]],
                    "period": row["period"],
                },
                values={
                    **{
                        name: Decimal(row[name]) if row[name] else None
                        for name in ("value", "low", "high")
                    },
                    **texts.of("measurements", f"{row['indicator']}/{row['area']}", "text", "note"),
                    "status": row["status"],
                },
            )
    return created


def load_targets() -> int:
    """Load the targets that can be read from the deal's aims; return how many were created."""
    return sum(
        ensure_row(
            Target,
            key={
                "indicator": Indicator.objects.get(slug=row["indicator"]),
                "area": Area.objects.get(slug=row["area"]),
                "target_group": None,
                "year": row["year"],
            },
            values={"value": Decimal(row["value"])},
        )
        for row in _rows("targets.json")
    )
