"""Lists of applications, by key: the newest first, page after page."""

from dataclasses import dataclass

from django.db.models import QuerySet

from budgets.models import Application

PAGE_SIZE = 20


@dataclass(frozen=True)
class Page:
    """One page of applications; ``next_url`` is empty on the last."""

    applications: list[Application]
    next_url: str


def page_of(
    applications: QuerySet[Application],
    *,
    stage: str = "",
    year: int | None = None,
    after: str = "",
) -> Page:
    """Return the page that follows an application's number; what is no number begins at the top."""
    found = applications.filter(stage=stage) if stage else applications
    cursor = int(after) if after.isascii() and after.isdigit() and len(after) <= 18 else None
    if cursor is not None:
        found = found.filter(pk__lt=cursor)
    rows = list(found.order_by("-pk")[: PAGE_SIZE + 1])
    query = f"stand={stage}&" if stage else ""
    if year is not None:
        query += f"jaar={year}&"
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return Page(rows, f"?{query}after={rows[-1].pk}" if more else "")
