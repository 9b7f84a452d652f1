"""The figures of an area with all that stands beside them, as its pages show them."""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils import timezone

from areas.models import Area, is_within
from areas.surroundings import enclosing
from contributions.requests import author_or_none
from feedback.browsers import digest_of
from feedback.models import Response
from feedback.quarters import quarter_at
from feedback.voices import NOTHING, Own, Told, Voices, belongs_to, gap, told_in
from indicators.charts import Chart, chart_of_places
from indicators.figures import Figure, figures_of
from indicators.models import Indicator


@dataclass(frozen=True)
class Panel:
    """One figure on a page, with what neighbours say about it."""

    figure: Figure
    voices: Voices
    is_asked: bool
    """Whether the question stands below it, here."""

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator

    @property
    def chart(self) -> Chart | None:
        return chart_of_places(self.figure)

    @property
    def gap(self) -> list[str]:
        """Return in sentences how what people see lies beside the figure."""
        return gap(self.figure, self.voices.now)

    @property
    def newest_response(self) -> tuple[Response, ...]:
        """Return the last thing that was done with what people told; the figure's page has all."""
        return self.voices.responses[:1]

    @property
    def as_everybody_sees_it(self) -> "Panel":
        """Return it without one's own answer, so that the drawing can be kept for all."""
        return replace(self, voices=replace(self.voices, own=Own()))


def told_to(
    request: HttpRequest,
    area: Area,
    areas: dict[int, Area],
    *,
    figure: Indicator | None = None,
    browser: str | None = None,
) -> Told:
    """Return what neighbours said in an area, with the answers of whoever looks.

    Args:
        areas: all areas by id.
        figure: this one alone.
        browser: the digest of this browser's key, where the request does not hold it yet.
    """
    parents = {pk: place.parent_id for pk, place in areas.items()}
    person = author_or_none(request)
    browser = digest_of(request) if browser is None else browser
    return told_in(
        area,
        quarter=quarter_at(timezone.now()),
        around_ids=[above.pk for above in enclosing(area, areas)],
        within_ids=[pk for pk in areas if is_within(pk, area.pk, parents)],
        mine=belongs_to(person, browser) if person or browser else None,
        indicator=figure,
    )


def panels_of(
    told: Told, area: Area, areas: dict[int, Area], *, figure: Indicator | None = None
) -> list[Panel]:
    """Return the figures of an area (or one of them) with what stands beside each."""
    one = None if figure is None else Indicator.objects.filter(pk=figure.pk).select_related("theme")
    voices = told.voices()
    return [
        Panel(
            shown,
            voices.get(shown.indicator.pk, NOTHING),
            shown.indicator.may_be_asked and area.accepts_contributions,
        )
        for shown in figures_of(area, areas, indicators=one)
    ]
