"""Writing the sheets of news into a folder, from where an information point prints them."""

import datetime
import os
from pathlib import Path

import structlog
from django.conf import settings
from django.db.models import Q

from areas.models import Area
from notifications.paper import sheet

log = structlog.get_logger(__name__)


class FolderMissing(Exception):
    """There is no such folder, or nobody may write in it."""


class NotAllWritten(Exception):
    """Some of the sheets failed; the others stand."""


def write_news(folder: Path, day: datetime.date) -> int:
    """Write the sheets of a day, of each area in each listed language; return how many.

    Doing it again writes them anew, without what was hidden since.

    Raises:
        FolderMissing: nothing can be written there.
        NotAllWritten: after the others, where some failed.
    """
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise FolderMissing(f"{folder} is no folder that this program can write in.")
    written = failed = 0
    for area in _areas():
        for language in settings.LISTED_LANGUAGES:
            try:
                text = sheet(area, day, language)
            except Exception:
                # One area's trouble is not that of all others.
                log.exception("news_failed", area=area.pk, language=language, day=str(day))
                failed += 1
                continue
            _write(folder / f"{area.slug}-{day}.{language}.txt", text)
            written += 1
    log.info("news_written", day=str(day), sheets=written, failed=failed)
    if failed:
        raise NotAllWritten(f"{failed} of {failed + written} sheets could not be made.")
    return written


def _areas() -> list[Area]:
    """Return the areas where people post, and the city districts and municipalities."""
    larger = Q(kind__in=[Area.Kind.DISTRICT, Area.Kind.MUNICIPALITY])
    return list(Area.objects.filter(Q(accepts_contributions=True) | larger).order_by("slug"))


def _write(path: Path, text: str) -> None:
    """Let a file appear whole: whoever prints at that moment gets the old one or the new one."""
    beginning = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beginning.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        beginning.replace(path)
    finally:
        beginning.unlink(missing_ok=True)
