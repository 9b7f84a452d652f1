"""The official answer, and what is told of the work that follows."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from contributions.actions import NotAllowed, NotPossibleNow
from contributions.models import Status
from ideas import actions
from ideas.models import Initiative, OfficialAnswer, Progress
from tests import scenes
from tests.pages import words

pytestmark = pytest.mark.django_db

ANSWER = {"outcome": "adopted", "text": "We place two benches in May.", "language": "en"}


def url(initiative: Initiative, name: str = "answer") -> str:
    return reverse(f"ideas:{name}", args=[initiative.pk, initiative.address_slug])


def office(**grant: object) -> Client:
    browser = Client()
    browser.force_login(scenes.granted(Role.PROGRAMME_OFFICE, **grant))
    return browser


def answered(outcome: str = "adopted") -> Initiative:
    initiative = scenes.initiative()
    actions.answer(
        initiative=initiative,
        by=scenes.granted(Role.PROGRAMME_OFFICE),
        outcome=outcome,
        text="We do this.",
        language="nl",
    )
    initiative.refresh_from_db()
    return initiative


def test_the_programme_office_answers_what_had_enough_support():
    initiative = scenes.initiative(where=scenes.area(support_threshold=2))
    scenes.supporters(2, of=initiative)
    browser = office()
    assert url(initiative) in browser.get(initiative.get_absolute_url()).content.decode()

    page = browser.post(url(initiative), ANSWER, follow=True)

    assert "The answer is on the site." in words(page)
    initiative.refresh_from_db()
    assert initiative.progress == Progress.ANSWERED
    answer = OfficialAnswer.objects.get()
    assert (answer.status, answer.outcome, answer.language) == ("published", "adopted", "en")
    assert "We place two benches in May." in words(Client().get(initiative.get_absolute_url()))


def test_an_answer_may_come_before_there_is_enough_support():
    initiative = scenes.initiative()

    assert office().post(url(initiative), ANSWER).status_code == 302

    initiative.refresh_from_db()
    assert (initiative.progress, initiative.crossed_at) == (Progress.ANSWERED, None)
    assert Client().get(initiative.get_absolute_url()).status_code == 200


def test_with_the_answer_supporting_ends():
    initiative = answered()

    with pytest.raises(actions.ClosedForSupport):
        actions.give_support(initiative_pk=initiative.pk, person=scenes.person())

    assert "You can't support this any more." in words(Client().get(initiative.get_absolute_url()))


def test_an_initiative_is_answered_once():
    initiative = scenes.initiative()
    first, second = office(), office()
    first.post(url(initiative), ANSWER)

    response = second.post(url(initiative), {**ANSWER, "outcome": "not"})

    assert response.status_code == 404
    assert OfficialAnswer.objects.get().outcome == "adopted"
    with pytest.raises(NotPossibleNow):
        actions.answer(
            initiative=initiative,
            by=scenes.granted(Role.PROGRAMME_OFFICE),
            outcome="not",
            text="No.",
            language="nl",
        )


def test_nobody_answers_their_own_idea():
    person = scenes.granted(Role.PROGRAMME_OFFICE)
    initiative = scenes.initiative(author=person)
    browser = Client()
    browser.force_login(person)

    assert browser.get(url(initiative)).status_code == 404
    assert browser.post(url(initiative), ANSWER).status_code == 404
    with pytest.raises(NotAllowed):
        actions.answer(
            initiative=initiative, by=person, outcome="adopted", text="Yes.", language="nl"
        )


def test_a_grant_for_one_area_answers_there_and_in_what_lies_inside_it():
    city = scenes.area("city")
    inside = scenes.initiative(where=scenes.area("inside", parent=city))
    outside = scenes.initiative(where=scenes.area("outside"))
    browser = office(area=city)

    assert browser.post(url(inside), ANSWER).status_code == 302
    assert browser.get(url(outside)).status_code == 404
    assert browser.post(url(outside), ANSWER).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PROGRAMME_OFFICE])
def test_no_other_role_answers_or_reports(role: str):
    open_one, answered_one = scenes.initiative(), answered()
    browser = Client()
    browser.force_login(scenes.granted(role))

    assert browser.get(url(open_one)).status_code == 404
    assert browser.post(url(open_one), ANSWER).status_code == 404
    report = url(answered_one, "report_progress")
    assert browser.post(report, {"progress": "done"}).status_code == 404
    assert not OfficialAnswer.objects.filter(initiative=open_one).exists()


def test_a_grant_that_is_over_answers_nothing():
    browser = office(ends_at=timezone.now() - datetime.timedelta(minutes=1))

    assert browser.post(url(scenes.initiative()), ANSWER).status_code == 404


@pytest.mark.parametrize("status", [s for s in Status if s != Status.PUBLISHED])
def test_what_is_not_on_the_site_gets_no_answer(status: str):
    initiative = scenes.initiative(status=status)

    assert office().post(url(initiative), ANSWER).status_code == 404
    assert not OfficialAnswer.objects.exists()


@pytest.mark.parametrize(
    "sent", [{"outcome": ""}, {"outcome": "maybe"}, {"text": ""}, {"text": "x" * 8001}]
)
def test_an_incomplete_answer_is_refused_and_kept_on_the_page(sent: dict[str, str]):
    initiative = scenes.initiative()

    response = office().post(url(initiative), {**ANSWER, **sent})

    assert response.status_code == 422
    initiative.refresh_from_db()
    assert initiative.progress == Progress.OPEN


def test_an_answer_goes_with_its_initiative():
    initiative = answered()
    scenes.bring(initiative, Status.HIDDEN)

    assert not OfficialAnswer.objects.visible_to(scenes.person()).exists()


def test_the_office_says_that_work_began_and_that_it_is_done():
    initiative, browser = answered(), office()
    report = url(initiative, "report_progress")

    for step, sentence in (
        ("in_progress", "This is being done."),
        ("done", "This is done. Thank you for thinking along!"),
    ):
        browser.post(report, {"progress": step})
        initiative.refresh_from_db()
        assert initiative.progress == step
        assert sentence in words(Client().get(initiative.get_absolute_url()))


def test_small_work_is_done_without_having_begun():
    initiative = answered()

    office().post(url(initiative, "report_progress"), {"progress": "done"})

    initiative.refresh_from_db()
    assert initiative.progress == Progress.DONE


@pytest.mark.parametrize("to", ["", "open", "expired", "answered", "in_consideration", "x", "\x00"])
def test_progress_goes_forward_only(to: str):
    initiative, browser = answered(), office()

    page = browser.post(url(initiative, "report_progress"), {"progress": to}, follow=True)

    assert page.status_code == 200
    initiative.refresh_from_db()
    assert initiative.progress == Progress.ANSWERED


def test_progress_is_told_by_a_button_and_never_by_a_link():
    assert office().get(url(answered(), "report_progress")).status_code == 405


def test_an_unanswered_idea_has_no_progress_to_tell():
    initiative = scenes.initiative()

    response = office().post(url(initiative, "report_progress"), {"progress": "done"})

    assert response.status_code == 404


def test_whoever_may_not_do_not_see_the_office_at_work(client: Client):
    initiative = scenes.initiative()
    client.force_login(scenes.person())

    assert url(initiative) not in client.get(initiative.get_absolute_url()).content.decode()


def test_of_what_will_not_be_done_no_doing_is_promised():
    page = words(Client().get(answered("not").get_absolute_url()))

    assert "We are not going to do this" in page
    assert "Doing it" not in page
    assert "Doing it" in words(Client().get(answered().get_absolute_url()))
