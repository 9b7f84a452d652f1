"""The figures of an area, drawn once per edition, language and state of the answers, and kept.

Drawing 120 figures takes a hundred times as long as fetching the drawing. What is kept is the same
for all who look; one's own answers are marked in it afterwards.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from areas.models import Area
from feedback.dashboard import Panel, panels_of, told_to
from feedback.models import Recognition, Trend
from feedback.voices import Own, Told
from indicators.figures import edition_of

KEPT_SECONDS = 24 * 3600
#: Raise it when the template of a panel changes, so that no old drawing is shown.
DESIGN = 2


@dataclass(frozen=True)
class Drawn:
    """One figure, drawn for everybody."""

    indicator_id: int
    slug: str
    html: str

    def for_whom(self, own: dict[int, Own]) -> str:
        """Return the drawing with one's own answers marked, if there are any."""
        answers = own.get(self.indicator_id)
        return self.html if answers is None else _marked(self, answers)


@dataclass(frozen=True)
class DrawnTheme:
    """A theme's figures in an area: its own first, then what is known of a larger area alone."""

    slug: str
    name: str
    short_name: str
    colour_key: str
    own: tuple[Drawn, ...]
    around: tuple[Drawn, ...]


@dataclass(frozen=True)
class ShownTheme:
    """A theme's figures as somebody sees them."""

    drawn: DrawnTheme
    own: SafeString
    around: SafeString


def themes_of(request: HttpRequest, area: Area, areas: dict[int, Area]) -> list[ShownTheme]:
    """Return the figures of an area under their themes, drawn for whoever looks."""
    told = told_to(request, area, areas)
    key = _key(told, area, edition_of(areas))
    themes: list[DrawnTheme] | None = caches["drawings"].get(key)
    if themes is None:
        themes = _drawn(panels_of(told, area, areas), area)
        caches["drawings"].set(key, themes, KEPT_SECONDS)
    own = told.own
    return [ShownTheme(t, _joined(t.own, own), _joined(t.around, own)) for t in themes]


def _key(told: Told, area: Area, edition: int) -> str:
    shown = (DESIGN, get_language(), area.pk, edition, told.shown_to_everybody)
    return "figures:" + hashlib.sha256(repr(shown).encode()).hexdigest()


def _joined(figures: Iterable[Drawn], own: dict[int, Own]) -> SafeString:
    # Each part was drawn, and escaped, by the template.
    return mark_safe("".join(drawn.for_whom(own) for drawn in figures))  # noqa: S308


def _drawn(panels: Iterable[Panel], area: Area) -> list[DrawnTheme]:
    by_theme: dict[int, tuple[Any, list[Panel], list[Panel]]] = {}
    for panel in panels:
        theme = panel.indicator.theme
        _theme, own, around = by_theme.setdefault(theme.pk, (theme, [], []))
        (own if panel.figure.own else around).append(panel)

    def drawings(group: Iterable[Panel]) -> tuple[Drawn, ...]:
        return tuple(
            Drawn(panel.indicator.pk, panel.indicator.slug, draw(panel.as_everybody_sees_it, area))
            for panel in group
        )

    return [
        DrawnTheme(
            theme.slug,
            theme.name,
            theme.short_name,
            theme.colour_key,
            drawings(own),
            # Known of a larger area before not known at all.
            drawings(sorted(around, key=lambda panel: panel.figure.told is None)),
        )
        for theme, own, around in by_theme.values()
    ]


def draw(panel: Panel, area: Area, *, problem: str = "") -> SafeString:
    """Return one figure as the page of an area shows it.

    Args:
        problem: a sentence about what could not be done.
    """
    context: dict[str, Any] = {
        "panel": panel,
        "area": area,
        "recognitions": Recognition.choices,
        "trends": Trend.choices,
        "problem": problem,
    }
    # Escaped by the template.
    return mark_safe(get_template("feedback/_panel.html").render(context))  # noqa: S308


def _marked(drawn: Drawn, own: Own) -> str:
    """Return a drawing in which somebody's answers are pressed, and said to count."""
    html = drawn.html
    for answer in (own.recognition, own.trend):
        if answer:
            button = f'id="{drawn.slug}-{answer}" aria-pressed='
            html = html.replace(f'{button}"false"', f'{button}"true"')
    said = get_template("feedback/_own.html").render({})
    return html.replace(f'<div id="eigen-{drawn.slug}"></div>', said)
