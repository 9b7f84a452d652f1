"""The figures of an area: its own number, those around it, the target, and what is missing."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from areas.models import Area
from indicators.charts import chart_of_places, chart_of_years
from indicators.figures import Figure, all_areas, compared, figures_of, history
from indicators.models import Indicator, Measurement, Target
from indicators.periods import check_period
from tests import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Area:
    return scenes.area("city", kind="municipality", accepts_contributions=False)


@pytest.fixture
def here(city: Area) -> Area:
    return scenes.area("here", parent=city, latitude="52.05", longitude="4.30")


def figure_of(area: Area) -> Figure:
    areas = all_areas()
    return figures_of(areas[area.pk], areas)[0]


def test_an_area_shows_its_own_newest_number(here: Area) -> None:
    scenes.measured(40, where=here, period="2021")
    scenes.measured(51.4, where=here, period="2023")
    scenes.measured(99, where=here, period="")

    figure = figure_of(here)

    assert figure.own is not None
    assert (str(figure.own.value), figure.own.period) == ("51.400", "2023")
    assert figure.told == figure.own
    assert [reading.period for reading in history(scenes.indicator(), here)] == ["", "2021", "2023"]


def test_without_a_number_of_its_own_that_of_the_smallest_area_around_it_is_told(
    here: Area, city: Area
) -> None:
    scenes.indicator()
    assert figure_of(here).told is None
    scenes.measured(30.8, where=city)
    figure = figure_of(here)
    assert figure.own is None
    assert figure.told is not None
    assert figure.told.area.slug == "city"


def test_what_is_missing_is_missing_and_never_nothing(here: Area, city: Area) -> None:
    scenes.measured(where=here, status="missing")
    scenes.measured(30.8, where=city)
    figure = figure_of(here)
    assert figure.own is None
    assert figure.told is not None
    assert figure.told.area.slug == "city"
    assert chart_of_places(figure) is None


def test_beside_it_stand_the_three_nearest_neighbours_and_what_encloses_it(
    here: Area, city: Area
) -> None:
    scenes.measured(50, where=here)
    scenes.measured(30, where=city)
    for number in range(1, 6):
        other = scenes.area(
            f"n{number}", parent=city, latitude="52.05", longitude=f"4.3{number}", name=f"N{number}"
        )
        if number != 2:
            scenes.measured(40 + number, where=other)
    scenes.measured(10, where=scenes.area("part", kind="part", parent=here))

    chart = chart_of_places(figure_of(here))

    assert chart is not None
    assert [bar.label for bar in chart.bars] == ["Here", "N1", "N3", "N4", "City"]
    assert [bar.is_own for bar in chart.bars] == [True, False, False, False, False]
    assert [bar.length for bar in chart.bars] == ["100.0", "82.0", "86.0", "88.0", "60.0"]


def test_a_range_is_drawn_as_a_range(here: Area, city: Area) -> None:
    scenes.measured(where=here, low="20", high="40")
    scenes.measured(80, where=city)
    chart = chart_of_places(figure_of(here))
    assert chart is not None
    own = chart.bars[0]
    assert (own.x, own.length, own.is_range) == ("25.0", "25.0", True)


def test_the_target_of_the_smallest_area_holds(here: Area, city: Area) -> None:
    scenes.measured(50, where=here)
    for area, value in ((city, 40), (here, 45)):
        Target.objects.create(indicator=scenes.indicator(), area=area, year=2028, value=value)
    figure = figure_of(here)
    assert [(aim.area.slug, float(aim.value)) for aim in figure.aims] == [("here", 45.0)]
    chart = chart_of_places(figure)
    assert chart is not None
    assert chart.target_x == "90.0"
    assert [float(aim.value) for aim in figure_of(city).aims] == [40.0]


def test_years_are_drawn_from_two_on(here: Area) -> None:
    scenes.measured(40, where=here, period="2021")
    assert chart_of_years(history(scenes.indicator(), here), "percent") is None
    scenes.measured(50, where=here, period="2022-Q3")
    with translation.override("en"):
        chart = chart_of_years(history(scenes.indicator(), here), "percent")
    assert chart is not None
    assert [(bar.label, bar.length) for bar in chart.bars] == [
        ("2021", "80.0"),
        ("2022, quarter 3", "100.0"),
    ]


def test_areas_are_compared_highest_first_ranges_by_their_middle(here: Area, city: Area) -> None:
    scenes.measured(30, where=city)
    scenes.measured(where=here, low="20", high="50")
    readings = compared(scenes.indicator(), all_areas())
    assert [reading.area.slug for reading in readings] == ["here", "city"]


def test_all_figures_cost_four_statements(here: Area, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(5):
        scenes.measured(10, of=scenes.indicator(f"f{number}"), where=here)
    areas = all_areas()
    with django_assert_num_queries(4):
        figures = figures_of(areas[here.pk], areas)
        assert len(figures) == 5
        assert all(figure.own for figure in figures)


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("percent", {"value": 150}),
        ("percent", {"value": -1}),
        ("score", {"value": 11}),
        ("percent", {"low": 46, "high": 27}),
        ("percent", {"value": 20, "low": 30}),
        ("percent", {}),
        ("class", {"value": 3}),
        ("class", {}),
        ("percent", {"value": 3, "status": "missing"}),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_a_sentence(
    here: Area, unit: str, told: dict[str, object]
) -> None:
    figure = scenes.indicator("x", unit=unit)
    numbers = {
        name: Decimal(number) if isinstance(number, int) else number
        for name, number in told.items()
    }
    wrong = Measurement(indicator=figure, area=here, period="2023", **numbers)
    with pytest.raises(ValidationError) as refused:
        wrong.clean()
    assert refused.value.messages[0]


def test_a_range_upside_down_and_a_double_are_stopped_by_the_database(here: Area) -> None:
    scenes.measured(10, where=here)
    with pytest.raises(IntegrityError), transaction.atomic():
        scenes.measured(20, where=here)
    with pytest.raises(IntegrityError), transaction.atomic():
        scenes.measured(where=here, period="2022", low="46", high="27")
    with pytest.raises(IntegrityError), transaction.atomic():
        scenes.measured(5, where=here, period="2022", status="missing")


@pytest.mark.parametrize("period", ["2023", "2023-Q4", "2026-Q4", ""])
def test_a_period_is_a_year_or_a_quarter(period: str) -> None:
    check_period(period, today=datetime.date(2026, 11, 25))


@pytest.mark.parametrize("period", ["23", "2023-Q5", "2027", "1066", "2023-12", "٢٠٢٣", "2023 "])
def test_anything_else_is_no_period(period: str) -> None:
    with pytest.raises(ValidationError):
        check_period(period, today=datetime.date(2026, 11, 25))


@pytest.mark.parametrize("sentence", ["No number", "{value} and {value}"])
def test_a_sentence_has_one_place_for_its_number(sentence: str) -> None:
    figure = scenes.indicator()
    figure.sentence_nl = sentence  # type: ignore[attr-defined]
    with pytest.raises(ValidationError):
        figure.clean()
    assert isinstance(figure, Indicator)
