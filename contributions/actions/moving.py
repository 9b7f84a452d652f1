"""Which status may follow which, and the move itself: on a locked row, with its decision."""

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from accounts.models import User
from contributions.actions.closing import close_reports
from contributions.actions.refusals import NotPossibleNow
from contributions.kinds import kind_of
from contributions.machine.asking import ask_at_once
from contributions.models import (
    Contribution,
    Decision,
    Dossier,
    HouseRule,
    Mark,
    Picture,
    SpokenText,
    Status,
)
from contributions.search.documents import write_document
from notifications.actions import notify

#: So long whoever took a decision can undo it; until then no mail tells of it.
UNDO_WITHIN = datetime.timedelta(minutes=10)

Outcome = Decision.Outcome
C = TypeVar("C", bound=Contribution)


#: Which status may follow which. "Returned", "rejected" and "hidden" are decisions of a moderator;
#: "submitted" and "withdrawn" are the author's. From "returned" and "rejected" a text comes on the
#: site by an appeal that was granted, and in no other way.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SUBMITTED}),
    Status.SUBMITTED: frozenset(
        {Status.PUBLISHED, Status.RETURNED, Status.REJECTED, Status.WITHDRAWN}
    ),
    Status.PUBLISHED: frozenset({Status.HIDDEN, Status.WITHDRAWN}),
    Status.RETURNED: frozenset({Status.SUBMITTED, Status.WITHDRAWN, Status.PUBLISHED}),
    Status.REJECTED: frozenset({Status.PUBLISHED}),
    Status.HIDDEN: frozenset({Status.PUBLISHED}),
    Status.WITHDRAWN: frozenset({Status.SUBMITTED}),
}

#: What undoing a decision puts back, and nothing else does: see ``undoing``.
PUT_BACK: dict[Status, frozenset[Status]] = {
    Status.PUBLISHED: frozenset({Status.SUBMITTED, Status.HIDDEN}),
    Status.RETURNED: frozenset({Status.SUBMITTED}),
    Status.REJECTED: frozenset({Status.SUBMITTED}),
    Status.HIDDEN: frozenset({Status.PUBLISHED}),
}


def locked_row(contribution: C) -> C:
    queryset: Any = type(contribution)._default_manager.all()
    locked: C | None = (
        queryset.locked_with_dossier().select_related("area").filter(pk=contribution.pk).first()
    )
    if locked is None:
        raise NotPossibleNow
    return locked


def move(
    contribution: Contribution,
    to: Status,
    *,
    table: Mapping[Status, frozenset[Status]] = TRANSITIONS,
) -> Status:
    """Change the status of a locked row, and return what it was."""
    before = Status(contribution.status)
    if to not in table.get(before, ()):
        raise NotPossibleNow
    contribution.status = to
    return before


def publish_row(
    contribution: Contribution,
    outcome: Outcome,
    *,
    by: User | None,
    now: datetime.datetime,
    reason: str = "",
    words_language: str = "",
) -> Decision:
    before = move(contribution, Status.PUBLISHED)
    if contribution.published_at is None:
        contribution.published_at = now
    decision = record(
        contribution,
        outcome,
        before,
        by=by,
        now=now,
        reason=reason,
        words_language=words_language,
    )
    kind_of(contribution).on_published(contribution, now)
    contribution.save()
    write_document(contribution)
    ask_at_once(contribution, now=now)
    return decision


def record(
    contribution: Contribution,
    outcome: Outcome,
    before: Status | str,
    *,
    by: User | None,
    now: datetime.datetime,
    rule: HouseRule | None = None,
    reason: str = "",
    facts: str = "",
    words_language: str = "",
    picture: Picture | None = None,
    spoken: SpokenText | None = None,
    undoes: Decision | None = None,
) -> Decision:
    """Put a decision on the record, before its dossier leaves the queue: how it waited is kept.

    What was reported and is answered by it ends in the same transaction.
    """
    decision = Decision.objects.create(
        dossier=contribution.dossier,
        picture=picture,
        spoken=spoken,
        undoes=undoes,
        waited_as=waited_as(contribution.dossier),
        outcome=outcome,
        from_status=before,
        to_status=contribution.status,
        rule=rule,
        reason=reason,
        facts=facts,
        words_language=words_language,
        marked=_marked(contribution.dossier),
        automatic=by is None,
        decided_by=by,
        decided_at=now,
    )
    close_reports(decision)
    _tell_author(contribution, decision, by, now)
    return decision


def _tell_author(
    contribution: Contribution, decision: Decision, by: User | None, now: datetime.datetime
) -> None:
    """Tell an author what somebody decided about their text; what went by itself tells nobody.

    What an appeal puts right is told with the appeal: its loader leaves it out here.
    """
    against = decision.outcome in Decision.AGAINST
    if by is None or contribution.author_id is None:
        return
    if not against and decision.outcome not in Decision.IN_FAVOUR:
        return
    notify(
        "text_refused" if against else "text_accepted",
        decision.pk,
        to=[contribution.author_id],
        by=by,
        not_before=now + UNDO_WITHIN,
        now=now,
    )


def _marked(dossier: Dossier) -> list[str]:
    """Return which checks had marked the text, for the author to read beside the decision.

    Not that it was reported, and how: no author is told that.
    """
    marks = Mark.objects.filter(dossier=dossier).exclude(check_name=Mark.Check.BRIGADING)
    names = marks.values_list("check_name", flat=True)
    return sorted(set(names))


def waited_as(dossier: Dossier) -> dict[str, Any] | None:
    """Return how a dossier waits, ready for JSON; nothing where it does not."""
    if dossier.waiting_since is None or dossier.promised_date is None:
        return None
    return {
        "review": dossier.review,
        "review_reasons": dossier.review_reasons,
        "waiting_since": dossier.waiting_since.isoformat(),
        "promised_date": dossier.promised_date.isoformat(),
        "is_urgent": dossier.is_urgent,
        "passed_to": dossier.passed_to_id,
        "passed_to_office": dossier.passed_to_office,
    }
