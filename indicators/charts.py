"""Charts, worked out on the server: bars that the page draws as small SVG pictures.

A bar's ends are numbers from 0 to 100, as parts of the longest one. Each bar stands in a line with
its place and its number in words, so a chart is read as a list too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators import periods, wording
from indicators.figures import Aim, Figure, Reading
from indicators.models import Indicator


@dataclass(frozen=True)
class Bar:
    """One line of a chart: a value from 0, or a range from ``start`` to ``end``."""

    label: str
    number: str
    start: float
    end: float
    is_own: bool = False
    is_range: bool = False
    url_slug: str = ""
    """The address of the area it is about, where the line leads there."""

    @property
    def x(self) -> str:
        """Return where it begins, as SVG writes a number in every language."""
        return f"{self.start:.1f}"

    @property
    def length(self) -> str:
        return f"{self.end - self.start:.1f}"


@dataclass(frozen=True)
class Chart:
    """Bars on one scale; ``target`` is where the target's line stands, if there is one."""

    bars: tuple[Bar, ...]
    target: float | None = None

    @property
    def target_x(self) -> str:
        """Return where the target's line stands, or nothing without a target."""
        return "" if self.target is None else f"{self.target:.1f}"


def _scale(numbers: Sequence[Decimal], unit: str) -> Decimal:
    """Return what the whole width stands for: ten for a mark, else the highest number."""
    if unit == Indicator.Unit.SCORE:
        return Decimal(10)
    return max(numbers, default=Decimal(0)) or Decimal(1)


def _part(number: Decimal, scale: Decimal) -> float:
    return round(float(100 * number / scale), 1)


def _bar(reading: Reading, unit: str, scale: Decimal, *, label: str, is_own: bool) -> Bar:
    number = wording.value_in_chart(reading, unit)
    if reading.value is not None:
        return Bar(label, number, 0, _part(reading.value, scale), is_own, url_slug=_slug(reading))
    if reading.low is None and reading.high is None:
        return Bar(label, number, 0, 0, is_own, url_slug=_slug(reading))
    start = 0.0 if reading.low is None else _part(reading.low, scale)
    end = 100.0 if reading.high is None else _part(reading.high, scale)
    return Bar(label, number, start, end, is_own, is_range=True, url_slug=_slug(reading))


def _slug(reading: Reading) -> str:
    return reading.area.slug


def chart_of_places(figure: Figure) -> Chart | None:
    """Return a figure's chart: the area beside its neighbours, what encloses it, and the target.

    None where there is no number to draw: one bar alone says nothing that the sentence does not.
    """
    unit = figure.indicator.unit
    drawn = [reading for reading in figure.readings if reading.numbers]
    if unit == Indicator.Unit.CLASS or len(drawn) + len(figure.aims) < 2 or not drawn:
        return None
    numbers = [number for reading in drawn for number in reading.numbers]
    scale = _scale([*numbers, *(aim.value for aim in figure.aims)], unit)
    bars = tuple(
        _bar(
            reading,
            unit,
            scale,
            label=reading.area.name,
            is_own=reading.area.pk == figure.area.pk,
        )
        for reading in drawn
    )
    target = _part(figure.aims[0].value, scale) if figure.aims else None
    return Chart(bars, target)


def chart_of_areas(readings: Sequence[Reading], unit: str) -> Chart | None:
    """Return a chart that compares areas for one figure."""
    drawn = [reading for reading in readings if reading.numbers]
    if unit == Indicator.Unit.CLASS or not drawn:
        return None
    scale = _scale([number for reading in drawn for number in reading.numbers], unit)
    return Chart(tuple(_bar(r, unit, scale, label=r.area.name, is_own=False) for r in drawn))


def chart_of_years(
    readings: Sequence[Reading], unit: str, aims: Sequence[Aim] = ()
) -> Chart | None:
    """Return a chart of one area through the years, the oldest on top; None for a single year."""
    drawn = [reading for reading in readings if reading.numbers and reading.period]
    if unit == Indicator.Unit.CLASS or len(drawn) < 2:
        return None
    numbers = [number for reading in drawn for number in reading.numbers]
    scale = _scale([*numbers, *(aim.value for aim in aims)], unit)
    last = drawn[-1]
    bars = tuple(
        _bar(reading, unit, scale, label=periods.in_words(reading.period), is_own=reading is last)
        for reading in drawn
    )
    return Chart(bars, _part(aims[0].value, scale) if aims else None)
