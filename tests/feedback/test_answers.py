"""One tap beside a figure: one row per person (or browser), figure, area and quarter."""

import datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from feedback import actions, browsers
from feedback.models import Experience, Tally
from feedback.quarters import quarter_at, quarter_before
from tests import scenes
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db


#: What a browser tells of a form on a page of this site.
FROM_HERE = {"Origin": "http://testserver"}


def tally(*, with_account: bool = True) -> dict[str, int]:
    """Return the counts that are not nothing."""
    names = ("answered", "yes", "partly", "no", "better", "same", "worse")
    found = Tally.objects.filter(with_account=with_account).first()
    return {name: getattr(found, name) for name in names if found and getattr(found, name)}


def press(
    browser: Client,
    answer: str = "rondkomen.recognition.yes",
    *,
    area: str = "testwijk",
    quarter: datetime.date | None = None,
    **more: str,
):  # type: ignore[no-untyped-def]
    """Press a button on the page of an area."""
    return browser.post(
        f"/en/wijk/{area}/ervaringen/",
        {"answer": answer, "quarter": str(quarter or quarter_at(timezone.now())), **more},
        headers=FROM_HERE,
    )


@pytest.fixture(autouse=True)
def asked() -> None:
    scenes.measured(51.4)


@pytest.fixture
def resident() -> tuple[Client, User]:
    browser, person = Client(), scenes.person()
    browser.force_login(person)
    return browser, person


def test_one_tap_counts_and_another_one_changes_it(resident: tuple[Client, User]) -> None:
    browser, person = resident
    response = press(browser)
    assert response["Location"] == "/en/wijk/testwijk/#cijfer-rondkomen"
    assert tally() == {"answered": 1, "yes": 1}

    press(browser, "rondkomen.trend.worse")
    press(browser, "rondkomen.recognition.no")

    row = Experience.objects.get()
    assert (row.person, row.recognition, row.trend) == (person, "no", "worse")
    assert tally() == {"answered": 1, "no": 1, "worse": 1}


def test_without_an_account_a_browser_answers_once_and_is_counted_apart() -> None:
    browser = Client()
    assert press(browser).status_code == 302
    press(browser, "rondkomen.recognition.partly")
    press(Client())

    assert Experience.objects.count() == 2
    assert tally(with_account=False) == {"answered": 2, "yes": 1, "partly": 1}
    assert tally() == {}
    cookie = browser.cookies[browsers.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value not in Experience.objects.values_list("browser", flat=True)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.elsewhere.example"},
        {"Referer": "https://elsewhere.example/http://testserver/"},
    ],
)
def test_another_site_lets_no_visitor_answer(headers: dict[str, str]) -> None:
    told = {"answer": "rondkomen.recognition.yes", "quarter": str(quarter_at(timezone.now()))}
    response = Client().post("/en/wijk/testwijk/ervaringen/", told, headers=headers)
    assert response.status_code == 403
    assert not Experience.objects.exists()


def test_a_browser_that_tells_no_origin_tells_the_page() -> None:
    told = {"answer": "rondkomen.recognition.yes", "quarter": str(quarter_at(timezone.now()))}
    page = {"Referer": "http://testserver/en/wijk/testwijk/"}
    response = Client().post("/en/wijk/testwijk/ervaringen/", told, headers=page)
    assert response.status_code == 302


def test_nobody_answers_in_the_name_of_somebody_who_is_signed_in() -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(scenes.person())
    assert press(browser).status_code == 403
    assert not Experience.objects.exists()


def test_a_forged_key_is_a_new_browser() -> None:
    browser = Client()
    browser.cookies[browsers.COOKIE] = "somebody-elses-key"
    press(browser)
    assert Experience.objects.get().browser != browsers.digest("somebody-elses-key")


def test_signing_in_takes_the_answer_along_and_it_counts_once(
    resident: tuple[Client, User],
) -> None:
    _browser, person = resident
    browser = Client()
    press(browser)
    browser.force_login(person)

    press(browser, "rondkomen.trend.better")

    row = Experience.objects.get()
    assert (row.person, row.recognition, row.trend) == (person, "yes", "better")
    assert tally() == {"answered": 1, "yes": 1, "better": 1}
    assert tally(with_account=False) == {}


def test_who_signs_out_does_not_answer_twice_in_the_same_browser() -> None:
    person, key = scenes.person(), browsers.digest("a key")
    scenes.answered(browser=key)
    scenes.answered(person=person, browser=key)
    with pytest.raises(actions.AnsweredWithAccount):
        scenes.answered("no", browser=key)
    # A second person at the same computer has an answer of their own.
    scenes.answered("no", person=scenes.person(), browser=key)
    assert tally() == {"answered": 2, "yes": 1, "no": 1}


def test_each_quarter_asks_anew() -> None:
    person = scenes.person()
    scenes.answered(person=person)
    scenes.answered(person=person, now=timezone.now() + datetime.timedelta(days=92))
    assert Experience.objects.count() == 2
    assert Tally.objects.count() == 2


@pytest.mark.parametrize("quarter", ["before", "after", "never", "2026-11-25", ""])
def test_an_answer_for_a_quarter_that_does_not_run_is_refused_with_a_sentence(
    resident: tuple[Client, User], quarter: str
) -> None:
    current = quarter_at(timezone.now())
    told = {
        "before": str(quarter_before(current)),
        "after": str(current + datetime.timedelta(days=92)),
    }.get(quarter, quarter)
    response = resident[0].post(
        "/en/wijk/testwijk/ervaringen/", {"answer": "rondkomen.recognition.yes", "quarter": told}
    )
    assert response.status_code == 409
    assert "A new quarter has begun" in response.content.decode()
    assert not Experience.objects.exists()


def test_nobody_is_asked_about_a_group_of_neighbours(resident: tuple[Client, User]) -> None:
    scenes.indicator("buren", may_be_asked=False)
    response = press(resident[0], "buren.recognition.yes")
    assert response.status_code == 409
    assert "Nobody is asked about this figure" in response.content.decode()
    assert b"Do you recognise" not in response.content
    assert not Experience.objects.exists()


@pytest.mark.parametrize("kind", ["group", "municipality", "country", "part"])
def test_one_tells_about_a_neighbourhood_and_no_larger_area(
    resident: tuple[Client, User], kind: str
) -> None:
    scenes.area("groot", kind=kind, accepts_contributions=False)
    response = press(resident[0], area="groot")
    assert response.status_code == 409
    assert "Choose yours first" in response.content.decode()
    assert not Experience.objects.exists()


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("rondkomen.recognition.maybe", 409),
        ("rondkomen.trend.yes", 409),
        ("rondkomen.person.1", 404),
        ("rondkomen", 404),
        ("", 404),
        ("nothing.recognition.yes", 404),
        ("rondkomen.recognition.yes.no", 404),
        ("<script>.recognition.yes", 404),
        ("\x00.recognition.yes", 404),
        ("rondkomen.recognition.\x00", 409),
    ],
)
def test_a_button_that_is_not_there_does_nothing(
    resident: tuple[Client, User], answer: str, status: int
) -> None:
    assert press(resident[0], answer).status_code == status
    assert not Experience.objects.exists()


def test_opening_an_address_answers_nothing(resident: tuple[Client, User]) -> None:
    address = "/en/wijk/testwijk/ervaringen/?answer=rondkomen.recognition.yes"
    assert resident[0].get(address).status_code == 405


def test_one_network_answers_so_often_and_then_waits_or_signs_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(browsers, "RATES", {"answer": "3/h/ip", "answer_in_browser": "60/h/key"})
    # A new browser each time does not help, and a forged address does not either.
    statuses = [press(Client()).status_code for _number in range(3)]
    assert statuses == [302] * 3
    response = Client().post(
        "/en/wijk/testwijk/ervaringen/",
        {"answer": "rondkomen.recognition.yes", "quarter": str(quarter_at(timezone.now()))},
        headers={**FROM_HERE, "X-Forwarded-For": "1.2.3.4"},
    )
    assert response.status_code == 429
    assert "Wait an hour, or sign in" in response.content.decode()
    browser = Client()
    browser.force_login(scenes.person())
    assert press(browser).status_code == 302


def test_the_row_is_the_constraint() -> None:
    person = scenes.person()
    row = scenes.answered(person=person)
    same = {"indicator": row.indicator, "area": row.area, "quarter_date": row.quarter_date}
    for double in ({"person": person, "browser": "x"}, {"person": None, "browser": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Experience.objects.create(**same, **double, recognition="no")
    other = {**same, "quarter_date": row.quarter_date + datetime.timedelta(days=1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Experience.objects.create(**other, person=person, recognition="no")
    scenes.answered(browser="b" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        Experience.objects.create(**same, browser="b" * 64, recognition="no")


def test_counts_can_be_made_anew_from_the_answers(capsys: pytest.CaptureFixture[str]) -> None:
    scenes.answered("yes", trend="better", person=scenes.person())
    scenes.answered("no")
    right = tally(), tally(with_account=False)
    Tally.objects.update(yes=99, answered=0)
    Tally.objects.filter(with_account=False).delete()

    call_command("recount_experiences")

    assert (tally(), tally(with_account=False)) == right
    assert "put right: 2" in capsys.readouterr().out
    assert actions.recount() == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_hundred_people_who_answer_at_once_lose_nothing() -> None:
    people = [scenes.person() for _number in range(200)]

    def tell(person: User):  # type: ignore[no-untyped-def]
        return lambda: scenes.answered("yes", person=person)

    for start in range(0, 200, 25):
        results = at_once([tell(person) for person in people[start : start + 25]])
        assert not [result for result in results if isinstance(result, Exception)]
    assert tally() == {"answered": 200, "yes": 200}
    assert actions.recount() == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_twenty_answers_at_once_by_one_person_are_one_row() -> None:
    person = scenes.person()
    answers = ["yes", "partly", "no"] * (CALLERS // 3)
    results = at_once([lambda told=told: scenes.answered(told, person=person) for told in answers])
    assert not [result for result in results if isinstance(result, Exception)]
    row = Experience.objects.get()
    assert tally() == {"answered": 1, row.recognition: 1}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_counting_anew_while_people_answer_loses_nothing() -> None:
    people = [scenes.person() for _number in range(20)]
    scenes.answered(person=scenes.person())
    calls = [lambda person=person: scenes.answered(person=person) for person in people]
    results = at_once([*calls, *[actions.recount] * 4])
    assert not [result for result in results if isinstance(result, Exception)]
    assert tally() == {"answered": 21, "yes": 21}
