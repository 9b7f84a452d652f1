"""The figures of an area, as they are read: its own number, those around it, and the target."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import get_language

from areas.models import Area
from areas.surroundings import enclosing, nearest
from indicators.models import Edition, Indicator, Intervention, Measurement, Target

#: So many neighbours stand beside a figure.
NEIGHBOURS = 3


@dataclass(frozen=True)
class Reading:
    """One measurement as it is shown: where, when, and what was found."""

    area: Area
    period: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    text: str
    status: str
    note: str

    @property
    def is_missing(self) -> bool:
        return self.status == Measurement.Status.MISSING

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        return tuple(number for number in (self.low, self.value, self.high) if number is not None)


@dataclass(frozen=True)
class Aim:
    """A target as it is shown; it holds in ``area`` and in all that lies there."""

    area: Area
    value: Decimal
    year: int
    group: str
    note: str


@dataclass(frozen=True)
class Figure:
    """One indicator as the page of an area shows it.

    ``readings`` are the newest of each place, the area itself first, then its neighbours, then
    what encloses it.
    """

    indicator: Indicator
    area: Area
    readings: tuple[Reading, ...]
    aims: tuple[Aim, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    enclosing_ids: tuple[int, ...] = field(default=(), repr=False)

    @property
    def own(self) -> Reading | None:
        """Return the area's own number, if there is one."""
        first = self.readings[0] if self.readings else None
        return first if first and first.area.pk == self.area.pk and not first.is_missing else None

    @property
    def around(self) -> Reading | None:
        """Return the number of the smallest area around it that has one, if it has none itself."""
        if self.own:
            return None
        known = {reading.area.pk: reading for reading in self.readings if not reading.is_missing}
        return next((known[pk] for pk in self.enclosing_ids if pk in known), None)

    @property
    def told(self) -> Reading | None:
        """Return the number that the sentence tells: the area's own, or that of what is around."""
        return self.own or self.around


@dataclass(frozen=True)
class Surroundings:
    """Which places stand beside an area's own number."""

    area: Area
    enclosing: tuple[Area, ...]
    others: tuple[Area, ...]

    @classmethod
    def of(cls, area: Area, areas: dict[int, Area]) -> "Surroundings":
        above = enclosing(area, areas)
        within = {pk for pk in areas if area in enclosing(areas[pk], areas)}
        kinds = (Area.Kind.NEIGHBOURHOOD, Area.Kind.DISTRICT, Area.Kind.PART)
        others = [
            other
            for other in areas.values()
            if other.kind in kinds and other not in above and other.pk not in {area.pk, *within}
        ]
        return cls(area, tuple(above), tuple(nearest(area, others, len(others))))

    @property
    def all_ids(self) -> list[int]:
        return [place.pk for place in (self.area, *self.enclosing, *self.others)]


def languages_needed() -> list[str]:
    """Return the languages whose columns a page in this language reads, fallbacks included."""
    return list(dict.fromkeys([get_language() or settings.LANGUAGE_CODE, *_FALLBACKS]))


_FALLBACKS = settings.MODELTRANSLATION_FALLBACK_LANGUAGES


def _columns(*fields: str) -> list[str]:
    return [f"{field}_{code}" for field in fields for code in languages_needed()]


def indicators_in_order() -> QuerySet[Indicator]:
    """Return all indicators with their theme, without the columns of other languages."""
    return Indicator.objects.select_related("theme").only(
        "slug",
        "unit",
        "better",
        "source_year",
        "may_be_asked",
        "order",
        *_columns("name", "sentence", "explanation", "source"),
        "theme__slug",
        "theme__colour_key",
        "theme__order",
        "theme__region_cents",
        "theme__state_cents",
        *_columns("theme__name", "theme__short_name"),
    )


def newest_measurements(**which: Any) -> QuerySet[Measurement]:
    """Return the measurement of the last period of each indicator and area.

    A period that the source does not tell counts as older than any that it does.
    """
    later = Measurement.objects.filter(
        indicator=OuterRef("indicator"), area=OuterRef("area")
    ).order_by("-period")
    return Measurement.objects.filter(**which).filter(period=Subquery(later.values("period")[:1]))


def _readings(rows: QuerySet[Measurement], areas: dict[int, Area]) -> list[tuple[int, Reading]]:
    """Return rows as readings with their indicator's id; tuples, since there can be thousands."""
    texts, notes = _columns("text"), _columns("note")
    columns = ("indicator_id", "area_id", "period", "value", "low", "high", "status")
    found = []
    for row in rows.order_by().values_list(*columns, *texts, *notes):
        indicator_id, area_id, period, value, low, high, status = row[:7]
        words = row[7 : 7 + len(texts)]
        remarks = row[7 + len(texts) :]
        reading = Reading(
            areas[area_id],
            period,
            value,
            low,
            high,
            next(filter(None, words), ""),
            status,
            next(filter(None, remarks), ""),
        )
        found.append((indicator_id, reading))
    return found


def figures_of(
    area: Area, areas: dict[int, Area], *, indicators: QuerySet[Indicator] | None = None
) -> list[Figure]:
    """Return every figure as an area's page shows it, in four queries however many there are.

    Args:
        areas: all areas by id.
        indicators: these alone; all of them if it is left out.
    """
    around = Surroundings.of(area, areas)
    wanted = (indicators if indicators is not None else indicators_in_order()).prefetch_related(
        "interventions"
    )
    measured: dict[int, dict[int, Reading]] = {}
    which: dict[str, Any] = {"area__in": around.all_ids}
    if indicators is not None:
        which["indicator__in"] = indicators.order_by().values("pk")
    for indicator_id, reading in _readings(newest_measurements(**which), areas):
        measured.setdefault(indicator_id, {})[reading.area.pk] = reading
    aims = _aims(around, areas)
    enclosing_ids = tuple(above.pk for above in around.enclosing)
    return [
        Figure(
            indicator,
            area,
            tuple(_in_chart(around, measured.get(indicator.pk, {}))),
            tuple(aims.get(indicator.pk, ())),
            tuple(indicator.interventions.all()),
            enclosing_ids,
        )
        for indicator in wanted
    ]


def _in_chart(around: Surroundings, known: dict[int, Reading]) -> list[Reading]:
    others = [known[other.pk] for other in around.others if other.pk in known][:NEIGHBOURS]
    above = [known[place.pk] for place in around.enclosing if place.pk in known]
    own = [known[around.area.pk]] if around.area.pk in known else []
    return own + others + above


def _aims(around: Surroundings, areas: dict[int, Area]) -> dict[int, list[Aim]]:
    """Return the targets that hold in an area: those of the smallest area that has any."""
    places = [around.area.pk, *(above.pk for above in around.enclosing)]
    targets = (
        Target.objects.filter(area__in=places)
        .select_related("target_group")
        .order_by("year", "target_group__order")
    )
    found: dict[int, list[Target]] = {}
    for target in targets:
        found.setdefault(target.indicator_id, []).append(target)
    return {
        indicator_id: [
            Aim(
                areas[target.area_id],
                target.value,
                target.year,
                str(target.target_group or ""),
                target.note,
            )
            for target in of_indicator
            if target.area_id == min((t.area_id for t in of_indicator), key=places.index)
        ]
        for indicator_id, of_indicator in found.items()
    }


def history(indicator: Indicator, area: Area) -> list[Reading]:
    """Return all that was measured of one figure in an area, the oldest first."""
    rows = Measurement.objects.filter(indicator=indicator, area=area)
    found = [reading for _indicator_id, reading in _readings(rows, {area.pk: area})]
    return sorted(found, key=lambda reading: reading.period)


def compared(indicator: Indicator, areas: dict[int, Area]) -> list[Reading]:
    """Return the newest number of one figure in every area that has one, highest first."""
    found = [r for _pk, r in _readings(newest_measurements(indicator=indicator), areas)]
    return sorted(found, key=lambda reading: (-_middle(reading), reading.area.name))


def _middle(reading: Reading) -> Decimal:
    """Return one number to sort by: the value, or the middle of its range."""
    if reading.value is not None:
        return reading.value
    numbers = reading.numbers
    return sum(numbers, Decimal(0)) / len(numbers) if numbers else Decimal(-1)


def all_areas() -> dict[int, Area]:
    """Return all areas by id, without the columns of other languages.

    Each brings the stamp of the figures' edition along, so that it costs no statement of its own.
    """
    stamp = Subquery(Edition.objects.values("stamp")[:1])
    areas = Area.objects.annotate(edition=stamp).only(
        "slug",
        "kind",
        "parent_id",
        "buurt_codes",
        "postcodes",
        "latitude",
        "longitude",
        "accepts_contributions",
        *_columns("name"),
    )
    return {area.pk: area for area in areas}


def edition_of(areas: dict[int, Area]) -> int:
    """Return the stamp of the edition that ``all_areas`` brought along; 0 before the first."""
    return next((getattr(area, "edition", 0) or 0 for area in areas.values()), 0)
