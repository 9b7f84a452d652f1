"""Measurements from a CSV file: read, compared with what stands there, and refused with a reason.

The columns are ``indicator,area,period,value,low,high,text,status``, in any order; commas,
semicolons or tabs between them, and a point or a comma in the numbers. Nothing is written here.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from areas.models import Area
from indicators.models import Indicator, Measurement
from indicators.models.figure import MAX_CLASS, check_numbers
from indicators.periods import check_period

COLUMNS = ("indicator", "area", "period", "value", "low", "high", "text", "status")
NEEDED = ("indicator", "area", "period", "value")
MAX_ROWS = 20_000
MAX_BYTES = 4_000_000

Status = Measurement.Status
#: How a status may be written, in English or Dutch; Swing writes "-", "x" or "?" where none is.
STATUSES = {
    "": Status.FINAL,
    "final": Status.FINAL,
    "definitief": Status.FINAL,
    "provisional": Status.PROVISIONAL,
    "voorlopig": Status.PROVISIONAL,
    "estimate": Status.ESTIMATE,
    "schatting": Status.ESTIMATE,
    "missing": Status.MISSING,
    "ontbreekt": Status.MISSING,
}
NOT_THERE = {"-", "x", "?", "."}
_NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,3})?", re.ASCII)


class NotReadable(Exception):
    """A file that cannot be read at all; its message says what to do."""


@dataclass(frozen=True)
class Row:
    """One good line of the file."""

    line: int
    indicator: Indicator
    area: Area
    period: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    text: str
    status: str

    @property
    def key(self) -> tuple[int, int, str]:
        return self.indicator.pk, self.area.pk, self.period

    @property
    def told(self) -> tuple[Any, ...]:
        return self.value, self.low, self.high, self.text, self.status


@dataclass(frozen=True)
class Change:
    """A row that is there with other numbers."""

    row: Row
    before: Measurement


@dataclass
class Plan:
    """What applying a file would do."""

    added: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    """The line in the file and the reason."""

    @property
    def rows_read(self) -> int:
        return len(self.added) + len(self.changed) + self.same + len(self.refused)


def decode(content: bytes) -> str:
    """Return a file's text: UTF-8, with or without a mark in front, else as Excel writes here.

    Raises:
        NotReadable: it is too large, or no text.
    """
    if len(content) > MAX_BYTES:
        raise NotReadable(
            _("The file is larger than %(size)s MB. Bring it in parts.")
            % {"size": MAX_BYTES // 1_000_000}
        )
    if b"\0" in content:
        raise NotReadable(_("This is no CSV file. Save the sheet as CSV first."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise NotReadable(_("This is no CSV file. Save the sheet as CSV first.")) from error


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line's number in the file and its values by column.

    Raises:
        NotReadable: the heading lacks a column, or there are too many rows.
    """
    heading = text.split("\n", 1)[0]
    delimiter = max(";\t,", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        missing = [name for name in NEEDED if name not in names]
        if missing:
            raise NotReadable(
                _("The first line must name the columns. Missing: %(names)s.")
                % {"names": ", ".join(missing)}
            )
        if len(set(names)) < len(names):
            raise NotReadable(_("The first line names a column twice."))
        count = 0
        for values in reader:
            if not any(value.strip() for value in values):
                continue
            count += 1
            if count > MAX_ROWS:
                raise NotReadable(
                    _("There are more than %(count)s rows. Bring the file in parts.")
                    % {"count": MAX_ROWS}
                )
            if len(values) > len(names):
                # One comma too many moves every number one column on.
                yield reader.line_num, {"": "too many"}
                continue
            told = [*values, *[""] * (len(names) - len(values))]
            yield (
                reader.line_num,
                {name: value.strip() for name, value in zip(names, told, strict=True)},
            )
    except csv.Error as error:
        raise NotReadable(
            _("Line %(line)s can't be read: look at its quotation marks.")
            % {"line": reader.line_num}
        ) from error


def number(written: str) -> Decimal | None:
    """Return a number, with a point or a comma before its decimals; nothing where none is told.

    Raises:
        ValidationError: it is no number, or one that can be read in two ways.
    """
    if written == "" or written in NOT_THERE:
        return None
    if not _NUMBER.fullmatch(written):
        raise ValidationError(
            _("“%(text)s” is no number as we read it: write 1234.5 or 1234,5.")
            % {"text": written[:40]}
        )
    return Decimal(written.replace(",", "."))


class Reader:
    """Reads lines against the indicators and areas there are."""

    def __init__(self) -> None:
        self.indicators = {indicator.slug: indicator for indicator in Indicator.objects.all()}
        self.areas = {area.slug: area for area in Area.objects.all()}
        for area in list(self.areas.values()):
            # A wijk or buurt by its CBS code too, where the area is that one alone.
            codes = f"{area.wijk_codes} {area.buurt_codes}".split()
            if len(codes) == 1:
                self.areas.setdefault(codes[0].casefold(), area)

    def read(self, line: int, values: dict[str, str]) -> Row:
        """Return a line as a row.

        Raises:
            ValidationError: with the reason.
        """
        if "" in values:
            raise ValidationError(_("There are more values on this line than there are columns."))
        indicator = self.indicators.get(values["indicator"].casefold())
        if indicator is None:
            raise ValidationError(
                _("We know no figure “%(code)s”.") % {"code": values["indicator"][:60]}
            )
        area = self.areas.get(values["area"].casefold())
        if area is None:
            raise ValidationError(_("We know no area “%(code)s”.") % {"code": values["area"][:60]})
        period = values["period"].upper()
        check_period(period)
        status = STATUSES.get(values.get("status", "").casefold())
        if status is None:
            raise ValidationError(
                _("We know no status “%(code)s”.") % {"code": values["status"][:40]}
            )
        value, low, high = (number(values.get(name, "")) for name in ("value", "low", "high"))
        text = values.get("text", "")
        if len(text) > MAX_CLASS:
            raise ValidationError(_("The words are longer than 120 characters."))
        if values["value"] in NOT_THERE and (value, low, high, text) == (None, None, None, ""):
            status = Status.MISSING
        check_numbers(
            unit=indicator.unit, status=status, value=value, low=low, high=high, text=text
        )
        return Row(line, indicator, area, period, value, low, high, text, status)


def plan(text: str) -> Plan:
    """Return what applying a file would do to what stands there now.

    Raises:
        NotReadable: it cannot be read at all.
    """
    made = Plan()
    reader = Reader()
    rows: dict[tuple[int, int, str], list[Row]] = {}
    for line, values in _lines(text):
        try:
            row = reader.read(line, values)
        except ValidationError as error:
            made.refused.append((line, " ".join(error.messages)))
        else:
            rows.setdefault(row.key, []).append(row)
    there = {
        (m.indicator_id, m.area_id, m.period): m
        for m in Measurement.objects.filter(
            indicator__in={key[0] for key in rows}, area__in={key[1] for key in rows}
        )
    }
    for key, told in rows.items():
        if len({row.told for row in told}) > 1:
            lines = ", ".join(str(row.line) for row in told)
            made.refused += [
                (row.line, _("This stands in the file with other numbers too: lines %s.") % lines)
                for row in told
            ]
            continue
        first, before = told[0], there.get(key)
        made.same += len(told) - 1
        if before is None:
            made.added.append(first)
        elif _told_by(before) == first.told:
            made.same += 1
        else:
            made.changed.append(Change(first, before))
    made.refused.sort()
    return made


def _told_by(measurement: Measurement) -> tuple[Any, ...]:
    return (
        measurement.value,
        measurement.low,
        measurement.high,
        getattr(measurement, "text_nl", "") or "",
        measurement.status,
    )


def summary(made: Plan) -> str:
    """Return in a sentence what a plan comes to."""
    return " ".join(
        [
            ngettext("%(count)s new row.", "%(count)s new rows.", len(made.added))
            % {"count": len(made.added)},
            ngettext("%(count)s row changes.", "%(count)s rows change.", len(made.changed))
            % {"count": len(made.changed)},
            ngettext("%(count)s row stays as it is.", "%(count)s rows stay as they are.", made.same)
            % {"count": made.same},
            ngettext("%(count)s row is refused.", "%(count)s rows are refused.", len(made.refused))
            % {"count": len(made.refused)},
        ]
    )
