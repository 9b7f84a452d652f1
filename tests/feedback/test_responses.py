"""What was done with what people told: said by the office, seen beside the figure, kept up."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from contributions.actions import NotAllowed, NotPossibleNow
from feedback import actions
from feedback.models import Response
from tests import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.either]

State = Response.State
SAY = "/en/wijk/testwijk/rondkomen/antwoord/"
TOLD = {
    "heard": "Money runs out before the month does.",
    "state": "promised",
    "doing": "The help desk opens on Saturday.",
    "who": "The help desk",
    "due_date": "2027-01-31",
    "language": "en",
}


@pytest.fixture(autouse=True)
def asked() -> None:
    scenes.measured(51.4)


@pytest.fixture
def office() -> tuple[Client, User]:
    browser, person = Client(), scenes.granted(Role.PROGRAMME_OFFICE)
    browser.force_login(person)
    return browser, person


def test_a_response_stands_beside_the_figure_at_once(office: tuple[Client, User]) -> None:
    response = office[0].post(SAY, TOLD)
    made = Response.objects.get()
    assert response["Location"].endswith(f"/rondkomen/#antwoord-{made.pk}")
    for page in ("/en/wijk/testwijk/", "/en/wijk/testwijk/rondkomen/"):
        shown = Client().get(page).content.decode()
        assert "The help desk opens on Saturday." in shown
        assert "31 January 2027" in shown
        assert "Promised" in shown


def test_one_about_the_city_holds_in_its_neighbourhoods(office: tuple[Client, User]) -> None:
    city = scenes.area("city", kind="municipality", accepts_contributions=False)
    inside = scenes.area("inside", parent=city)
    outside = scenes.area("outside")
    scenes.response(by=office[1], where=city, doing="For the whole city.")
    assert b"For the whole city." in Client().get(f"/en/wijk/{inside.slug}/").content
    assert b"For the whole city." not in Client().get(f"/en/wijk/{outside.slug}/").content


@pytest.mark.parametrize(
    "change",
    [
        {"heard": ""},
        {"state": "perhaps"},
        {"doing": ""},
        {"who": ""},
        {"due_date": ""},
        {"due_date": "31 januari"},
        {"due_date": "0226-01-01"},
        {"state": "not"},
        {"heard": "x" * 2001},
    ],
)
def test_a_promise_says_what_who_and_when(
    office: tuple[Client, User], change: dict[str, str]
) -> None:
    response = office[0].post(SAY, {**TOLD, **change})
    assert response.status_code == 422
    assert TOLD["doing"] in response.content.decode() or "doing" in change
    assert not Response.objects.exists()


def test_a_refusal_says_why(office: tuple[Client, User]) -> None:
    told = {"heard": "You ask for a fund.", "state": "not", "not_doing": "There is no money."}
    assert office[0].post(SAY, told).status_code == 302
    assert b"There is no money." in Client().get("/en/wijk/testwijk/rondkomen/").content


def test_it_comes_further_and_everybody_sees_how_far(office: tuple[Client, User]) -> None:
    made = scenes.response(by=office[1])
    page = f"/en/ervaringen/antwoorden/{made.pk}/"
    assert office[0].post(page, {"state": "doing"}).status_code == 302
    assert office[0].post(page, {"state": "done"}).status_code == 302
    made.refresh_from_db()
    assert made.state == State.DONE
    assert b"Done" in Client().get("/en/wijk/testwijk/rondkomen/").content
    again = office[0].post(page, {"state": "promised"})
    assert again.status_code == 422


def test_another_date_is_said_and_seen(office: tuple[Client, User]) -> None:
    made = scenes.response(by=office[1])
    later = timezone.localdate() + datetime.timedelta(days=90)
    actions.report_response(response=made, by=office[1], state="promised", due_date=later)
    made.refresh_from_db()
    assert made.due_date == later
    with pytest.raises(NotPossibleNow):
        actions.report_response(response=made, by=office[1], state="promised")


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("to", State.values)
def test_each_state_follows_only_from_those_of_the_table(
    office: tuple[Client, User], state: str, to: str
) -> None:
    made = scenes.response(by=office[1])
    Response.objects.filter(pk=made.pk).update(state=state, not_doing="No money.")
    if State(to) in actions.STATES[State(state)]:
        actions.report_response(response=made, by=office[1], state=to)
        made.refresh_from_db()
        assert made.state == to
    else:
        with pytest.raises(NotPossibleNow):
            actions.report_response(response=made, by=office[1], state=to)


def test_only_the_office_of_the_area_responds() -> None:
    elsewhere = scenes.granted(Role.PROGRAMME_OFFICE, area=scenes.area("elders"))
    for person in (elsewhere, scenes.person(), scenes.moderator()):
        browser = Client()
        browser.force_login(person)
        assert browser.get(SAY).status_code == 404
        assert browser.post(SAY, TOLD).status_code == 404
        with pytest.raises(NotAllowed):
            scenes.response(by=person)
    made = scenes.response(by=scenes.granted(Role.PROGRAMME_OFFICE))
    browser = Client()
    browser.force_login(elsewhere)
    assert (
        browser.post(f"/en/ervaringen/antwoorden/{made.pk}/", {"state": "done"}).status_code == 404
    )


def test_staff_read_how_many_told_what_and_nobody_in_it(office: tuple[Client, User]) -> None:
    for number in range(12):
        scenes.answered("yes" if number < 7 else "no", person=scenes.person(f"Name{number}"))
    other = scenes.indicator("ander")
    scenes.answered("yes", of=other, person=scenes.person("Lonely"))

    page = office[0].get("/en/ervaringen/").content.decode()
    assert "fewer than 5" in page
    assert "Name3" not in page

    sheet = office[0].get("/en/ervaringen/ervaringen.csv").content.decode("utf-8-sig")
    lines = sheet.splitlines()
    assert lines[0].startswith("quarter,area,indicator,answered,")
    # That nobody said "a little" is hidden, and the five that say no with it.
    assert sorted(line.split(",", 3)[2:] for line in lines[1:]) == [
        ["ander", ",,,,,,,,"],
        ["rondkomen", "12,,,7,,,,,"],
    ]
    assert "Name" not in sheet
    filtered = office[0].get("/en/ervaringen/ervaringen.csv?figure=ander").content.decode()
    assert "rondkomen" not in filtered


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.PROGRAMME_OFFICE, 200),
        (Role.STEERING_GROUP, 200),
        (Role.CORE_TEAM, 200),
        (Role.MUNICIPAL_COUNCIL, 200),
        (Role.MODERATOR, 404),
        (Role.MESSENGER, 404),
        (Role.ADMINISTRATOR, 404),
    ],
)
def test_who_reads_the_summaries(role: str, status: int) -> None:
    browser = Client()
    browser.force_login(scenes.granted(role))
    assert browser.get("/en/ervaringen/").status_code == status
    assert browser.get("/en/ervaringen/ervaringen.csv").status_code == status


@pytest.mark.parametrize(
    "query",
    [
        "area=x'--",
        "quarter=2026-13-45",
        "after=1.2.3",
        "after=2026-99-99.1.1",
        "figure=%00",
        "theme=1",
    ],
)
def test_unknown_choices_show_a_page_and_no_error(office: tuple[Client, User], query: str) -> None:
    assert office[0].get(f"/en/ervaringen/?{query}").status_code == 200
    assert office[0].get(f"/en/ervaringen/ervaringen.csv?{query}").status_code == 200


def test_what_was_promised_and_is_over_stands_on_the_offices_page(
    office: tuple[Client, User],
) -> None:
    made = scenes.response(by=office[1])
    Response.objects.filter(pk=made.pk).update(
        due_date=timezone.localdate() - datetime.timedelta(days=1)
    )
    assert "the date is over" in office[0].get("/en/ervaringen/").content.decode()
