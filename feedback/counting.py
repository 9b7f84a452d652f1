"""Counts as they may be shown: nobody can be told from a small one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from feedback.models import Recognition, Trend

#: A table about people hides every cell under this.
SMALLEST_SHOWN = 5


def hide_small(cells: Sequence[int]) -> list[int | None]:
    """Return the cells of a table whose total is known, those that must not be seen as None.

    A cell under five is hidden. So that it cannot be worked out from the total, the smallest of
    the others is hidden with it, until two or more are hidden that count five or more together.
    """
    hidden = {place for place, count in enumerate(cells) if count < SMALLEST_SHOWN}
    rest = sorted(set(range(len(cells))) - hidden, key=lambda place: (cells[place], place))
    while hidden and rest and (len(hidden) == 1 or _sum(cells, hidden) < SMALLEST_SHOWN):
        hidden.add(rest.pop(0))
    return [None if place in hidden else count for place, count in enumerate(cells)]


def _sum(cells: Sequence[int], places: Iterable[int]) -> int:
    return sum(cells[place] for place in places)


@dataclass(frozen=True)
class Cell:
    """One answer and how many gave it; ``count`` is None where that must not be seen."""

    name: str
    label: str
    count: int | None
    percent: int | None


def _cells(labels: Sequence[tuple[str, str | Promise]], counts: Sequence[int]) -> tuple[Cell, ...]:
    shown = hide_small(counts)
    total = sum(counts)
    return tuple(
        Cell(name, str(label), count, None if count is None else round(100 * count / total))
        for (name, label), count in zip(labels, shown, strict=True)
    )


@dataclass(frozen=True)
class Split:
    """How many answered about a figure in one quarter, and what, as everybody may see it."""

    answered: int | None
    """None where fewer than five answered."""
    with_account: int | None
    without_account: int | None
    recognition: tuple[Cell, ...]
    trend: tuple[Cell, ...]
    has_answers: bool

    @classmethod
    def of(cls, tallies: Iterable[Any]) -> Self:
        """Put together the counts (rows of ``Tally``) of those with and without an account."""
        rows = list(tallies)

        def total(name: str) -> int:
            return sum(getattr(row, name) for row in rows)

        answered = total("answered")
        accounts = hide_small(
            [
                sum(row.answered for row in rows if row.with_account is group)
                for group in (True, False)
            ]
        )
        enough = answered >= SMALLEST_SHOWN
        return cls(
            answered=answered if enough else None,
            with_account=accounts[0] if enough else None,
            without_account=accounts[1] if enough else None,
            recognition=_cells(Recognition.choices, [total(n) for n in Recognition.values]),
            trend=_cells(Trend.choices, [total(n) for n in Trend.values]),
            has_answers=answered > 0,
        )

    @property
    def recognition_is_whole(self) -> bool:
        """Say whether every answer to the first question can be seen."""
        return all(cell.count is not None for cell in self.recognition)

    @property
    def trend_is_whole(self) -> bool:
        return all(cell.count is not None for cell in self.trend)

    @property
    def recognition_said(self) -> str:
        """Return the answers to the first question in words, as far as they can be seen."""
        return _said(self.recognition)

    @property
    def trend_said(self) -> str:
        return _said(self.trend)

    @property
    def bar(self) -> list[dict[str, str]]:
        """Return the parts of a bar of the first question's answers, as SVG writes numbers."""
        total = sum(cell.count or 0 for cell in self.recognition)
        parts, start = [], 0.0
        for cell in self.recognition:
            width = 100 * (cell.count or 0) / total if total else 0.0
            parts.append({"name": cell.name, "x": f"{start:.1f}", "width": f"{width:.1f}"})
            start += width
        return parts


def _said(cells: Iterable[Cell]) -> str:
    return ", ".join(
        _("%(percent)s%% %(answer)s") % {"percent": cell.percent, "answer": cell.label.lower()}
        for cell in cells
        if cell.count is not None
    )


def majority(cells: Sequence[Cell]) -> str:
    """Return the name of the answer that more than half gave, or nothing."""
    counts = [cell.count for cell in cells]
    if not all(count is not None for count in counts):
        return ""
    total = sum(count for count in counts if count is not None)
    return next((c.name for c in cells if c.count is not None and 2 * c.count > total), "")
