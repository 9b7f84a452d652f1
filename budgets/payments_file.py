"""The file in which finance tells what was paid: one order on each line.

Columns, by their heading and in any order: ``order``, ``amount``, ``reference``, ``date``; in Dutch
``opdracht``, ``bedrag``, ``kenmerk``, ``datum``. Separated by commas or semicolons, in UTF-8.
"""

import csv
import datetime
import io
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.money import EuroField
from contributions.actions import Refused
from contributions.text import clean_line

MAX_FILE_BYTES = 1024 * 1024
MAX_ROWS = 5_000

_COLUMNS = {
    "order": ("order", "opdracht"),
    "amount": ("amount", "bedrag"),
    "reference": ("reference", "kenmerk"),
    "date": ("date", "datum"),
}
_DATES = (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})"))


class NotAPaymentsFile(Refused):
    message = gettext_lazy(
        "We can't read this file. It needs a first line with: order, amount, reference, date."
    )


@dataclass(frozen=True)
class PaidRow:
    """One payment, as finance tells it; the amount in cents."""

    line: int
    order: str
    cents: int
    reference: str
    date: datetime.date


@dataclass(frozen=True)
class Refusal:
    """A line that cannot be read, and why."""

    line: int
    order: str
    why: str


def read_rows(content: bytes) -> list[PaidRow | Refusal]:
    """Read a file of payments, line by line.

    Raises:
        NotAPaymentsFile: it is too large, not text, or lacks a column.
    """
    if len(content) > MAX_FILE_BYTES:
        raise NotAPaymentsFile
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAPaymentsFile from error
    heading = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if ";" in heading else ",", strict=True
    )
    try:
        rows = list(reader)
    except csv.Error as error:
        raise NotAPaymentsFile from error
    if not rows or len(rows) > MAX_ROWS:
        raise NotAPaymentsFile
    places = _places([cell.strip().lower() for cell in rows[0]])
    return [
        _read(number, row, places)
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def _places(heading: list[str]) -> dict[str, int]:
    found = {
        column: next((heading.index(name) for name in names if name in heading), -1)
        for column, names in _COLUMNS.items()
    }
    if -1 in found.values():
        raise NotAPaymentsFile
    return found


def _read(line: int, row: list[str], places: dict[str, int]) -> PaidRow | Refusal:
    cells = {
        # Our own export puts an apostrophe before what a spreadsheet would calculate.
        column: clean_line(row[place][:200]).removeprefix("'") if place < len(row) else ""
        for column, place in places.items()
    }
    order = cells["order"][:80]
    if not order:
        return Refusal(line, order, _("The number of the order is missing."))
    try:
        cents = EuroField().clean(cells["amount"])
    except ValidationError as error:
        return Refusal(line, order, " ".join(error.messages))
    if not cells["reference"]:
        return Refusal(line, order, _("The reference of the payment is missing."))
    if len(cells["reference"]) > 60:
        return Refusal(line, order, _("The reference of the payment is too long."))
    date = _date(cells["date"])
    if date is None:
        return Refusal(line, order, _("Write the date of payment as 2026-03-31."))
    return PaidRow(line, order, cents, cells["reference"], date)


def _date(text: str) -> datetime.date | None:
    try:
        if match := _DATES[0].fullmatch(text):
            return datetime.date(*(int(part) for part in match.groups()))
        if match := _DATES[1].fullmatch(text):
            day, month, year = (int(part) for part in match.groups())
            return datetime.date(year, month, day)
    except ValueError:
        return None
    return None
