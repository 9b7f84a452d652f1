"""What follows from the checks of a text: its marks, why it is read, and whether it is read first.

Called by the actions that hand a text in or change it, on a locked row. A check never rejects.
"""

import datetime
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction

from contributions.checks import Found, all_checks
from contributions.kinds import kind_of
from contributions.looking_over import look_over_text
from contributions.models import Contribution, Dossier, Mark, Revision
from contributions.review import DELAYS, Reason, reasons_of_checks
from contributions.tasks import mark_near_doubles


def mark_text(contribution: Contribution, *, now: datetime.datetime) -> list[Reason]:
    """Write the marks of a locked text anew; return why it is read before others see it.

    Its dossier is changed and not saved: a cry for help puts it first until somebody decided.
    """
    dossier = contribution.dossier
    found = look_over_text(contribution)
    _replace(dossier, None, found, now)
    if kind_of(dossier).near is not None:
        dossier.compared_at = None
        # With the broker away the text is in all the same: the sweep finds it later.
        transaction.on_commit(partial(mark_near_doubles.delay, dossier.pk), robust=True)
    return _follow(dossier, found)


def mark_change(contribution: Contribution, revision: Revision) -> list[Reason]:
    """Write the marks of a change to a locked text; return why more than the change is read."""
    found = look_over_text(contribution, revision.data)
    _replace(contribution.dossier, revision, found, revision.created_at)
    return _follow(contribution.dossier, found)


def _follow(dossier: Dossier, found: list[Found]) -> list[Reason]:
    names = {one.check for one in found}
    dossier.is_urgent = dossier.is_urgent or Mark.Check.HELP in names
    return reasons_of_checks(names)


def _replace(
    dossier: Dossier, revision: Revision | None, found: list[Found], now: datetime.datetime
) -> None:
    forget_marks(dossier, revision=revision)
    Mark.objects.bulk_create(
        Mark(
            dossier=dossier,
            revision=revision,
            check_name=one.check,
            found=one.excerpt,
            found_at=now,
        )
        for one in found
    )


def with_reasons_of_checks(earlier: Iterable[str], reasons: Iterable[Reason]) -> list[str]:
    """Return the reasons to read a text, with those of its checks in place of the earlier ones.

    That it once read like a cry for help stays: taking words back does not say that all is well.
    """
    of_checks = set(DELAYS.values()) - {Reason.HELP}
    kept = [reason for reason in earlier if reason not in of_checks]
    return [*kept, *(str(reason) for reason in reasons if reason not in kept)]


def take_over_marks(revision: Revision) -> None:
    """Let the marks of a change that was taken over be those of the text."""
    forget_marks(revision.dossier)
    Mark.objects.filter(revision=revision).update(revision=None)


def forget_marks(dossier: Dossier, **of: Any) -> None:
    """Forget what checks found in a text that is not there any more.

    Args:
        of: ``revision``, if not the marks of the text itself.
    """
    revision = of.get("revision")
    names = [check.name for check in all_checks()]
    Mark.objects.filter(dossier=dossier, revision=revision, check_name__in=names).delete()
