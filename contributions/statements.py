"""What was decided, as the person it is about reads it: article 17 of the Digital Services Act."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.models import User
from contributions.actions.appealing import check_may_appeal
from contributions.actions.refusals import Refused
from contributions.appeals import AGAINST, last_day, told_at
from contributions.dates import in_words_with_year
from contributions.kinds import all_kinds, contribution_of, kind_of
from contributions.models import (
    Appeal,
    Contribution,
    Decision,
    HouseRule,
    Mark,
    Measure,
    Status,
)
from contributions.permissions import longest_of

PAGE_SIZE = 50

Outcome = Decision.Outcome


@dataclass(frozen=True)
class Statement:
    """A decision, or a measure, in plain words.

    ``refused`` says why no other look can be asked for, where that is so; ``text_url`` is empty
    where its author has no page of the text any more; ``marked`` is what checks had found, None
    where that is not known.
    """

    about: Decision | Measure
    decided_at: datetime.datetime
    title: str
    effect: str
    contribution: Contribution | None
    text_title: str
    text_url: str
    rule: HouseRule | None
    facts: str
    reason: str
    reason_language: str
    marked: list[str] | None
    appeal: Appeal | None
    appeal_until: datetime.date
    refused: str = ""
    taken_back_at: datetime.datetime | None = None
    taken_back_because: str = ""
    measures: list[Measure] = field(default_factory=list)

    @property
    def is_measure(self) -> bool:
        return isinstance(self.about, Measure)

    @property
    def may_appeal(self) -> bool:
        return self.appeal is None and not self.refused


def title_of(about: Decision | Measure) -> str:
    """Say what was decided, in a sentence for the person it is about."""
    if isinstance(about, Measure):
        if about.last_date is None:
            return _("You can't take part in writing any more")
        return _("Your account is paused until the end of %(date)s") % {
            "date": in_words_with_year(about.last_date)
        }
    return {
        Outcome.RETURNED: _("A moderator asks you to change your text"),
        Outcome.REJECTED: _("Your text was not placed"),
        Outcome.HIDDEN: _("Your text was taken off the site"),
        Outcome.PICTURE_HIDDEN: _("A picture with your text was taken off the site"),
        Outcome.RECORDING_HIDDEN: _("A recording of your text was taken off the site"),
        Outcome.WARNED: _("You got a warning"),
        Outcome.REVISION_RETURNED: _("Your change was not taken over"),
    }[Outcome(about.outcome)]


def _effect_of(about: Decision | Measure) -> str:
    if isinstance(about, Measure):
        return _(
            "You can't place or change texts, invite people or send messages. You can still read, "
            "support ideas, report, ask for another look, take your data out and leave. What you "
            "wrote stays on the site."
        )
    return {
        Outcome.RETURNED: _(
            "Nobody else sees your text now. Change it and send it in again: then somebody reads "
            "it once more."
        ),
        Outcome.REJECTED: _(
            "Nobody else sees your text. You can still read it yourself, until we delete its words."
        ),
        Outcome.HIDDEN: _(
            "Nobody else sees your text any more. You can still read it yourself, until we delete "
            "its words."
        ),
        Outcome.PICTURE_HIDDEN: _("Your text stays as it is. Nobody else sees the picture."),
        Outcome.RECORDING_HIDDEN: _("Your text stays as it is. Nobody else hears the recording."),
        Outcome.WARNED: _(
            "Your text stays on the site. If this happens again, your account can be paused."
        ),
        Outcome.REVISION_RETURNED: _(
            "Your text stays on the site as it was. You can send in another change."
        ),
    }[Outcome(about.outcome)]


def statement_of(
    about: Decision | Measure, *, reader: User, now: datetime.datetime
) -> Statement | None:
    """Return what a decision or a measure says to whom it is about; to anybody else, nothing."""
    contribution = contribution_of(about.dossier) if about.dossier else None
    if isinstance(about, Measure):
        if about.person_id != reader.pk or about.agreed_by_is_missing:
            return None
    elif (
        contribution is None
        or contribution.author_id != reader.pk
        or about.outcome not in AGAINST
        or about.decided_by_id is None
    ):
        return None
    name = "measure" if isinstance(about, Measure) else "decision"
    appeal = Appeal.objects.filter(**{name: about}).select_related("put_right_by").first()
    refused = ""
    try:
        if contribution is not None:
            check_may_appeal(about, contribution, reader, now)
    except Refused as no:
        refused = str(no)
    decision = about.decision if isinstance(about, Measure) else about
    taken_back_at, because = _taken_back(about, appeal)
    return Statement(
        about=about,
        decided_at=told_at(about),
        title=title_of(about),
        effect=_effect_of(about),
        contribution=contribution,
        text_title=kind_of(contribution).title(contribution) if contribution else "",
        text_url=own_page_of(contribution, reader) if contribution else "",
        rule=about.rule,
        facts=about.facts,
        reason=about.reason,
        reason_language=decision.words_language if decision else "",
        marked=_names_of(decision.marked) if decision else None,
        appeal=appeal,
        appeal_until=last_day(told_at(about)),
        refused=refused,
        taken_back_at=taken_back_at,
        taken_back_because=because,
        measures=[]
        if isinstance(about, Measure)
        else [one for one in about.measures.all() if not one.agreed_by_is_missing],
    )


def _names_of(marked: list[str] | None) -> list[str] | None:
    if marked is None:
        # Decided before that was kept.
        return None
    names = dict(Mark.Check.choices)
    return [str(names[one]) for one in marked if one in names]


def _taken_back(
    about: Decision | Measure, appeal: Appeal | None
) -> tuple[datetime.datetime | None, str]:
    """Return when something was taken back without an appeal, and why."""
    if appeal is not None and appeal.outcome == Appeal.Outcome.GRANTED:
        return None, ""
    if isinstance(about, Measure):
        return about.lifted_at, about.lifted_because
    undone = Decision.objects.filter(undoes=about).first()
    return (undone.decided_at, undone.reason) if undone else (None, "")


def own_page_of(contribution: Contribution, reader: User) -> str:
    """Return the address at which somebody finds their own text; nothing where there is none.

    What hangs on something that was hidden has none: its page would name what is hidden.
    """
    visible = kind_of(contribution).model._default_manager.visible_to(reader)  # type: ignore[attr-defined]
    found = visible.filter(pk=contribution.pk).first()
    if found is None:
        return ""
    own = getattr(found, "get_edit_url", found.get_absolute_url)
    return str(found.get_absolute_url() if found.status == Status.PUBLISHED else own())


@dataclass(frozen=True)
class Line:
    """One line of the list of what was decided about somebody's texts and account."""

    about: Decision | Measure
    title: str
    text_title: str
    language: str
    decided_at: datetime.datetime
    appeal: Appeal | None

    @property
    def is_measure(self) -> bool:
        return isinstance(self.about, Measure)


@dataclass(frozen=True)
class Lines:
    """What was decided about somebody, the newest first; measures stand on the first page alone.

    ``measure`` is the one that keeps the person from writing now, told on the first page.
    """

    lines: list[Line]
    next_cursor: str = ""
    measure: Measure | None = None


def lines_for(
    person: User,
    *,
    now: datetime.datetime,
    texts: Iterable[Contribution] | None = None,
    before: int | None = None,
    at_most: int = PAGE_SIZE,
) -> Lines:
    """Return what was decided about a person's texts and account.

    A fixed number of queries, however much was decided.

    Args:
        texts: those of the person's that the caller has at hand; else all are looked up, by a
            query for each kind.
        before: the cursor of the page before.
    """
    if texts is None:
        against = Decision.objects.filter(outcome__in=AGAINST, automatic=False).values("dossier")
        texts = [
            text
            for kind in all_kinds()
            for text in kind.model._default_manager.filter(author=person, dossier__in=against)
        ]
    mine = {text.dossier_id: text for text in texts}
    decisions = Decision.objects.filter(
        dossier__in=list(mine), outcome__in=AGAINST, automatic=False
    ).order_by("-pk")
    if before is not None:
        decisions = decisions.filter(pk__lt=before)
    page = list(decisions.select_related("appeal")[: at_most + 1])
    lines = [_line(one, mine[one.dossier_id]) for one in page[:at_most]]
    cursor = str(page[at_most - 1].pk) if len(page) > at_most else ""
    if before is not None:
        return Lines(lines, cursor)
    measures = [
        one
        for one in Measure.objects.filter(person=person).select_related("appeal")
        if not one.agreed_by_is_missing
    ]
    lines += [_line(one, None) for one in measures]
    lines.sort(key=lambda line: line.decided_at, reverse=True)
    return Lines(lines, cursor, longest_of(measures, now))


def _line(about: Decision | Measure, text: Contribution | None) -> Line:
    return Line(
        about,
        title_of(about),
        kind_of(text).title(text) if text else "",
        text.language if text else "",
        told_at(about),
        getattr(about, "appeal", None),
    )
