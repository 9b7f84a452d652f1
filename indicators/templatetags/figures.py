"""Figures in templates: numbers, sentences and periods as people say them."""

from django import template
from django.utils.safestring import SafeString

from indicators import periods, wording
from indicators.figures import Aim, Figure, Reading

register = template.Library()


@register.filter
def in_a_sentence(figure: Figure) -> SafeString:
    """Return what a figure says, of the area or of what is around it; nothing without a number."""
    if figure.told is None:
        return SafeString("")
    return wording.sentence(figure.indicator.sentence, figure.told, figure.indicator.unit)


@register.simple_tag
def number_of(reading: Reading | Aim, unit: str) -> str:
    """Return a measurement or a target as it stands in a table."""
    if isinstance(reading, Aim):
        return wording.written(reading.value, unit)
    return wording.value_in_chart(reading, unit)


@register.filter
def period(reading: Reading) -> str:
    return periods.in_words(reading.period)


@register.filter
def year_told(figure: Figure) -> str:
    """Return the period of what a figure says, else the year of its source, else nothing."""
    if figure.told and figure.told.period:
        return periods.in_words(figure.told.period)
    return str(figure.indicator.source_year or "")


@register.filter
def status_said(reading: Reading) -> str:
    return wording.status_said(reading.status)


@register.filter
def money(cents: int | None) -> str:
    """Return an amount of cents in whole euros."""
    return wording.cents_said(cents)
