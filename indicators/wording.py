"""Figures in words: numbers as people say and write them, in the language of the page."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators.figures import Reading
from indicators.models import Indicator, Measurement
from indicators.models.figure import PLACE_OF_VALUE

Unit = Indicator.Unit
#: Said with a decimal in a sentence; people are counted whole.
_SAID_WITH_DECIMAL = {Unit.SCORE}


def said(number: Decimal, unit: str) -> str:
    """Return a number as it is said in a sentence: 51.4 percent is 51 of every 100."""
    if unit == Unit.EURO_PER_YEAR:
        return money_said(number)
    places = 1 if unit in _SAID_WITH_DECIMAL else 0
    rounded = number.quantize(Decimal(10) ** -places, ROUND_HALF_UP)
    if number and not rounded:
        return _("fewer than 1")
    return number_format(rounded, places, force_grouping=True)


def written(number: Decimal, unit: str) -> str:
    """Return a number as it stands in a chart or a table: as exact as it came."""
    if unit == Unit.EURO_PER_YEAR:
        return money_said(number)
    exact = number.normalize()
    exponent = exact.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    shown = number_format(exact, max(places, 1 if unit == Unit.SCORE else 0), force_grouping=True)
    return _("%(number)s%%") % {"number": shown} if unit == Unit.PERCENT else shown


def money_said(euros: Decimal | int) -> str:
    """Return an amount in whole euros, with its sign where this language writes it."""
    whole = Decimal(euros).quantize(Decimal(1), ROUND_HALF_UP)
    return _("€ %(amount)s") % {"amount": number_format(whole, 0, force_grouping=True)}


def cents_said(cents: int | None) -> str:
    """Return an amount of cents in whole euros, or nothing where it is not known."""
    return "" if cents is None else money_said(Decimal(cents) / 100)


def _between(low: str | None, high: str | None) -> str:
    if low is not None and high is not None:
        return (
            low if low == high else _("between %(low)s and %(high)s") % {"low": low, "high": high}
        )
    if high is not None:
        return _("at most %(number)s") % {"number": high}
    return _("at least %(number)s") % {"number": low}


def value_in_sentence(reading: Reading, unit: str) -> str:
    """Return what stands at the place of the value in an indicator's sentence."""
    if unit == Unit.CLASS:
        return reading.text
    if reading.value is not None:
        return said(reading.value, unit)
    low = None if reading.low is None else said(reading.low, unit)
    high = None if reading.high is None else said(reading.high, unit)
    return _between(low, high)


def value_in_chart(reading: Reading, unit: str) -> str:
    """Return what stands beside a bar, or in a table."""
    if reading.is_missing:
        return _("not measured")
    if unit == Unit.CLASS:
        return reading.text
    if reading.value is not None:
        return written(reading.value, unit)
    if reading.low is not None and reading.high is not None:
        return _range_written(reading.low, reading.high, unit)
    low = None if reading.low is None else written(reading.low, unit)
    high = None if reading.high is None else written(reading.high, unit)
    return _between(low, high)


def _range_written(low: Decimal, high: Decimal, unit: str) -> str:
    """Return a range as short as it fits beside a bar; the unit stands once."""
    plain = Unit.PER_1000 if unit == Unit.PERCENT else unit
    return f"{written(low, plain)} – {written(high, unit)}"


def sentence(template: str, reading: Reading, unit: str) -> SafeString:
    """Return a figure as a sentence, with its number in bold."""
    value = value_in_sentence(reading, unit)
    before, place, after = template.partition(PLACE_OF_VALUE)
    if not place:
        return SafeString(conditional_escape(template))
    # A value that begins the sentence begins it with a capital.
    if not before.strip():
        value = value[:1].upper() + value[1:]
    return format_html("{}<strong>{}</strong>{}", before, value, after)


def status_said(status: str) -> str:
    """Return what readers must know of a number's status; nothing where it is final."""
    if status == Measurement.Status.ESTIMATE:
        return _("This is an estimate.")
    if status == Measurement.Status.PROVISIONAL:
        return _("This number is provisional: it may still change.")
    return ""
