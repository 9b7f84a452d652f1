"""What staff read about experiences: per figure, area and quarter, without anybody in it."""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from feedback.counting import Split
from feedback.models import Tally
from feedback.quarters import code_of

PAGE_SIZE = 60


@dataclass(frozen=True)
class Line:
    """The experiences with one figure in one area over one quarter."""

    indicator: Any
    area: Any
    quarter: datetime.date
    split: Split


def tallies_for(
    *, area: str = "", figure: str = "", theme: str = "", quarter: datetime.date | None = None
) -> QuerySet[Tally]:
    """Return the counts that a choice asks for, the newest quarter first."""
    found = Tally.objects.filter(answered__gt=0)
    if area:
        found = found.filter(area__slug=area)
    if figure:
        found = found.filter(indicator__slug=figure)
    if theme:
        found = found.filter(indicator__theme__slug=theme)
    if quarter:
        found = found.filter(quarter_date=quarter)
    return found.select_related("indicator__theme", "area").order_by(
        "-quarter_date", "area_id", "indicator_id", "with_account"
    )


def lines_of(tallies: Iterable[Tally]) -> Iterator[Line]:
    """Yield a line for each figure, area and quarter; the counts must come in that order."""
    rows: list[Tally] = []
    for tally in tallies:
        if rows and _key(rows[0]) != _key(tally):
            yield _line(rows)
            rows = []
        rows.append(tally)
    if rows:
        yield _line(rows)


def _key(tally: Tally) -> tuple[Any, ...]:
    return tally.quarter_date, tally.area_id, tally.indicator_id


def _line(rows: list[Tally]) -> Line:
    first = rows[0]
    return Line(first.indicator, first.area, first.quarter_date, Split.of(rows))


@dataclass(frozen=True)
class Page:
    """One page of lines, and the key that the next one begins after, if there is one."""

    lines: list[Line]
    next_cursor: str


_CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,18})\.(\d{1,18})", re.ASCII)


def page_of(tallies: QuerySet[Tally], *, after: str = "") -> Page:
    """Return the lines that follow a key; one that is no key shows the first page."""
    if match := _CURSOR.fullmatch(after):
        try:
            quarter = datetime.date.fromisoformat(match[1])
        except ValueError:
            quarter = datetime.date.max
        area, indicator = int(match[2]), int(match[3])
        tallies = tallies.filter(
            Q(quarter_date__lt=quarter)
            | Q(quarter_date=quarter, area_id__gt=area)
            | Q(quarter_date=quarter, area_id=area, indicator_id__gt=indicator)
        )
    # Two rows make a line at most, with and without an account; one more tells of a next page.
    lines = list(lines_of(tallies[: 2 * PAGE_SIZE + 2]))
    if len(lines) <= PAGE_SIZE:
        return Page(lines, "")
    last = lines[PAGE_SIZE - 1]
    return Page(lines[:PAGE_SIZE], f"{last.quarter}.{last.area.pk}.{last.indicator.pk}")


#: The columns of the file; a count that must not be seen is empty.
HEADING = (
    "quarter", "area", "indicator", "answered", "with_account", "without_account",
    "yes", "partly", "no", "better", "same", "worse",
)  # fmt: skip


def cells_of(line: Line) -> list[object]:
    """Return a line as it stands in the file."""
    split = line.split
    return [
        code_of(line.quarter),
        line.area.slug,
        line.indicator.slug,
        split.answered,
        split.with_account,
        split.without_account,
        *(cell.count for cell in split.recognition),
        *(cell.count for cell in split.trend),
    ]
