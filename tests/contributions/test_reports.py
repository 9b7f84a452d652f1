"""Reports: one open per person and thing, hiding nothing, ended by what a person decides."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from contributions import actions as review
from contributions.actions import key_of_reporter
from contributions.actions.moving import locked_row, record
from contributions.deadlines import today, working_days_later
from contributions.models import Decision, Dossier, Mark, Picture, Report, Status
from contributions.pictures import encode
from ideas.models import Initiative
from tests import scenes
from tests.contributions.changing import revise
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db

Outcome = Report.Outcome
WEEK = datetime.timedelta(days=7)


def reported(
    thing: Any,
    *,
    by: User | None = None,
    browser: str = "",
    picture: Picture | None = None,
    now: datetime.datetime | None = None,
    **told: str,
) -> tuple[Report, bool]:
    return review.report(
        contribution=thing,
        picture=picture,
        by=by,
        key=key_of_reporter(by, browser),
        category=told.get("category", "hate"),
        words=told.get("words", "This is about my family."),
        email=told.get("email", ""),
        language=told.get("language", "nl"),
        now=now,
    )


def dossier_of(thing: Any) -> Dossier:
    return Dossier.objects.get(pk=thing.dossier_id)


def read(thing: Any) -> Any:
    """Let a moderator find a text good, so that it waits for nobody."""
    review.keep(dossier=dossier_of(thing), by=scenes.moderator())
    thing.refresh_from_db()
    return thing


@pytest.fixture
def idea() -> Initiative:
    scenes.moderator()
    made = scenes.initiative("A bench", author=scenes.trusted(scenes.person()))
    return read(made) if dossier_of(made).review == "after" else made


@pytest.fixture
def neighbour() -> User:
    return scenes.person()


def with_picture(thing: Any) -> Picture:
    with transaction.atomic():
        return review.attach_picture(
            contribution=thing,
            encoded=encode(scenes.picture_file(size=(60, 40))),
            description="",
            revision=None,
        )


def decided(thing: Any, outcome: str, *, picture: Picture | None = None, **more: Any) -> Decision:
    """Put a decision on the record, as the action behind it does."""
    with transaction.atomic():
        locked = locked_row(thing)
        made = record(
            locked,
            Decision.Outcome(outcome),
            locked.status,
            by=scenes.moderator(),
            now=timezone.now(),
            rule=scenes.house_rule(),
            reason="So it is.",
            picture=picture,
            **more,
        )
        from contributions.actions.queueing import leave_queue

        leave_queue(locked.dossier)
    return made


# --- What a report does, and does not ---


def test_a_report_hides_nothing_and_brings_the_text_to_a_moderator(
    idea: Initiative, neighbour: User
) -> None:
    now = timezone.now()
    made, is_new = reported(idea, by=neighbour, now=now)
    assert is_new
    idea.refresh_from_db()
    assert idea.status == Status.PUBLISHED
    dossier = dossier_of(idea)
    assert dossier.review == Dossier.Review.REPORTED
    assert dossier.waiting_since == now
    assert dossier.promised_date == working_days_later(today(now), 2)
    assert dossier in Dossier.objects.waiting().reviewable_by(scenes.moderator())
    assert made.closed_at is None


def test_a_text_that_waits_keeps_its_place_in_the_queue(neighbour: User) -> None:
    scenes.moderator()
    idea = scenes.initiative(author=scenes.trusted(scenes.person()))
    before = dossier_of(idea)
    assert before.review == Dossier.Review.AFTER
    reported(idea, by=neighbour, now=timezone.now() + WEEK)
    after = dossier_of(idea)
    assert (after.review, after.waiting_since, after.promised_date) == (
        before.review,
        before.waiting_since,
        before.promised_date,
    )


def test_one_open_report_per_person_and_thing(idea: Initiative, neighbour: User) -> None:
    picture = with_picture(idea)
    first, _new = reported(idea, by=neighbour)
    again, is_new = reported(idea, by=neighbour, category="spam", words="Other words")
    assert (again.pk, is_new) == (first.pk, False)
    assert Report.objects.get().category == "hate"
    assert reported(idea, by=neighbour, picture=picture)[1]
    assert not reported(idea, by=neighbour, picture=picture)[1]
    assert reported(idea, by=scenes.person())[1]
    assert reported(idea, browser="one")[1]
    assert not reported(idea, browser="one")[1]
    assert reported(idea, browser="two")[1]


def test_after_the_outcome_one_can_report_again(idea: Initiative, neighbour: User) -> None:
    first, _new = reported(idea, by=neighbour)
    review.keep(dossier=dossier_of(idea), by=scenes.moderator())
    again, is_new = reported(idea, by=neighbour)
    assert is_new
    assert again.pk != first.pk
    assert again.token != first.token


def test_nobody_reports_their_own_text_nor_what_they_may_not_see(neighbour: User) -> None:
    own = scenes.initiative(author=neighbour)
    with pytest.raises(review.OwnText):
        reported(own, by=neighbour)
    for status in (Status.SUBMITTED, Status.HIDDEN, Status.WITHDRAWN, Status.RETURNED):
        with pytest.raises(review.NotOnTheSite):
            reported(scenes.initiative(status=status), by=neighbour)
        # Not even who may see it: it is not on the site.
        with pytest.raises(review.NotOnTheSite):
            reported(scenes.initiative(status=status), by=scenes.moderator())
    comment = scenes.comment(own, author=scenes.person())
    scenes.bring(own, Status.HIDDEN)
    with pytest.raises(review.NotOnTheSite):
        reported(comment, by=scenes.person())
    assert not Report.objects.exists()


def test_a_picture_of_another_text_or_one_that_is_gone_is_not_reported(
    idea: Initiative, neighbour: User
) -> None:
    other, picture = with_picture(scenes.initiative()), with_picture(idea)
    with pytest.raises(review.NotOnTheSite):
        reported(idea, by=neighbour, picture=other)
    for column in ("removed_at", "hidden_at"):
        Picture.objects.filter(pk=picture.pk).update(**{column: timezone.now()})
        with pytest.raises(review.NotOnTheSite):
            reported(idea, by=neighbour, picture=picture)
        Picture.objects.filter(pk=picture.pk).update(**{column: None})


def test_each_kind_of_text_can_be_reported(neighbour: User) -> None:
    office = scenes.granted("programme_office")
    idea = scenes.initiative()
    things: list[Any] = [
        idea,
        scenes.comment(idea),
        scenes.update(idea),
        scenes.remark(),
        scenes.response(by=office),
    ]
    for thing in things:
        assert reported(thing, by=neighbour)[1]
        dossier = dossier_of(thing)
        assert dossier.waiting_since is not None
        assert dossier in Dossier.objects.reviewable_by(scenes.moderator(area=thing.area))


@pytest.mark.parametrize(
    ("age", "fresh"), [(datetime.timedelta(days=6), True), (datetime.timedelta(days=8), False)]
)
def test_an_account_is_fresh_for_a_week(
    idea: Initiative, neighbour: User, age: datetime.timedelta, fresh: bool
) -> None:
    User.objects.filter(pk=neighbour.pk).update(created_at=timezone.now() - age)
    assert reported(idea, by=User.objects.get(pk=neighbour.pk))[0].is_fresh is fresh
    assert reported(idea, browser="no account")[0].is_fresh


# --- Brigading ---


def test_many_reports_of_fresh_accounts_at_once_raise_a_mark_and_nothing_else(
    idea: Initiative,
) -> None:
    for number in range(4):
        reported(idea, browser=str(number))
    assert not Mark.objects.exists()
    reported(idea, browser="fifth")
    mark = Mark.objects.get()
    assert (mark.dossier_id, mark.check_name) == (idea.dossier_id, Mark.Check.BRIGADING)
    reported(idea, browser="sixth")
    assert Mark.objects.count() == 1
    idea.refresh_from_db()
    assert idea.is_published
    assert Report.objects.open().count() == 6


def test_reports_of_known_neighbours_or_over_many_days_are_no_brigade(idea: Initiative) -> None:
    old = timezone.now() - 2 * WEEK
    for number in range(3):
        known = scenes.person()
        User.objects.filter(pk=known.pk).update(created_at=old)
        reported(idea, by=User.objects.get(pk=known.pk))
        reported(idea, browser=str(number))
    # As many known as fresh ones.
    assert not Mark.objects.exists()
    other = scenes.initiative()
    for number in range(6):
        day = timezone.now() + datetime.timedelta(days=2 * number)
        reported(other, browser=str(number), now=day)
    assert not Mark.objects.exists()


# --- How they end ---


def test_what_a_moderator_keeps_ends_its_reports(idea: Initiative, neighbour: User) -> None:
    reported(idea, by=neighbour)
    decision = review.keep(dossier=dossier_of(idea), by=scenes.moderator())
    report = Report.objects.get()
    assert (report.outcome, report.decision, report.closed_at) == (
        Outcome.KEPT,
        decision,
        decision.decided_at,
    )
    assert dossier_of(idea).review == Dossier.Review.NONE


def test_what_a_moderator_hides_ends_its_reports(idea: Initiative, neighbour: User) -> None:
    reported(idea, by=neighbour)
    reported(idea, browser="one", picture=with_picture(idea))
    scenes.bring(idea, Status.HIDDEN)
    assert set(Report.objects.values_list("outcome", flat=True)) == {Outcome.UPHELD}
    assert dossier_of(idea).review == Dossier.Review.NONE


def test_a_warning_ends_them_too(idea: Initiative, neighbour: User) -> None:
    reported(idea, by=neighbour)
    decided(idea, "warned")
    assert Report.objects.get().outcome == Outcome.UPHELD


def test_a_hidden_picture_answers_only_what_was_said_about_it(
    idea: Initiative, neighbour: User
) -> None:
    one, other = with_picture(idea), with_picture(idea)
    moment = timezone.now()
    reported(idea, by=neighbour, picture=one)
    reported(idea, browser="about a picture", category="picture")
    reported(idea, browser="about the words", now=moment)
    reported(idea, browser="about the other", picture=other)
    decided(idea, "picture_hidden", picture=one)
    ended = Report.objects.filter(closed_at__isnull=False)
    assert set(ended.values_list("outcome", flat=True)) == {Outcome.UPHELD}
    assert {r.picture_id for r in ended} == {one.pk, None}
    assert {r.category for r in ended} == {"hate", "picture"}
    dossier = dossier_of(idea)
    assert Report.objects.open().count() == 2
    assert dossier.review == Dossier.Review.REPORTED
    assert dossier.waiting_since == moment
    review.keep(dossier=dossier, by=scenes.moderator())
    assert not Report.objects.open().exists()


def test_what_its_author_takes_away_was_gone(idea: Initiative, neighbour: User) -> None:
    reported(idea, by=neighbour)
    assert idea.author is not None
    review.withdraw(contribution=idea, by=idea.author)
    report = Report.objects.get()
    assert (report.outcome, report.decision) == (Outcome.GONE, None)
    assert dossier_of(idea).review == Dossier.Review.NONE


def test_a_picture_that_its_author_takes_away_was_gone(idea: Initiative, neighbour: User) -> None:
    picture = with_picture(idea)
    reported(idea, by=neighbour, picture=picture)
    reported(idea, by=neighbour)
    data = {**idea.fields_of_revision(), "pictures_removed": [str(picture.key)]}
    assert idea.author is not None
    review.propose_revision(contribution=idea, by=idea.author, data=data)
    review.accept_revision(dossier=dossier_of(idea), by=scenes.moderator())
    assert Report.objects.get(picture=picture).outcome == Outcome.GONE
    assert Report.objects.get(picture=None).closed_at is None
    assert dossier_of(idea).review == Dossier.Review.REPORTED


@pytest.mark.parametrize("accept", [True, False])
def test_a_decision_about_a_change_leaves_reports_open_and_the_text_in_the_queue(
    idea: Initiative, neighbour: User, accept: bool
) -> None:
    moment = timezone.now()
    reported(idea, by=neighbour, now=moment)
    assert idea.author is not None
    data = {**idea.fields_of_revision(), "text": "Other words"}
    review.propose_revision(contribution=idea, by=idea.author, data=data)
    assert dossier_of(idea).review == Dossier.Review.REVISION
    if accept:
        review.accept_revision(dossier=dossier_of(idea), by=scenes.moderator())
    else:
        review.return_revision(dossier=dossier_of(idea), by=scenes.moderator(), reason="No.")
    assert Report.objects.open().exists()
    dossier = dossier_of(idea)
    assert (dossier.review, dossier.waiting_since) == (Dossier.Review.REPORTED, moment)
    assert dossier.promised_date == working_days_later(today(moment), 2)


def test_an_undone_decision_opens_them_again(idea: Initiative, neighbour: User) -> None:
    reported(idea, by=neighbour)
    reported(idea, browser="another")
    reader = scenes.moderator()
    kept = review.keep(dossier=dossier_of(idea), by=reader)
    review.undo(decision=kept, by=reader)
    mine = Report.objects.get(reporter=neighbour)
    assert (mine.outcome, mine.closed_at, mine.decision) == (Outcome.OPEN, None, None)
    assert Report.objects.open().count() == 2


def test_what_somebody_reported_since_is_read_and_not_undone(idea: Initiative) -> None:
    reported(idea, browser="one")
    reader = scenes.moderator()
    kept = review.keep(dossier=dossier_of(idea), by=reader)
    reported(idea, browser="one")
    with pytest.raises(review.GoneOnSince):
        review.undo(decision=kept, by=reader)
    assert Report.objects.open().count() == 1


# --- Who reads while reports come in ---


def test_a_report_that_came_in_since_the_text_was_read_is_read_first(
    idea: Initiative, neighbour: User
) -> None:
    reader = scenes.moderator()
    reported(idea, by=neighbour)
    idea = Initiative.objects.get(pk=idea.pk)
    seen = review.version_of(idea)
    reported(idea, browser="another")
    with pytest.raises(review.ReportedMeanwhile):
        review.keep(dossier=dossier_of(idea), by=reader, seen=seen)
    assert Report.objects.open().count() == 2
    idea = Initiative.objects.get(pk=idea.pk)
    review.keep(dossier=dossier_of(idea), by=reader, seen=review.version_of(idea))
    with pytest.raises(review.NotPossibleNow):
        review.keep(dossier=dossier_of(idea), by=reader, seen=seen)


@pytest.mark.parametrize("verb", [review.hide, review.warn])
def test_no_report_and_no_change_that_comes_in_meanwhile_keeps_a_text_on_the_site(
    idea: Initiative, neighbour: User, verb: Any
) -> None:
    reported(idea, by=neighbour)
    seen = review.version_of(Initiative.objects.get(pk=idea.pk))
    reported(idea, browser="another")
    if verb is review.hide:
        revise(idea, title="Other words")
    verb(
        dossier=dossier_of(idea),
        by=scenes.moderator(),
        seen=seen,
        rule=scenes.house_rule(),
        reason="No.",
    )
    assert not Report.objects.open().exists()


def test_what_a_colleague_kept_meanwhile_or_its_author_changed_is_read_again(
    idea: Initiative, neighbour: User
) -> None:
    reported(idea, by=neighbour)
    first, second = scenes.moderator(), scenes.moderator()
    seen = review.version_of(Initiative.objects.get(pk=idea.pk))
    hide = {"by": second, "rule": scenes.house_rule(), "reason": "No."}
    review.keep(dossier=dossier_of(idea), by=first)
    with pytest.raises(review.NotPossibleNow):
        review.hide(dossier=dossier_of(idea), seen=seen, **hide)
    seen = review.version_of(Initiative.objects.get(pk=idea.pk))
    revise(idea, title="Other words")
    review.accept_revision(dossier=dossier_of(idea), by=first)
    with pytest.raises(review.TextChanged):
        review.hide(dossier=dossier_of(idea), seen=seen, **hide)


def test_whoever_reported_it_leaves_it_to_a_colleague(idea: Initiative) -> None:
    reader = scenes.moderator()
    reported(idea, by=reader)
    with pytest.raises(review.HasAPart):
        review.keep(dossier=dossier_of(idea), by=reader)
    with pytest.raises(review.NotAllowed):
        review.claim(dossier=dossier_of(idea), by=reader)
    assert review.claim_next(by=reader) is None
    review.keep(dossier=dossier_of(idea), by=scenes.moderator())


def test_of_what_waited_for_reports_about_a_picture_nothing_waits_once_it_is_hidden(
    idea: Initiative, neighbour: User
) -> None:
    picture = with_picture(idea)
    reported(idea, by=neighbour, picture=picture)
    reader = scenes.moderator()
    why = {"rule": scenes.house_rule(), "reason": "No."}
    review.hide_picture(dossier=dossier_of(idea), picture=picture, by=reader, **why)
    assert dossier_of(idea).review == Dossier.Review.NONE


def test_a_report_that_nobody_answered_is_there_again_with_the_text(
    idea: Initiative, neighbour: User
) -> None:
    reported(idea, by=neighbour, words="It names my child.")
    assert idea.author is not None
    idea.refresh_from_db()
    review.withdraw(contribution=idea, by=idea.author)
    idea.refresh_from_db()
    review.submit(contribution=idea, by=idea.author)
    client = Client()
    client.force_login(scenes.moderator())
    page = client.get(reverse("moderation:item", args=[idea.dossier_id])).content.decode()
    assert "It names my child." in page


def test_a_moderator_who_wrote_it_reads_nothing_of_it(idea: Initiative, neighbour: User) -> None:
    own = scenes.initiative(author=scenes.moderator())
    reported(own, by=neighbour, words="It names my child.")
    review.write_note(dossier=dossier_of(own), by=scenes.moderator(), text="Look at zqnote.")
    client = Client()
    client.force_login(own.author)
    page = client.get(reverse("moderation:item", args=[own.dossier_id])).content.decode()
    assert "It names my child." not in page
    assert "zqnote" not in page
    for query in ("", "?why=reported"):
        queue = client.get(reverse("moderation:queue") + query).content.decode()
        assert own.title not in queue


@pytest.mark.parametrize("seen", ["", "x", "published none", "a b c d e", "a b c d ²", "- - - - 9"])
def test_a_version_that_nobody_was_shown_is_refused_in_a_sentence(
    idea: Initiative, neighbour: User, seen: str
) -> None:
    reported(idea, by=neighbour)
    with pytest.raises(review.Refused):
        review.keep(dossier=dossier_of(idea), by=scenes.moderator(), seen=seen)


# --- At once ---


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_reports_at_once_by_one_browser_are_one() -> None:
    idea = scenes.initiative()
    picture = with_picture(idea)
    for about in (None, picture):
        made = at_once([lambda about=about: reported(idea, browser="one", picture=about)] * CALLERS)
        assert not [one for one in made if isinstance(one, Exception)]
        assert sum(is_new for _report, is_new in made) == 1
        assert len({report.pk for report, _new in made}) == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_no_report_is_left_open_where_a_decision_was_taken_at_the_same_moment() -> None:
    scenes.moderator()
    idea = read(scenes.initiative(author=scenes.trusted(scenes.person())))
    reported(idea, browser="first")
    reader = scenes.moderator()

    def hide() -> Any:
        return review.hide(
            dossier=dossier_of(idea), by=reader, rule=scenes.house_rule(), reason="No."
        )

    calls = [lambda number=number: reported(idea, browser=str(number)) for number in range(CALLERS)]
    at_once([*calls[:12], hide, *calls[12:]])
    idea.refresh_from_db()
    assert idea.status == Status.HIDDEN
    assert not Report.objects.open().exists()
    assert dossier_of(idea).review == Dossier.Review.NONE


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_reports_at_the_same_moment_raise_one_mark() -> None:
    idea = scenes.initiative()
    calls = [lambda number=number: reported(idea, browser=str(number)) for number in range(CALLERS)]
    at_once(calls)
    assert Report.objects.count() == CALLERS
    assert Mark.objects.count() == 1
