"""Names on screen: they stand at once, and a moderator reads them after, with what checks found.

Once a moderator hid somebody's names, other ones that they choose are read first; so are those of
somebody whom a measure keeps from writing.
"""

import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from areas.models import Area
from contributions.actions.checking import mark_text
from contributions.actions.moving import move, publish_row
from contributions.actions.queueing import leave_queue, queue
from contributions.kinds import all_kinds, kind_of
from contributions.models import AuthorAct, Decision, Dossier, ShownName, Status
from contributions.permissions import measure_on
from contributions.review import Reason

Review = Dossier.Review

#: Names have no page on which their author hands them in again: another name is that.
_COMES_AGAIN = {
    before: frozenset({Status.SUBMITTED})
    for before in (
        Status.PUBLISHED,
        Status.HIDDEN,
        Status.REJECTED,
        Status.RETURNED,
        Status.WITHDRAWN,
    )
}
_HANDED_IN = (Status.SUBMITTED, Status.PUBLISHED, Status.RETURNED, Status.HIDDEN)


def lock_names(person: User) -> None:
    """Lock the names that a moderator may be deciding about, if there are any."""
    ShownName.objects.locked_with_dossier().filter(author=person).first()


def show_names(
    *,
    person: User,
    now: datetime.datetime,
    area: Area | None = None,
    language: str = "",
) -> None:
    """Let moderators read the names that somebody shows, from their first contribution on.

    Under 16 a pseudonym stands there anyway, so there is nothing to read.

    Args:
        area: where they contribute just now, with ``language``; looked up where it is not told.
    """
    shown = {"display_name": person.display_name, "business_name": person.business_name}
    if person.is_under_16:
        shown = dict.fromkeys(shown, "")
    row = ShownName.objects.locked_with_dossier().filter(author=person).first()
    if row is not None:
        if any(getattr(row, name) != value for name, value in shown.items()):
            _change(row, shown, person, now)
        return
    if not any(shown.values()):
        return
    if area is None:
        area, language = _where_they_contribute(person)
    if area is None:
        return
    try:
        with transaction.atomic():
            _begin(person, shown, area, language, now)
    except IntegrityError:
        # Another of their contributions came in at this moment, and brought the same names.
        return


def _begin(
    person: User, shown: dict[str, str], area: Area, language: str, now: datetime.datetime
) -> None:
    dossier = Dossier.objects.create(kind=ShownName.kind, area=area, language=language)
    row = ShownName(
        dossier=dossier, author=person, area=area, language=language, submitted_at=now, **shown
    )
    row.changed_at = now
    row.save()
    move(row, Status.SUBMITTED)
    AuthorAct.objects.create(dossier=dossier, act=AuthorAct.Act.HANDED_IN, by=person, done_at=now)
    publish_row(row, Decision.Outcome.PUBLISHED, by=None, now=now)
    mark_text(row, now=now)
    queue(dossier, Review.AFTER, now=now, working_days=area.review_working_days)


def _change(row: ShownName, shown: dict[str, str], person: User, now: datetime.datetime) -> None:
    for name, value in shown.items():
        setattr(row, name, value)
    row.changed_at = now
    area = row.area
    if not any(shown.values()) or area is None:
        # Nothing is left to read; the pseudonym stands there.
        if row.status == Status.SUBMITTED:
            move(row, Status.WITHDRAWN)
        row.save()
        leave_queue(row.dossier)
        return
    # Emptied when a year had passed since it was hidden; these are other names.
    row.draft_key = ""
    if row.status == Status.PUBLISHED and measure_on(person, now) is None:
        review = Review.AFTER
    else:
        review = Review.BEFORE
        if row.status == Status.PUBLISHED:
            kind_of(row).on_unpublished(row)
        if row.status != Status.SUBMITTED:
            move(row, Status.SUBMITTED, table=_COMES_AGAIN)
        row.dossier.review_reasons = [str(Reason.CAME_BACK)]
    row.submitted_at = now
    row.save()
    AuthorAct.objects.create(
        dossier=row.dossier, act=AuthorAct.Act.HANDED_IN, by=person, done_at=now
    )
    mark_text(row, now=now)
    queue(row.dossier, review, now=now, working_days=area.review_working_days)


def _where_they_contribute(person: User) -> tuple[Area | None, str]:
    """Return the area and language of somebody's newest contribution that moderators read."""
    first, *others = (
        kind.model._default_manager.filter(author=person, status__in=_HANDED_IN)
        .order_by()
        .values_list("submitted_at", "area", "language")
        for kind in all_kinds()
        if kind.reviewed
    )
    newest = first.union(*others, all=True).order_by("submitted_at").last()
    if newest is None:
        return None, ""
    _submitted_at, area, language = newest
    return Area.objects.get(pk=area), language
