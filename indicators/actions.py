"""Every write on figures that has a rule."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.record import on_the_record
from indicators.importing import Plan, Row, decode, plan
from indicators.models import ImportRun, Measurement


class RowsRefused(Exception):
    """An import with a row that cannot come in: nothing of it comes in."""

    message = _("There are rows that can't come in. Mend the file and bring it again.")

    def __str__(self) -> str:
        return str(self.message)


class AppliedBefore(RowsRefused):
    message = _("This file is in already.")


class ChangedSince(RowsRefused):
    message = _("The figures changed since you looked. Look at the list again, then confirm.")


@on_the_record
def try_import(*, file_name: str, content: bytes, by: User) -> ImportRun:
    """Keep a file of measurements, with what it would change; nothing else is written yet.

    Raises:
        NotReadable: the file cannot be read at all.
    """
    text = decode(content)
    made = plan(text)
    return ImportRun.objects.create(
        file_name=file_name[:200],
        content=text,
        created_by=by,
        rows_read=made.rows_read,
        rows_added=len(made.added),
        rows_changed=len(made.changed),
        refused=made.refused,
    )


@on_the_record
def apply_import(
    *, run: ImportRun, by: User, seen: tuple[int, int], now: datetime.datetime | None = None
) -> Plan:
    """Take the measurements of a file that was tried, all of them or none.

    Args:
        seen: how many rows would be added and changed when the person looked.

    Raises:
        RowsRefused: a row cannot come in.
        AppliedBefore: it is in already.
        ChangedSince: it would by now do something else than what was looked at.
    """
    try:
        return _apply(run, by=by, seen=seen, now=now or timezone.now())
    except IntegrityError:
        # Another file, or somebody in the admin, added one of its rows at the same moment.
        raise ChangedSince from None


def _apply(run: ImportRun, *, by: User, seen: tuple[int, int], now: datetime.datetime) -> Plan:
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        if locked.applied_at is not None:
            raise AppliedBefore
        made = plan(locked.content)
        if made.refused:
            raise RowsRefused
        if (len(made.added), len(made.changed)) != seen:
            raise ChangedSince
        Measurement.objects.bulk_create(
            [
                Measurement(
                    indicator=row.indicator, area=row.area, period=row.period, **_values(row)
                )
                for row in made.added
            ],
            batch_size=500,
        )
        for change in made.changed:
            Measurement.objects.filter(pk=change.before.pk).update(**_values(change.row))
        locked.rows_added, locked.rows_changed = seen
        locked.applied_at, locked.applied_by = now, by
        locked.save(update_fields=["rows_added", "rows_changed", "applied_at", "applied_by"])
        return made


def _values(row: Row) -> dict[str, object]:
    return {
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "text_nl": row.text,
        "status": row.status,
    }
