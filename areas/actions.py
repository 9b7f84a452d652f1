"""Every write on areas that has a rule."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from areas.borders import plan
from areas.models import Area, Border, BorderImport


def import_borders(
    *, pages: Iterable[Any], source: str, year: int, now: datetime.datetime | None = None
) -> BorderImport:
    """Take the borders of our areas from a source, and keep what became of each row.

    Doing it twice changes nothing the second time. An area that the source does not have whole
    keeps its border, and is named with the reason.

    Args:
        pages: GeoJSON of wijken and buurten, as read.
        source: the address or the name of the file.
        year: the edition of the codes in the source.

    Raises:
        NotReadable: it cannot be read at all; nothing is written then.
    """
    # Read before the transaction: a slow source must not hold the rows.
    made = plan(pages, list(Area.objects.all()), year=year)
    with transaction.atomic():
        locked = Area.objects.select_for_update(no_key=True).filter(pk__in=made.borders)
        # By key, so that two at once wait for each other and never in a circle.
        here = [area.pk for area in locked.order_by("pk")]
        there = {border.area_id: border for border in Border.objects.filter(area__in=here)}
        run = BorderImport(
            source=source[:300],
            year=year,
            imported_at=now or timezone.now(),
            rows_read=made.rows_read,
            refused=made.refused,
        )
        for pk in here:
            told = {"polygons": made.borders[pk], "year": year, "drawn_roughly": False}
            before = there.get(pk)
            if before is None:
                Border.objects.create(area_id=pk, changed_at=run.imported_at, **told)
                run.rows_added += 1
            elif any(getattr(before, name) != value for name, value in told.items()):
                Border.objects.filter(pk=before.pk).update(changed_at=run.imported_at, **told)
                run.rows_changed += 1
        run.save()
    return run
