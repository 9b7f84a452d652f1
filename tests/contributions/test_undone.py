"""What hangs on a decision goes back with it: measures, reports, marks, the time to support."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from contributions import actions
from contributions.actions import reporting, undoing
from contributions.mails import send_outcome
from contributions.models import Contribution, Decision, Dossier, Mark, Measure, Report, Status
from contributions.models.report import TOLD_AFTER
from contributions.permissions import measure_on
from ideas.actions import give_support
from ideas.models import Initiative
from moderation.figures import count
from moderation.periods import Period
from tests import scenes
from tests.contributions.changing import revise
from tests.contributions.test_reports import reported
from tests.contributions.test_undoing import dossier_of, pictured, why

pytestmark = pytest.mark.django_db

Outcome = Decision.Outcome


@pytest.fixture(autouse=True)
def pages_in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def reader() -> User:
    return scenes.moderator()


@pytest.fixture
def moderator(reader: User) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def press_undo(client: Client, decision: Decision) -> int:
    return client.post(reverse("moderation:undo", args=[decision.pk])).status_code


def take_back(decision: Decision) -> Decision:
    assert decision.decided_by is not None
    return actions.undo(decision=decision, by=decision.decided_by)


def judged(text: Contribution, about: Decision | Measure | None = None) -> Decision | None:
    """Let a colleague say that the author was right; return the decision that puts it right."""
    about = about or Decision.objects.filter(dossier=text.dossier_id).last()
    assert about is not None
    assert text.author is not None
    appeal = actions.appeal(about=about, by=text.author, words="I meant it well.")
    return actions.judge(
        appeal=appeal, by=scenes.moderator(), granted=True, reason="You were right."
    ).put_right_by


# --- Every outcome ---


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_way_back_or_a_reason_why_not(outcome: Decision.Outcome):
    can_be_undone = undoing.is_undoable(outcome)
    assert can_be_undone != (outcome in undoing.NEVER_UNDONE)
    assert can_be_undone or undoing.NEVER_UNDONE[outcome]


def test_undoing_is_not_undone(reader: User):
    text = scenes.initiative(status=Status.SUBMITTED)
    undone = take_back(actions.publish(dossier=text.dossier, by=reader))

    with pytest.raises(actions.GoneOnSince):
        take_back(undone)

    assert actions.undoable_by(reader, timezone.now()) is None


def test_undoing_is_on_the_record_of_acts(reader: User):
    assert actions.undo.is_on_the_record  # type: ignore[attr-defined]


# --- Measures ---


@pytest.mark.parametrize("verb", ["reject", "hide", "warn"])
@pytest.mark.parametrize("measure", ["pause", "end"])
def test_nobody_stays_paused_by_a_decision_that_was_undone(
    moderator: Client, reader: User, verb: str, measure: str
):
    text = scenes.initiative(status=Status.SUBMITTED if verb == "reject" else Status.PUBLISHED)
    assert text.author is not None
    decision = getattr(actions, verb)(dossier=text.dossier, by=reader, **why())
    if measure == "pause":
        made = actions.pause(decision=decision, by=reader, days=7)
    else:
        made = actions.end(decision=decision, by=reader)
        actions.agree(measure=made, by=scenes.moderator())
    assert measure_on(text.author, timezone.now()) is not None

    assert press_undo(moderator, decision) == 302

    assert measure_on(text.author, timezone.now()) is None
    made.refresh_from_db()
    assert made.lifted_by == reader
    page = Client()
    page.force_login(text.author)
    for url in ("decisions:decision", "decisions:measure"):
        pk = decision.pk if url == "decisions:decision" else made.pk
        assert "This was taken back on" in page.get(reverse(url, args=[pk])).content.decode()


def test_an_end_that_waits_for_a_second_yes_does_not_wait_any_more(reader: User):
    text = scenes.initiative()
    decision = actions.warn(dossier=text.dossier, by=reader, **why())
    asked = actions.end(decision=decision, by=reader)

    take_back(decision)

    with pytest.raises(actions.NotPossibleNow):
        actions.agree(measure=asked, by=scenes.moderator())


def test_a_measure_that_was_lifted_before_stays_as_it_was_lifted(reader: User):
    text = scenes.initiative()
    decision = actions.warn(dossier=text.dossier, by=reader, **why())
    made = actions.pause(decision=decision, by=reader, days=7)
    colleague = scenes.moderator()
    actions.lift(measure=made, by=colleague, reason="Too long.")

    take_back(decision)

    made.refresh_from_db()
    assert (made.lifted_by, made.lifted_because) == (colleague, "Too long.")


@pytest.mark.parametrize("measure", ["pause", "end"])
def test_no_measure_comes_with_a_decision_that_was_undone(reader: User, measure: str):
    text = scenes.initiative()
    decision = actions.warn(dossier=text.dossier, by=reader, **why())
    take_back(decision)

    told = {"days": 7} if measure == "pause" else {}
    with pytest.raises(actions.NotPossibleNow):
        getattr(actions, measure)(decision=decision, by=reader, **told)


def test_no_measure_comes_with_a_decision_of_which_the_author_was_right(reader: User):
    text = scenes.initiative()
    decision = actions.warn(dossier=text.dossier, by=reader, **why())
    judged(text)

    with pytest.raises(actions.NotPossibleNow):
        actions.pause(decision=decision, by=reader, days=7)


def measures_counted() -> dict[tuple[str, ...], int]:
    day = timezone.localdate()
    return count(Period(day.year, day.month)).measures


def test_a_measure_of_a_decision_that_was_undone_does_not_count(reader: User):
    undone = actions.warn(dossier=scenes.initiative().dossier, by=reader, **why())
    actions.pause(decision=undone, by=reader, days=7)
    take_back(undone)
    text = scenes.initiative()
    contested = actions.warn(dossier=text.dossier, by=reader, **why())
    actions.pause(decision=contested, by=reader, days=7)
    assert measures_counted() == {("pause", "kept"): 1}

    judged(text)

    # That one did hold, until somebody else looked.
    assert measures_counted() == {("pause", "lifted"): 1}


# --- Another look ---


@pytest.mark.parametrize("verb", ["send_back", "reject", "hide", "hide_picture", "return_revision"])
def test_what_was_put_right_is_not_undone(verb: str, reader: User):
    waits = verb in ("send_back", "reject")
    text = pictured(Status.SUBMITTED if waits else Status.PUBLISHED)
    told: dict[str, Any] = why()
    if verb == "hide_picture":
        told["picture"] = text.dossier.pictures.get()
    if verb == "return_revision":
        revise(text, title="Two benches")
    getattr(actions, verb)(dossier=dossier_of(text), by=reader, **told)
    put_right = judged(text)
    assert put_right is not None
    assert put_right.decided_by is not None
    judge = put_right.decided_by
    text.refresh_from_db()
    before = (text.status, text.title)

    page = Client()
    page.force_login(judge)
    assert press_undo(page, put_right) == 409

    text.refresh_from_db()
    assert (text.status, text.title) == before
    assert actions.undoable_by(judge, timezone.now()) is None
    assert "Undo it" not in page.get(reverse("moderation:queue")).content.decode()


@pytest.mark.parametrize("about", ["decision", "measure"])
def test_what_somebody_asks_another_look_at_is_not_undone(
    moderator: Client, reader: User, about: str
):
    text = scenes.initiative()
    decision = actions.warn(dossier=text.dossier, by=reader, **why())
    measure = actions.pause(decision=decision, by=reader, days=7)
    contested = decision if about == "decision" else measure
    actions.appeal(about=contested, by=text.author, words="No.")

    assert press_undo(moderator, decision) == 409

    assert actions.undoable_by(reader, timezone.now()) is None
    measure.refresh_from_db()
    assert measure.lifted_at is None


def test_what_was_undone_in_between_does_not_stand_between_a_text_and_its_right(reader: User):
    text = scenes.initiative(status=Status.HIDDEN)
    hidden = Decision.objects.filter(dossier=text.dossier_id).last()
    take_back(actions.restore(dossier=dossier_of(text), by=reader))

    put_right = judged(text, hidden)

    assert put_right is not None
    assert put_right.outcome == Outcome.RESTORED
    text.refresh_from_db()
    assert text.status == Status.PUBLISHED


# --- Reports ---


@pytest.mark.parametrize("verb", ["keep", "warn", "hide"])
def test_reports_are_open_again_and_their_reporter_reads_so(
    moderator: Client, reader: User, verb: str
):
    text = scenes.initiative()
    made, _new = reported(text, browser="one", email="reader@voorbeeld.test")
    place = dossier_of(text)
    receipt = reverse("reports:receipt", args=[made.token])
    told = why() if verb != "keep" else {}
    decision = getattr(actions, verb)(dossier=dossier_of(text), by=reader, **told)
    assert "A moderator still has to read it" not in Client().get(receipt).content.decode()

    assert press_undo(moderator, decision) == 302

    made.refresh_from_db()
    assert (made.outcome, made.closed_at, made.decision) == ("", None, None)
    assert "A moderator still has to read it" in Client().get(receipt).content.decode()
    dossier = dossier_of(text)
    assert dossier.review == Dossier.Review.REPORTED
    assert dossier.waiting_since == place.waiting_since
    later = timezone.now() + TOLD_AFTER
    assert not send_outcome(made.pk, now=later)
    # What is decided then is told, once.
    actions.hide(dossier=dossier, by=reader, **why())
    assert send_outcome(made.pk, now=later + datetime.timedelta(minutes=1))
    assert len(mail.outbox) == 1
    assert "van de site" in mail.outbox[0].body


def test_a_reporter_who_heard_already_hears_of_the_next_outcome(reader: User):
    """A mail goes when a decision can't be undone any more; a second server's clock may be off."""
    text = scenes.initiative()
    made, _new = reported(text, browser="one", email="reader@voorbeeld.test")
    decision = actions.keep(dossier=dossier_of(text), by=reader)
    Report.objects.update(mailed_at=timezone.now(), mail_tries=1, mail_tried_at=timezone.now())

    take_back(decision)

    assert Report.objects.open().get() == made
    actions.hide(dossier=dossier_of(text), by=reader, **why())
    assert send_outcome(made.pk, now=timezone.now() + TOLD_AFTER + datetime.timedelta(minutes=1))


def test_a_report_about_a_hidden_picture_is_open_again(reader: User):
    text = pictured()
    picture = text.dossier.pictures.get()
    about_it, _new = reported(text, browser="one", picture=picture)
    decision = actions.hide_picture(dossier=dossier_of(text), picture=picture, by=reader, **why())
    about_it.refresh_from_db()
    assert about_it.outcome == Report.Outcome.UPHELD

    take_back(decision)

    about_it.refresh_from_db()
    assert about_it.closed_at is None
    assert dossier_of(text).review == Dossier.Review.REPORTED


def test_who_reported_again_since_has_one_open_report(reader: User):
    text = pictured()
    picture = text.dossier.pictures.get()
    actions.report(
        contribution=text,
        picture=None,
        by=None,
        key=reporting.key_of_reporter(None, "one"),
        category="picture",
        words="",
        email="",
        language="nl",
    )
    other, _new = reported(text, browser="other")
    decision = actions.hide_picture(dossier=dossier_of(text), picture=picture, by=reader, **why())
    reported(text, browser="one")

    take_back(decision)

    assert Report.objects.open().count() == 2
    assert other in Report.objects.open()


def test_a_report_that_a_decision_left_open_does_not_keep_it_from_being_undone(reader: User):
    text = scenes.initiative()
    revise(text, title="Two benches")
    reported(text, browser="one")
    waited = dossier_of(text).waiting_since
    decision = actions.accept_revision(dossier=dossier_of(text), by=reader)
    assert dossier_of(text).review == Dossier.Review.REPORTED

    take_back(decision)

    dossier = dossier_of(text)
    assert (dossier.review, dossier.waiting_since) == (Dossier.Review.REVISION, waited)
    assert Report.objects.open().exists()


def test_a_warning_that_was_wrong_tells_who_reported_that_the_text_may_stay(reader: User):
    text = scenes.initiative()
    made, _new = reported(text, browser="one")
    actions.warn(dossier=dossier_of(text), by=reader, **why())

    put_right = judged(text)

    made.refresh_from_db()
    assert (made.outcome, made.decision) == (Report.Outcome.KEPT, put_right)
    assert dossier_of(text).waiting_since is None


def test_who_passed_it_on_since_is_not_overruled(reader: User):
    text = pictured(Status.SUBMITTED)
    decision = actions.hide_picture(
        dossier=text.dossier, picture=text.dossier.pictures.get(), by=reader, **why()
    )
    colleague = scenes.moderator()
    actions.pass_on(dossier=dossier_of(text), by=reader, text="Look", to=colleague)

    take_back(decision)

    assert dossier_of(text).passed_to == colleague


# --- Marks ---


@pytest.mark.parametrize("verb", ["accept_revision", "return_revision", "hide"])
def test_what_readers_noticed_together_stays_marked(reader: User, verb: str):
    text = scenes.initiative()
    for number in range(reporting.MANY):
        reported(text, browser=str(number))
    brigading = Mark.objects.get(check_name=Mark.Check.BRIGADING)
    revise(text, title="Call 06 12345678")
    told = {} if verb == "accept_revision" else why()

    take_back(getattr(actions, verb)(dossier=dossier_of(text), by=reader, **told))

    assert Mark.objects.get(check_name=Mark.Check.BRIGADING) == brigading
    assert Mark.objects.get(check_name=Mark.Check.TELEPHONE).revision.state == "waiting"


# --- The time to support ---


def test_the_time_to_support_begins_with_the_publication_that_stands(
    moderator: Client, reader: User
):
    text = scenes.initiative(status=Status.SUBMITTED)
    decision = actions.publish(dossier=text.dossier, by=reader)
    text.refresh_from_db()
    days = text.area.support_days

    assert press_undo(moderator, decision) == 302

    text.refresh_from_db()
    assert (text.published_at, text.closes_on) == (None, None)
    later = timezone.now() + datetime.timedelta(days=30)
    actions.publish(dossier=dossier_of(text), by=reader, now=later)
    text.refresh_from_db()
    assert text.closes_on == timezone.localdate(later) + datetime.timedelta(days=days)


def test_what_stood_on_the_site_before_keeps_its_time(reader: User):
    text = scenes.initiative()
    before = text.closes_on
    actions.withdraw(contribution=text, by=text.author)
    actions.submit(contribution=Initiative.objects.get(pk=text.pk), by=text.author)
    decision = actions.publish(dossier=dossier_of(text), by=reader)

    take_back(decision)

    text.refresh_from_db()
    assert text.published_at is not None
    assert text.closes_on == before is not None


def test_who_supported_it_in_those_minutes_still_does(reader: User):
    text = scenes.initiative(status=Status.SUBMITTED)
    decision = actions.publish(dossier=text.dossier, by=reader)
    give_support(initiative_pk=text.pk, person=scenes.person())

    take_back(decision)
    actions.publish(dossier=dossier_of(text), by=reader)

    text.refresh_from_db()
    assert text.support_count == 1
