"""Figures in words, in the language of the page."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from areas.models import Area
from indicators import wording
from indicators.figures import Reading
from indicators.models import Indicator

Unit = Indicator.Unit
SENTENCE = "Of every 100 households, {value} find it hard."


def reading(**told: Any) -> Reading:
    numbers = {
        name: Decimal(str(told[name])) if told.get(name) is not None else None
        for name in ("value", "low", "high")
    }
    return Reading(
        area=Area(name="Here"),
        period="2023",
        text=told.get("text", ""),
        status=told.get("status", "final"),
        note="",
        **numbers,
    )


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("told", "unit", "said"),
    [
        ({"value": 51.4}, Unit.PERCENT, "51"),
        ({"value": 51.5}, Unit.PERCENT, "52"),
        ({"value": 0.3}, Unit.PERCENT, "fewer than 1"),
        ({"value": 0}, Unit.PERCENT, "0"),
        ({"value": 4.6}, Unit.SCORE, "4.6"),
        ({"value": 5}, Unit.SCORE, "5.0"),
        ({"value": 23000}, Unit.EURO_PER_YEAR, "€ 23,000"),
        ({"low": 27, "high": 46}, Unit.PERCENT, "between 27 and 46"),
        ({"high": 25}, Unit.PERCENT, "at most 25"),
        ({"low": 3}, Unit.PERCENT, "at least 3"),
        ({"low": 3, "high": 3}, Unit.PERCENT, "3"),
        ({"value": 51.4, "low": 48, "high": 55}, Unit.PERCENT, "51"),
        ({"text": "weak"}, Unit.CLASS, "weak"),
    ],
)
def test_a_number_is_said_as_a_neighbour_says_it(
    told: dict[str, Any], unit: str, said: str
) -> None:
    assert wording.value_in_sentence(reading(**told), unit) == said


@pytest.mark.parametrize(
    ("told", "unit", "shown"),
    [
        ({"value": 51.4}, Unit.PERCENT, "51.4%"),
        ({"value": 22}, Unit.PERCENT, "22%"),
        ({"value": 100}, Unit.PERCENT, "100%"),
        ({"low": 27, "high": 46}, Unit.PERCENT, "27 – 46%"),
        ({"low": 4.6, "high": 5.4}, Unit.SCORE, "4.6 – 5.4"),
        ({"high": 25}, Unit.PERCENT, "at most 25%"),
        ({"status": "missing"}, Unit.PERCENT, "not measured"),
    ],
)
def test_a_chart_shows_it_as_exact_as_it_came(told: dict[str, Any], unit: str, shown: str) -> None:
    assert wording.value_in_chart(reading(**told), unit) == shown


def test_the_number_stands_in_the_sentence_and_strangers_marks_do_not() -> None:
    said = wording.sentence(SENTENCE, reading(value=51.4), Unit.PERCENT)
    assert said == "Of every 100 households, <strong>51</strong> find it hard."
    said = wording.sentence("Here it is {value}.", reading(text="<b>x</b>"), Unit.CLASS)
    assert said == "Here it is <strong>&lt;b&gt;x&lt;/b&gt;</strong>."


def test_numbers_follow_the_language() -> None:
    with translation.override("nl"):
        assert wording.value_in_chart(reading(value=51.4), Unit.PERCENT) == "51,4%"
        assert wording.money_said(23000) == "€ 23.000"
