"""What happened to a text, newest first: who did what, when, and what it changed."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from accounts.models import User
from contributions.differences import FieldDifference, Names, differences
from contributions.models import (
    AuthorAct,
    Contribution,
    Decision,
    Dossier,
    Picture,
    Revision,
)
from contributions.revisions import latest_change, words_before

PAGE_SIZE = 20
#: What the history of every text begins with.
_FIRST_ACTS = (AuthorAct.Act.HANDED_IN, AuthorAct.Act.ENTERED)


@dataclass(frozen=True)
class Change:
    """A change as it is read: what it alters in the text, and which pictures come and go.

    ``is_known`` is false where what it replaced was not kept yet; ``fields`` are its own words
    then, as if all had been added. ``is_emptied`` says that its words were taken out.
    """

    revision: Revision
    fields: list[FieldDifference]
    pictures_added: list[Picture]
    pictures_removed: list[Picture]
    is_known: bool = True
    is_emptied: bool = False

    @property
    def alters_nothing(self) -> bool:
        return not (self.fields or self.pictures_added or self.pictures_removed or self.is_emptied)


@dataclass(frozen=True)
class Entry:
    """One line of the history. ``who`` is empty where no person did it."""

    at: datetime.datetime
    title: str | Promise
    who: str
    icon: str
    decision: Decision | None = None
    change: Change | None = None


@dataclass
class History:
    entries: list[Entry] = field(default_factory=list)
    next_cursor: str = ""
    #: Whether the authors' acts of the beginning are missing: they were not written down then.
    begins_later: bool = False


def change_of(
    contribution: Contribution,
    revision: Revision,
    *,
    pictures: Sequence[Picture] | None = None,
    names: Names | None = None,
) -> Change:
    """Return what a revision changes.

    Args:
        pictures: all of the dossier, removed ones too, where the caller has them already.
        names: shared by the changes of one page.
    """
    if pictures is None:
        pictures = list(Picture.objects.filter(dossier=contribution.dossier_id))
    before = revision.before
    if before is None and revision.state == Revision.State.WAITING:
        before = words_before(contribution, revision.data)
    removed = set(revision.data.get("pictures_removed", []))
    return Change(
        revision=revision,
        fields=differences(contribution, before or {}, revision.data, names)
        if revision.data
        else [],
        pictures_added=[one for one in pictures if one.revision_id == revision.pk],
        pictures_removed=[one for one in pictures if str(one.key) in removed],
        is_known=before is not None,
        is_emptied=not revision.data,
    )


def waiting_change(contribution: Contribution) -> Change | None:
    """Return the change of a text that waits for a moderator, if there is one."""
    if contribution.dossier.review != Dossier.Review.REVISION:
        return None
    revision = Revision.objects.filter(
        dossier=contribution.dossier_id, state=Revision.State.WAITING
    ).first()
    return change_of(contribution, revision) if revision else None


def changes_since_it_was_read(contribution: Contribution) -> list[FieldDifference]:
    """Return what its author changed in a text that comes in again since somebody decided on it."""
    read = Decision.objects.filter(dossier=contribution.dossier_id, automatic=False).last()
    if read is None:
        return []
    first = (
        Revision.objects.filter(
            dossier=contribution.dossier_id,
            state=Revision.State.MADE,
            created_at__gt=read.decided_at,
        )
        .order_by("created_at", "pk")
        .first()
    )
    if first is None or not first.before:
        return []
    return differences(contribution, first.before, contribution.fields_of_revision())


def beside_what_stands(contribution: Contribution, data: dict[str, Any]) -> list[FieldDifference]:
    """Return how words that somebody wrote differ from those that stand there by now.

    For an author who changed a text in two windows: what stands is the text, or the change of it
    that waits.
    """
    change = latest_change(contribution)
    stands = {**words_before(contribution, data), **(change.data if change else {})}
    return differences(contribution, stands, data)


def history_of(contribution: Contribution, *, reader: User, before: str = "") -> History:
    """Return a page of a text's history.

    Args:
        reader: its author, to whom a moderator is "a moderator", or a moderator, who sees names.
        before: the cursor of the page before; one that says nothing gives the first page.
    """
    upto = _moment(before)
    names_moderators = reader.pk != contribution.author_id
    dossier = contribution.dossier
    decisions = _newest(dossier.decisions.select_related("rule", "decided_by"), "decided_at", upto)
    revisions = _once(_newest(dossier.revisions.select_related("created_by"), "created_at", upto))
    acts = _newest(dossier.author_acts.select_related("by"), "done_at", upto)
    pictures = list(Picture.objects.filter(dossier=dossier)) if revisions else []
    names = Names()
    # What happened at one moment began with its author: so that comes last.
    entries = [
        *(_entry_of_decision(one, names_moderators=names_moderators) for one in decisions),
        *(_entry_of_change(contribution, one, pictures, names) for one in revisions),
        *(_entry_of_act(one) for one in acts),
    ]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    shown = entries[:PAGE_SIZE]
    # What happened at the same moment stays together.
    shown += [entry for entry in entries[PAGE_SIZE:] if entry.at == shown[-1].at]
    has_more = len(entries) > len(shown)
    return History(
        shown,
        next_cursor=shown[-1].at.isoformat() if has_more else "",
        begins_later=not has_more and not dossier.author_acts.filter(act__in=_FIRST_ACTS).exists(),
    )


def _moment(cursor: str) -> datetime.datetime | None:
    try:
        moment = parse_datetime(cursor.replace(" ", "+"))
        return moment.astimezone(datetime.UTC) if moment and is_aware(moment) else None
    except (ValueError, OverflowError):
        # Also a moment that no calendar has in Greenwich.
        return None


def _newest(rows: QuerySet[Any], moment: str, upto: datetime.datetime | None) -> list[Any]:
    """Return the newest rows of a page, with some more, so that it shows whether more follow."""
    if upto is not None:
        rows = rows.filter(**{f"{moment}__lt": upto})
    return list(rows.order_by(f"-{moment}", "-pk")[: PAGE_SIZE + 1])


def _once(revisions: list[Revision]) -> list[Revision]:
    """Leave out the closed rows of changes that wait anew, since what closed them was undone."""
    newest: dict[Any, Revision] = {}
    for one in revisions:
        newest.setdefault((one.created_at, one.created_by_id), one)
    return list(newest.values())


_ICONS = {
    Decision.Outcome.PUBLISHED: "circle-check",
    Decision.Outcome.KEPT: "circle-check",
    Decision.Outcome.RESTORED: "circle-check",
    Decision.Outcome.REVISION_ACCEPTED: "circle-check",
    Decision.Outcome.RETURNED: "message-circle",
    Decision.Outcome.REVISION_RETURNED: "message-circle",
    Decision.Outcome.REJECTED: "x",
    Decision.Outcome.HIDDEN: "eye-off",
    Decision.Outcome.UNDONE: "arrow-back-up",
    Decision.Outcome.PICTURE_HIDDEN: "eye-off",
    Decision.Outcome.PICTURE_RESTORED: "circle-check",
    Decision.Outcome.RECORDING_HIDDEN: "eye-off",
    Decision.Outcome.RECORDING_RESTORED: "circle-check",
    Decision.Outcome.WARNED: "alert-triangle",
}


def _entry_of_decision(decision: Decision, *, names_moderators: bool) -> Entry:
    if decision.decided_by is None:
        who = ""
    else:
        who = decision.decided_by.public_name if names_moderators else _("A moderator")
    return Entry(
        at=decision.decided_at,
        title=decision.get_outcome_display(),
        who=who,
        icon=_ICONS.get(Decision.Outcome(decision.outcome), "info-circle"),
        decision=decision,
    )


def _entry_of_change(
    contribution: Contribution, revision: Revision, pictures: Sequence[Picture], names: Names
) -> Entry:
    made = revision.state == Revision.State.MADE
    return Entry(
        at=revision.created_at,
        title=_("text changed by its author") if made else _("change asked for by its author"),
        who=revision.created_by.public_name if revision.created_by else _("Who holds the slip"),
        icon="pencil",
        change=change_of(contribution, revision, pictures=pictures, names=names),
    )


def _entry_of_act(act: AuthorAct) -> Entry:
    return Entry(
        at=act.done_at,
        title=act.get_act_display(),
        who=act.by.public_name if act.by else _("Who holds the slip"),
        icon="eye-off" if act.act == AuthorAct.Act.WITHDRAWN else "send",
    )
