"""The official answer, and what is told of the work that follows."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.records import AppendOnly
from contributions.actions import NotAllowed, NotPossibleNow
from contributions.models import Status
from ideas import actions
from ideas.models import Initiative, OfficeAct, OfficialAnswer, Progress
from tests import scenes
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]

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
        new_answer_date=timezone.localdate() + datetime.timedelta(days=30)
        if outcome == "later"
        else None,
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

    response = second.post(url(initiative), {**ANSWER, "outcome": "not", "text": "No room here."})

    assert response.status_code == 409
    assert "Somebody of the programme office answered just before you." in words(response)
    # Both are there to read: what stands on the site, and what was written.
    assert "We place two benches in May." in words(response)
    assert "No room here." in words(response)
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
    for page in ("change_answer", "begin_work", "plan_milestone", "report", "hand_over"):
        assert browser.post(url(answered_one, page), ANSWER).status_code == 404
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


def test_the_office_says_that_work_began():
    initiative = answered()

    office().post(url(initiative, "begin_work"))

    initiative.refresh_from_db()
    assert initiative.progress == Progress.IN_PROGRESS
    assert "This is being done." in words(Client().get(initiative.get_absolute_url()))


def test_of_what_is_not_done_no_work_begins():
    initiative = answered("not")

    page = office().post(url(initiative, "begin_work"), follow=True)

    assert "The answer does not say that we do this. Change the answer first." in str(
        page.content, "utf-8"
    )
    initiative.refresh_from_db()
    assert initiative.progress == Progress.ANSWERED


def test_work_begins_by_a_button_and_never_by_a_link():
    assert office().get(url(answered(), "begin_work")).status_code == 405


def test_an_unanswered_idea_has_no_work_to_begin():
    assert office().post(url(scenes.initiative(), "begin_work")).status_code == 404


def test_an_answer_is_looked_at_before_it_is_placed():
    initiative, browser = scenes.initiative(), office()

    page = browser.post(url(initiative), {**ANSWER, "look": "1"})

    assert page.status_code == 200
    assert "This is how everybody will see it. It is not on the site yet." in words(page)
    assert "We place two benches in May." in words(page)
    assert not OfficialAnswer.objects.exists()
    assert browser.post(url(initiative), ANSWER).status_code == 302


@pytest.mark.parametrize("field", ["outcome", "text"])
def test_what_is_not_whole_is_not_shown_as_an_answer(field: str):
    page = office().post(url(scenes.initiative()), {**ANSWER, field: "", "look": "1"})

    assert page.status_code == 422
    assert "This is how everybody will see it." not in words(page)


# --- "Later", with a day for a new answer ---


def later(days: int) -> dict[str, str]:
    day = timezone.localdate() + datetime.timedelta(days=days)
    return {**ANSWER, "outcome": "later", "new_answer_date": day.isoformat()}


def test_with_later_the_clock_runs_towards_a_new_answer():
    initiative = scenes.initiative()

    assert office().post(url(initiative), later(10)).status_code == 302

    page = words(Client().get(initiative.get_absolute_url()))
    assert "The programme office promised a new answer." in page
    assert ": 10 days to go." in page


@pytest.mark.parametrize("day", ["", "gisteren", "2020-01-01", "9999-99-99", "\x00"])
def test_later_needs_a_day_that_is_still_to_come(day: str):
    initiative = scenes.initiative()

    page = office().post(url(initiative), {**ANSWER, "outcome": "later", "new_answer_date": day})

    assert page.status_code == 422
    assert "We place two benches in May." in words(page)
    assert not OfficialAnswer.objects.exists()


def test_only_later_keeps_a_day_for_a_new_answer():
    initiative = scenes.initiative()

    office().post(url(initiative), {**later(10), "outcome": "adopted"})

    assert OfficialAnswer.objects.get().new_answer_date is None


# --- Changing it ---


def change(initiative: Initiative, **told: str) -> dict[str, str]:
    official = OfficialAnswer.objects.get(initiative=initiative)
    return {**ANSWER, "seen": actions.version_of_answer(official), **told}


def test_an_answer_changes_and_the_earlier_one_stays_readable():
    initiative = answered("later")
    initiative_page = initiative.get_absolute_url()
    browser = office()

    looked = browser.post(url(initiative, "change_answer"), {**change(initiative), "look": "1"})
    placed = browser.post(url(initiative, "change_answer"), change(initiative), follow=True)

    assert "This is how everybody will see it." in words(looked)
    assert "The new answer is on the site." in words(placed)
    page = words(Client().get(initiative_page))
    assert "We place two benches in May." in page
    before = page.partition("What was answered before")[2]
    assert "Not now, later" in before
    assert "We do this." in before
    assert "Promised before the end of" not in page
    act = OfficeAct.objects.get()
    assert (act.kind, act.outcome, act.text) == ("earlier_answer", "later", "We do this.")
    assert act.by != OfficialAnswer.objects.get().author


def test_a_change_of_what_somebody_else_just_changed_is_shown_first():
    initiative = answered()
    stale = change(initiative, text="What the second one wrote.")
    office().post(url(initiative, "change_answer"), change(initiative, text="The first one."))
    second = office()

    page = second.post(url(initiative, "change_answer"), stale)

    assert page.status_code == 409
    assert "The first one." in words(page)
    assert "What the second one wrote." in words(page)
    assert OfficialAnswer.objects.get().text == "The first one."
    # Having read it, the second one may place it after all.
    again = {**stale, "seen": page.context["form"]["seen"].value()}
    assert second.post(url(initiative, "change_answer"), again).status_code == 302
    assert OfficialAnswer.objects.get().text == "What the second one wrote."
    assert [act.text for act in OfficeAct.objects.all()] == ["We do this.", "The first one."]


def test_a_change_that_changes_nothing_is_none():
    initiative = answered()

    page = office().post(
        url(initiative, "change_answer"), change(initiative, text="We do this.", outcome="adopted")
    )

    assert page.status_code == 422
    assert not OfficeAct.objects.exists()


def test_what_will_not_be_done_after_all_is_no_longer_being_done():
    initiative = answered()
    person = scenes.granted(Role.PROGRAMME_OFFICE)
    actions.begin_work(initiative=initiative, by=person)

    office().post(url(initiative, "change_answer"), change(initiative, outcome="not"))

    initiative.refresh_from_db()
    assert initiative.progress == Progress.ANSWERED
    assert "This is being done." not in words(Client().get(initiative.get_absolute_url()))


def test_nobody_changes_the_answer_to_their_own_idea():
    person = scenes.person()
    initiative = scenes.initiative(author=person)
    actions.answer(
        initiative=initiative,
        by=scenes.granted(Role.PROGRAMME_OFFICE),
        outcome="adopted",
        text="Yes.",
        language="nl",
    )
    scenes.granted(Role.PROGRAMME_OFFICE, user=person)
    browser = Client()
    browser.force_login(person)

    for page in ("change_answer", "plan_milestone", "report", "hand_over"):
        assert browser.get(url(initiative, page)).status_code == 404
    assert browser.post(url(initiative, "change_answer"), change(initiative)).status_code == 404


def test_what_was_answered_before_goes_with_an_answer_that_is_hidden():
    initiative = answered()
    office().post(url(initiative, "change_answer"), change(initiative))
    scenes.bring(OfficialAnswer.objects.get(), Status.HIDDEN)

    page = words(Client().get(initiative.get_absolute_url()))

    assert "We do this." not in page
    assert "What was answered before" not in page


def test_the_record_of_the_office_is_never_changed():
    initiative = answered()
    office().post(url(initiative, "change_answer"), change(initiative))
    act = OfficeAct.objects.get()

    for write in (act.save, act.delete, OfficeAct.objects.all().delete):
        with pytest.raises(AppendOnly):
            write()
    with pytest.raises(AppendOnly):
        OfficeAct.objects.update(text="Never said.")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ideas_officeact SET text = 'Never said.'")


def test_whoever_may_not_do_not_see_the_office_at_work(client: Client):
    initiative = scenes.initiative()
    client.force_login(scenes.person())

    assert url(initiative) not in client.get(initiative.get_absolute_url()).content.decode()


def test_of_what_will_not_be_done_no_doing_is_promised():
    page = words(Client().get(answered("not").get_absolute_url()))

    assert "We are not going to do this" in page
    assert "Doing it" not in page
    assert "Doing it" in words(Client().get(answered().get_absolute_url()))


def test_a_double_that_was_joined_is_answered_where_it_goes_on():
    double, into = scenes.initiative("A seat"), scenes.initiative("A bench")
    person = scenes.granted(Role.PROGRAMME_OFFICE)
    actions.merge(double=double, into=into, by=person, reason="The same bench.")
    browser = office()

    assert browser.post(url(double), ANSWER).status_code == 404
    with pytest.raises(NotPossibleNow):
        actions.answer(initiative=double, by=person, outcome="adopted", text="Yes.", language="nl")
    assert browser.post(url(into), ANSWER).status_code == 302
