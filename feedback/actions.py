"""Every write on experiences, remarks and responses that has a rule."""

import datetime
from collections import Counter
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.record import on_the_record
from areas.models import Area
from contributions.actions import (
    NotAllowed,
    NotPossibleNow,
    Refused,
    change_pictures,
    claim_draft,
    editing,
    keep_why_hard,
    propose_revision,
    submit,
)
from contributions.drafts import MAX_DRAFTS_PER_KEY
from contributions.forms import PicturesForm
from contributions.models import Channel, Dossier
from feedback.models import Experience, Recognition, Remark, Response, Tally, Trend
from feedback.permissions import can_respond
from feedback.quarters import quarter_at
from ideas import actions as idea_actions
from ideas.models import Initiative
from indicators.models import Indicator
from notifications.actions import notify

State = Response.State

#: How a response comes further: what was promised is done, or it is said why not.
STATES: dict[State, frozenset[State]] = {
    State.PROMISED: frozenset({State.DOING, State.DONE, State.NOT}),
    State.DOING: frozenset({State.DONE, State.NOT}),
    State.DONE: frozenset(),
    State.NOT: frozenset({State.PROMISED, State.DOING}),
}


class NotAsked(Refused):
    message = _("Nobody is asked about this figure. You can share an idea about it.")


class NotHere(Refused):
    message = _("You can tell this about a neighbourhood. Choose yours first.")


class QuarterOver(Refused):
    message = _("A new quarter has begun. Look at the figure again and tell how it is now.")


class NothingTold(Refused):
    message = _("First choose an answer to the question.")


class AnsweredWithAccount(Refused):
    message = _(
        "In this browser somebody with an account answered already. Sign in to change that answer."
    )


class AlreadyTold(Refused):
    message = _(
        "You told something about this figure in this quarter already. Change that text on your "
        "own page. What you wrote now is kept there as a draft."
    )


class PromiseNotWhole(Refused):
    message = _("Say what you do, who does it and before when. Or say why you don't do it.")


def answer(
    *,
    indicator: Indicator,
    area: Area,
    person: User | None,
    browser: str,
    quarter_date: datetime.date,
    recognition: str = "",
    trend: str = "",
    channel: str = Channel.WEB,
    now: datetime.datetime | None = None,
) -> Experience:
    """Keep what somebody sees in the street, or change it; the counts follow at once.

    One row per person (or browser), figure, area and quarter: whoever answers again changes it. An
    answer that this browser gave without an account becomes the person's own.

    Args:
        browser: the digest of the browser's key (``feedback.browsers``); needed without a person.
        quarter_date: the quarter that the page asked about.
        recognition, trend: the answers; one that is empty stays as it was.

    Raises:
        NotAsked: nobody is asked about this figure.
        NotHere: the area is no neighbourhood where people take part.
        QuarterOver: another quarter runs by now.
        NothingTold: there is no answer.
        AnsweredWithAccount: this browser's answer belongs to an account.
    """
    now = now or timezone.now()
    _check_question(indicator, area, quarter_date, now)
    told = _told(recognition, trend)
    with transaction.atomic():
        which = {"indicator": indicator, "area": area, "quarter_date": quarter_date}
        experience = _locked_experience(which, person, browser)
        if experience is None:
            try:
                with transaction.atomic():
                    experience = Experience.objects.create(
                        **which,
                        person=person,
                        browser=_free_browser(which, browser),
                        channel=channel,
                        created_at=now,
                        changed_at=now,
                        **told,
                    )
            except IntegrityError:
                # Two taps at once: the other one made the row, and this one changes it.
                experience = _locked_experience(which, person, browser)
                if experience is None:
                    raise NotPossibleNow from None
            else:
                _count(experience, before=None)
                return experience
        before = _counted(experience)
        experience.person = person or experience.person
        for name, value in told.items():
            setattr(experience, name, value)
        experience.changed_at = now
        experience.save(update_fields=["person", "recognition", "trend", "changed_at"])
        _count(experience, before=before)
        return experience


def _check_question(
    indicator: Indicator, area: Area, quarter_date: datetime.date, now: datetime.datetime
) -> None:
    if not indicator.may_be_asked:
        raise NotAsked
    if not area.accepts_contributions:
        raise NotHere
    if quarter_date != quarter_at(now):
        raise QuarterOver


def _told(recognition: str, trend: str) -> dict[str, str]:
    known = recognition in ("", *Recognition.values) and trend in ("", *Trend.values)
    if not known or not (recognition or trend):
        raise NothingTold
    answers = {"recognition": recognition, "trend": trend}
    return {name: value for name, value in answers.items() if value}


def _locked_experience(
    which: dict[str, Any], person: User | None, browser: str
) -> Experience | None:
    """Return the row that is a person's own, or this browser's, locked until the end.

    Raises:
        AnsweredWithAccount: it is this browser's, and belongs to somebody who is not signed in.
    """
    rows = Experience.objects.select_for_update(no_key=True).filter(**which)
    if person is not None and (own := rows.filter(person=person).first()):
        return own
    of_browser = rows.filter(browser=browser).first() if browser else None
    if person is None:
        if of_browser is not None and of_browser.person_id is not None:
            raise AnsweredWithAccount
        return of_browser
    # Somebody else may have answered in this browser before: that stays theirs.
    return of_browser if of_browser is not None and of_browser.person_id is None else None


def _free_browser(which: dict[str, Any], browser: str) -> str:
    taken = browser and Experience.objects.filter(**which, browser=browser).exists()
    return "" if taken else browser


#: What a row counts for, among those with an account or those without.
Counted = tuple[bool, Counter[str]]


def _counted(experience: Experience) -> Counted:
    told = [name for name in (experience.recognition, experience.trend) if name]
    return experience.with_account, Counter(["answered", *told])


def _count(experience: Experience, *, before: Counted | None) -> None:
    """Bring the counts in step with a row that was written in this transaction."""
    changes = {False: Counter[str](), True: Counter[str]()}
    with_account, told = _counted(experience)
    changes[with_account].update(told)
    if before is not None:
        changes[before[0]].subtract(before[1])
    # Always in the same order, so that two who wait for each other's row cannot be.
    for group, change in changes.items():
        added = {name: F(name) + number for name, number in change.items() if number}
        if not added:
            continue
        which = {
            "indicator_id": experience.indicator_id,
            "area_id": experience.area_id,
            "quarter_date": experience.quarter_date,
            "with_account": group,
        }
        tally = Tally.objects.filter(**which)
        if not tally.update(**added):
            Tally.objects.bulk_create([Tally(**which)], ignore_conflicts=True)
            tally.update(**added)


def recount() -> int:
    """Make all counts anew from the answers; return how many were wrong."""
    wrong = 0
    columns = ("indicator_id", "area_id", "quarter_date")
    groups = {
        group
        for model in (Experience, Tally)
        for group in model.objects.order_by().values_list(*columns).distinct()
    }
    for group in sorted(groups):
        wrong += _recount_one(dict(zip(columns, group, strict=True)))
    return wrong


def _recount_one(which: dict[str, Any]) -> int:
    wrong = 0
    with transaction.atomic():
        Tally.objects.bulk_create(
            [Tally(**which, with_account=group) for group in (False, True)], ignore_conflicts=True
        )
        # Locked first: an answer that is being given has counted itself, or does so after this.
        tallies = list(
            Tally.objects.select_for_update(no_key=True).filter(**which).order_by("with_account")
        )
        for tally in tallies:
            answers = Experience.objects.filter(**which, person__isnull=not tally.with_account)
            right = answers.aggregate(
                answered=Count("pk"),
                **{name: Count("pk", filter=Q(recognition=name)) for name in Recognition.values},
                **{name: Count("pk", filter=Q(trend=name)) for name in Trend.values},
            )
            if any(getattr(tally, name) != number for name, number in right.items()):
                Tally.objects.filter(pk=tally.pk).update(**right)
                wrong += 1
    return wrong


def begin_remark(
    *,
    indicator: Indicator,
    area: Area,
    author: User | None,
    draft_key: str,
    text: str,
    language: str,
    form: PicturesForm,
) -> Remark:
    """Begin a remark beside a figure as a draft, before or after signing in.

    Raises:
        NotAsked, NotHere: nobody is asked about this figure, or not here.
        TooManyDrafts: a browser without an account holds ten of them.
    """
    if not indicator.may_be_asked:
        raise NotAsked
    if not area.accepts_contributions:
        raise NotHere
    if author is None and Remark.objects.held_by(draft_key).count() >= MAX_DRAFTS_PER_KEY:
        raise idea_actions.TooManyDrafts
    with transaction.atomic():
        remark = Remark.objects.create(
            dossier=Dossier.objects.create(kind=Remark.kind),
            indicator=indicator,
            area=area,
            author=author,
            entered_by=author,
            draft_key="" if author else draft_key,
            text=text,
            language=language,
        )
        write_remark(
            remark=remark, by=author or AnonymousUser(), draft_key=draft_key, values={}, form=form
        )
        return remark


def write_remark(
    *,
    remark: Remark,
    by: User | AnonymousUser,
    draft_key: str,
    values: dict[str, Any],
    form: PicturesForm,
    started_from: str = "",
) -> None:
    """Save a remark's words and pictures: in place while nobody reads it, else as a change.

    Args:
        started_from: the ``version_of_words`` that the author began with, if the form told it.

    Raises:
        EditedElsewhere: the words were changed since, and these are others.
        NotAllowed: it is someone else's.
        NotPossibleNow: it was hidden or rejected in the meantime.
    """
    if remark.is_published and by.is_authenticated:
        propose_revision(
            contribution=remark,
            by=by,
            data={
                **remark.fields_of_revision(),
                **values,
                "pictures_removed": [str(picture.key) for picture in form.removed()],
                "picture_descriptions": form.descriptions(),
            },
            new_pictures=form.new_pictures,
            started_from=started_from,
        )
        return
    now = timezone.now()
    with editing(remark, by=by, draft_key=draft_key, started_from=started_from, now=now) as locked:
        for name, value in values.items():
            setattr(locked, name, value)
        change_pictures(
            contribution=locked,
            remove=form.removed(),
            descriptions=form.descriptions(),
            add=form.new_pictures,
            now=now,
        )


def hand_in_remark(
    *,
    remark: Remark,
    by: User,
    draft_key: str = "",
    browser: str = "",
    now: datetime.datetime | None = None,
) -> Remark:
    """Post a remark: it joins the person's experience of this quarter.

    Raises:
        NothingTold: the question beside the figure was not answered.
        AlreadyTold: another remark stands with that experience.
    """
    now = now or timezone.now()
    with transaction.atomic():
        if remark.author_id is None:
            remark = claim_draft(draft=remark, by=by, draft_key=draft_key)
        if remark.experience_id is None:
            experience = _experience_for(remark, by, browser, now)
            if Remark.objects.filter(experience=experience).exists():
                raise AlreadyTold
            try:
                with editing(remark, by=by, now=now) as locked:
                    locked.experience = experience
            except IntegrityError:
                raise AlreadyTold from None
            remark = locked
        return submit(contribution=remark, by=by, now=now)


def _experience_for(
    remark: Remark, person: User, browser: str, now: datetime.datetime
) -> Experience:
    """Return the person's experience that a remark joins; this browser's becomes their own."""
    if remark.area is None:
        raise NotPossibleNow
    which = {
        "indicator": remark.indicator,
        "area": remark.area,
        "quarter_date": quarter_at(now),
    }
    experience = _locked_experience(which, person, browser)
    if experience is None:
        raise NothingTold
    if experience.person_id is None:
        before = _counted(experience)
        experience.person = person
        experience.save(update_fields=["person"])
        _count(experience, before=before)
    return experience


def make_initiative(
    *,
    indicator: Indicator,
    area: Area,
    author: User | None,
    draft_key: str,
    language: str,
    text: str = "",
) -> Initiative:
    """Begin an initiative out of what somebody sees: figure, area, theme and words go along.

    Raises:
        NotHere: the area is no neighbourhood where people take part.
        TooManyDrafts: a browser without an account holds ten drafts.
    """
    if not area.accepts_contributions:
        raise NotHere
    with transaction.atomic():
        draft = idea_actions.start_draft(author=author, draft_key=draft_key, language=language)
        return idea_actions.write(
            initiative=draft,
            by=author or AnonymousUser(),
            draft_key=draft_key,
            values={"indicator": indicator, "area": area, "theme": indicator.theme, "text": text},
        )


@on_the_record
def respond(
    *,
    indicator: Indicator,
    area: Area,
    by: User,
    language: str,
    heard: str,
    state: str,
    doing: str = "",
    who: str = "",
    due_date: datetime.date | None = None,
    not_doing: str = "",
    why_hard: str = "",
    now: datetime.datetime | None = None,
) -> Response:
    """Say what was heard beside a figure and what is done with it; it is on the site at once.

    Args:
        why_hard: why the text is hard to read, where it is; kept for colleagues.

    Raises:
        HardWithoutReason: the text is hard to read, and nobody says why.
        NotAllowed: the person has no grant of the programme office here.
        PromiseNotWhole: it does not say what, who and when, or why not.
    """
    now = now or timezone.now()
    if not can_respond(by, area):
        raise NotAllowed
    _check_promise(state, doing, who, due_date, not_doing)
    with transaction.atomic():
        response = Response.objects.create(
            dossier=Dossier.objects.create(kind=Response.kind),
            indicator=indicator,
            area=area,
            author=by,
            entered_by=by,
            language=language,
            heard=heard,
            doing=doing,
            who=who,
            due_date=due_date,
            not_doing=not_doing,
            state=state,
            state_changed_at=now,
        )
        keep_why_hard(
            dossier=response.dossier,
            act="feedback.respond",
            parts=(heard, doing, not_doing),
            language=language,
            why=why_hard,
            by=by,
            now=now,
        )
        response = submit(contribution=response, by=by, now=now)
        notify("response", response.pk, by=by, now=now)
        return response


def _check_promise(
    state: str, doing: str, who: str, due_date: datetime.date | None, not_doing: str
) -> None:
    promised = bool(doing and who) and (state == State.DONE or due_date is not None)
    if state not in State.values or not (not_doing if state == State.NOT else promised):
        raise PromiseNotWhole


@on_the_record
def report_response(
    *,
    response: Response,
    by: User,
    state: str,
    not_doing: str = "",
    due_date: datetime.date | None = None,
    why_hard: str = "",
    now: datetime.datetime | None = None,
) -> Response:
    """Say how far it is with what was promised.

    Args:
        not_doing: why it is not done after all; needed for that state.
        why_hard: why the text is hard to read, where it is; kept for colleagues.
        due_date: another date, where the first one is not met.

    Raises:
        HardWithoutReason: the text is hard to read, and nobody says why.
        NotAllowed: the person has no grant of the programme office here.
        NotPossibleNow: it does not follow from where it stands, or it is off the site.
        PromiseNotWhole: a date or a reason is missing.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = (
            Response.objects.published()
            .locked()
            .select_related("area")
            .filter(pk=response.pk)
            .first()
        )
        if locked is None or locked.area is None:
            raise NotPossibleNow
        if not can_respond(by, locked.area):
            raise NotAllowed
        is_later_date = state == locked.state and due_date not in (None, locked.due_date)
        if state not in STATES[State(locked.state)] and not is_later_date:
            raise NotPossibleNow
        locked.state = state
        locked.not_doing = not_doing or locked.not_doing
        locked.due_date = due_date or locked.due_date
        _check_promise(state, locked.doing, locked.who, locked.due_date, locked.not_doing)
        locked.state_changed_at = now
        locked.save(update_fields=["state", "not_doing", "due_date", "state_changed_at"])
        keep_why_hard(
            dossier=locked.dossier,
            act="feedback.report_response",
            parts=(not_doing,),
            language=locked.language,
            why=why_hard,
            by=by,
            now=now,
        )
        notify("response_moved", locked.pk, by=by, occasion=now.isoformat(), now=now)
        return locked
