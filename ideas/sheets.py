"""The list of initiatives as a file: what a visitor may read of them, without who wrote them."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.models import Status
from ideas.listing import Chosen
from ideas.models import Initiative, OfficialAnswer

#: Rows that are read from the database at once.
CHUNK = 1000


def heading() -> list[str]:
    """Return the names of the columns, in the language of the page."""
    return [
        _("Initiative"),
        _("Address"),
        _("Language"),
        _("Neighbourhood"),
        _("Theme"),
        _("Organisation"),
        _("Placed on"),
        _("State"),
        _("Supports"),
        _("Supports needed"),
        _("Comments"),
        _("Last day to support"),
        _("Answer promised before the end of"),
        _("Answered on"),
        _("Answer"),
        _("New answer promised before the end of"),
        _("Department"),
    ]


def rows(chosen: Chosen) -> Iterator[list[object]]:
    """Yield a row for each initiative that the list with these choices shows, in its order."""
    found = chosen.all_that_fit().select_related(
        "area", "theme", "on_behalf_of", "department", "official_answer"
    )
    for initiative in found.iterator(chunk_size=CHUNK):
        yield _row(initiative)


def _row(initiative: Initiative) -> list[object]:
    answer: OfficialAnswer | None = getattr(initiative, "official_answer", None)
    if answer is not None and answer.status != Status.PUBLISHED:
        answer = None
    placed = initiative.published_at and timezone.localdate(initiative.published_at)
    return [
        initiative.title,
        settings.SITE_URL + initiative.get_absolute_url(),
        initiative.language,
        initiative.area.name if initiative.area else "",
        initiative.theme.short_name if initiative.theme else "",
        initiative.on_behalf_of.name if initiative.on_behalf_of else "",
        _day(placed),
        initiative.get_progress_display(),
        initiative.support_count,
        initiative.threshold,
        initiative.comment_count,
        _day(initiative.closes_on),
        _day(initiative.answer_due_date),
        _day(answer.given_date) if answer else "",
        answer.get_outcome_display() if answer else "",
        _day(answer.new_answer_date) if answer else "",
        initiative.department.name if initiative.department else "",
    ]


def _day(date: datetime.date | None) -> str:
    return date.isoformat() if date else ""
