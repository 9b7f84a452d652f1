"""Where an initiative stands, said in a sentence, with the next step and its date."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contributions.dates import in_words, with_weekday
from contributions.deadlines import today
from contributions.models import Contribution, Status
from contributions.review import Reason
from ideas.clock import said
from ideas.models import Initiative, Merger, OfficialAnswer, Progress


@dataclass(frozen=True)
class Standing:
    """What people read first: where it stands, and what happens next."""

    sentence: str
    next_step: str = ""


@dataclass(frozen=True)
class Step:
    """One step of the way an initiative goes; ``date`` is a date in words, or nothing yet."""

    label: str
    is_done: bool
    date: str = ""


def of_review(contribution: Contribution) -> Standing:
    """Say to its author where a text that is not (or not yet) on the site stands."""
    dossier = contribution.dossier
    if contribution.status == Status.DRAFT:
        return Standing(
            _("This is a draft. Nobody else sees it."),
            _("Finish it when it suits you: we keep it for 30 days."),
        )
    if contribution.status == Status.SUBMITTED:
        if Reason.LANGUAGE_UNREAD in dossier.review_reasons:
            return Standing(
                _("A moderator who reads your language will look at this first."),
                _("We are looking for one. It can take longer than you are used to."),
            )
        return Standing(
            _("A moderator reads this before others see it."),
            _("By the end of %(date)s you see on My page what was decided.")
            % {"date": with_weekday(dossier.promised_date)},
        )
    if contribution.status == Status.RETURNED:
        return Standing(
            _("A moderator asks you to change something."),
            _("Change it and send it in again. The page of your text says what to change."),
        )
    if contribution.status == Status.REJECTED:
        return Standing(
            _("This was not placed. The page of your text says why."),
            _("Do you not agree? Tell us, and somebody else looks at it again."),
        )
    if contribution.status == Status.HIDDEN:
        return Standing(
            _("This was taken off the site. The page of your text says why."),
            _("Do you not agree? Tell us, and somebody else looks at it again."),
        )
    if contribution.status == Status.WITHDRAWN:
        return Standing(
            _("You took this off the site. Nobody else sees it."),
            _("You can send it in again."),
        )
    if dossier.review == dossier.Review.REVISION:
        return Standing(
            _("This is on the site. Your change waits: a moderator reads it first."),
            _("By the end of %(date)s you see on My page what was decided.")
            % {"date": with_weekday(dossier.promised_date)},
        )
    return Standing(_("This is on the site: everybody can read it."))


def of_double(merger: Merger) -> Standing:
    """Say to its author why an initiative is read under another one now."""
    return Standing(
        _("The programme office joined this with “%(title)s”. Supports and comments stand there.")
        % {"title": merger.double.merged_into},
        _("Why: %(reason)s") % {"reason": merger.reason},
    )


def of_progress(initiative: Initiative, now: datetime.datetime) -> Standing:
    """Say to everybody how far a published initiative has come."""
    if initiative.progress == Progress.IN_CONSIDERATION and initiative.answer_due_date:
        return Standing(
            _("There is enough support. The programme office looks at what can be done."),
            said(initiative.answer_due_date, today(now)),
        )
    if initiative.progress == Progress.ANSWERED:
        return Standing(_("There is an answer. It stands on the page of the idea."))
    if initiative.progress == Progress.IN_PROGRESS:
        return Standing(_("This is being done."), _("The page of the idea says what was agreed."))
    if initiative.progress == Progress.DONE:
        return Standing(_("This is done. Thank you for thinking along!"))
    if not initiative.is_open_at(now):
        return Standing(
            _("The time to support this is over. There was not enough support."),
            _("You can share the idea again, or find neighbours to do it with."),
        )
    return Standing(
        ngettext(
            "Support is being gathered: %(count)s more is needed.",
            "Support is being gathered: %(count)s more are needed.",
            max(initiative.support_missing, 0),
        )
        % {"count": max(initiative.support_missing, 0)},
        _("You can support this until the end of %(date)s.")
        % {"date": in_words(initiative.closes_on)},
    )


def way(initiative: Initiative, answer: OfficialAnswer | None) -> list[Step]:
    """Return the steps from posting to doing, as far as they are known."""
    published = initiative.published_at
    steps = [Step(_("Placed"), True, in_words(published) if published else "")]
    if initiative.crossed_at:
        label = ngettext(
            "Enough support: %(count)s person",
            "Enough support: %(count)s people",
            initiative.threshold,
        )
        label %= {"count": initiative.threshold}
        steps.append(Step(label, True, in_words(initiative.crossed_at)))
    elif initiative.progress == Progress.EXPIRED:
        steps.append(Step(_("Closed without enough support"), True, in_words(initiative.closes_on)))
        return steps
    elif initiative.progress == Progress.OPEN:
        label = ngettext(
            "Support of %(count)s person", "Support of %(count)s people", initiative.threshold
        )
        label %= {"count": initiative.threshold}
        steps.append(
            Step(label, False, _("until %(date)s") % {"date": in_words(initiative.closes_on)})
        )
    if answer is not None and answer.published_at:
        steps.append(Step(_("Answer of the programme office"), True, in_words(answer.published_at)))
    else:
        due = in_words(initiative.answer_due_date)
        steps.append(
            Step(
                _("Answer of the programme office"),
                False,
                _("by the end of %(date)s") % {"date": due} if due else "",
            )
        )
    if answer is None or answer.outcome != OfficialAnswer.Outcome.NOT:
        started = initiative.progress in (Progress.IN_PROGRESS, Progress.DONE)
        steps.append(Step(_("Doing it"), started))
        steps.append(Step(_("Done"), initiative.progress == Progress.DONE))
    return steps
