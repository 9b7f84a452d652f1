"""The page of an area: its figures, what neighbours say, and what it costs to show."""

import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from areas.models import Area
from feedback.models import Tally
from feedback.quarters import quarter_at
from ideas.models import Initiative
from indicators.models import BudgetLine, Intervention, Measurement, Theme
from tests import scenes
from tests.ideas import crowd

pytestmark = [pytest.mark.django_db, pytest.mark.either]

STATEMENTS_AT_MOST = 12
PAGE = "/en/wijk/testwijk/"


@pytest.fixture
def city() -> Area:
    city = scenes.area("city", kind="municipality", accepts_contributions=False)
    here = scenes.area(parent=city)
    assert here.parent == city
    return city


def test_a_figure_is_first_said_in_words_then_drawn_then_asked_about(city: Area) -> None:
    scenes.measured(51.4, note="Not everybody was asked.")
    scenes.measured(30.8, where=city, status="estimate")
    body = Client().get(PAGE).content.decode()
    sentence = body.index("Of every 100 households, <strong>51</strong> find it hard.")
    drawn = body.index('class="bars"')
    asked = body.index("Do you recognise this in your street?")
    assert sentence < drawn < asked
    assert "Source: A survey, 2023" in body
    assert "Not everybody was asked." in body
    assert "51.4%" in body
    assert "<style" not in body
    assert "style=" not in body


def test_missing_is_said_as_missing_and_what_is_around_it_as_such(city: Area) -> None:
    scenes.indicator()
    assert "There is no figure for Testwijk yet" in Client().get(PAGE).content.decode()
    scenes.measured(30.8, where=city)
    body = Client().get(PAGE).content.decode()
    assert "There is no figure for Testwijk itself. This is about City:" in body


def test_a_figure_that_is_not_asked_about_stands_there_without_the_question(city: Area) -> None:
    scenes.measured(24, of=scenes.indicator("buren", may_be_asked=False))
    body = Client().get(PAGE).content.decode()
    assert "Figure buren" in body
    assert "Do you recognise" not in body
    assert "Nobody answered" not in body


def test_beside_a_figure_stand_what_is_done_and_the_money(city: Area) -> None:
    theme = scenes.theme()
    Theme.objects.filter(pk=theme.pk).update(region_cents=12_150_000_00, state_cents=12_150_000_00)
    figure = scenes.indicator()
    scenes.measured(51.4)
    intervention = Intervention.objects.create(theme=theme, number=1, name="More green")
    figure.interventions.add(intervention)
    BudgetLine.objects.create(theme=theme, number=1, name="Mould", amount_cents=150_000_00)
    area, own = Client().get(PAGE), Client().get(f"{PAGE}rondkomen/")
    for page in (area, own):
        body = page.content.decode()
        assert "More green" in body
        assert "€ 24,300,000" in body
    assert "Mould" in own.content.decode()


def test_counts_under_five_are_nowhere(city: Area) -> None:
    scenes.measured(51.4)
    for _number in range(4):
        scenes.answered("yes", person=scenes.person())
    for page in (PAGE, f"{PAGE}rondkomen/"):
        body = Client().get(page).content.decode()
        assert "Fewer than 5 neighbours answered" in body
        assert "100%" not in body
    for _number in range(6):
        scenes.answered("no", trend="worse")
    for _number in range(2):
        scenes.answered("yes")
    body = Client().get(PAGE).content.decode()
    assert "12 neighbours answered" in body
    # Six, none and six: what nobody said goes with the smaller of the others.
    assert "50% no" in body
    assert "50% yes" not in body
    assert "An answer that fewer than 5 people gave is not shown." in body


def test_an_answer_stands_beside_the_figure_at_once_and_ones_own_is_marked(city: Area) -> None:
    scenes.measured(51.4)
    person = scenes.person()
    for _number in range(6):
        scenes.answered("yes")
    browser = Client()
    browser.force_login(person)
    assert "6 neighbours answered" in browser.get(PAGE).content.decode()
    scenes.answered("yes", person=person)
    mine, theirs = browser.get(PAGE).content.decode(), Client().get(PAGE).content.decode()
    for body in (mine, theirs):
        assert "7 neighbours answered" in body
    assert 'aria-pressed="true"' in mine
    assert "Your answer counts." in mine
    assert 'aria-pressed="true"' not in theirs
    assert "Your answer counts." not in theirs


def test_how_it_lies_beside_the_figure_is_said_without_a_cause(city: Area) -> None:
    scenes.measured(51.4)
    for answer, count in (("yes", 12), ("partly", 5), ("no", 5)):
        for _number in range(count):
            scenes.answered(answer, trend="worse")
    for page in (PAGE, f"{PAGE}rondkomen/"):
        body = Client().get(page).content.decode()
        assert "Most neighbours who answered recognise this figure." in body
        assert "Why that is, these numbers do not say." in body
    scenes.measured(40, period="2024")
    for _number in range(20):
        scenes.answered("yes", trend="worse")
    own = Client().get(f"{PAGE}rondkomen/").content.decode()
    # The trend is as good as unanimous, so how many said what else is not shown, nor told here.
    assert "worse than a year ago" not in own


def test_what_staff_change_is_seen_at_once(city: Area) -> None:
    measurement = scenes.measured(51.4)
    assert "<strong>51</strong>" in Client().get(PAGE).content.decode()
    Measurement.objects.filter(pk=measurement.pk).update(value=48)
    assert "<strong>48</strong>" in Client().get(PAGE).content.decode()


def test_an_answer_by_htmx_brings_the_figure_as_it_is_by_now(city: Area) -> None:
    scenes.measured(51.4)
    response = Client().post(
        f"{PAGE}ervaringen/",
        {
            "answer": "rondkomen.recognition.no",
            "quarter": str(quarter_at(timezone.now())),
        },
        headers={"HX-Request": "true", "Origin": "http://testserver"},
    )
    assert response.status_code == 200
    assert response["HX-Retarget"] == "#cijfer-rondkomen"
    body = response.content.decode()
    assert 'value="rondkomen.recognition.no" id="rondkomen-no" aria-pressed="true"' in body
    assert "Thank you: your answer counts." in body


def test_the_figures_can_be_taken_as_a_file(city: Area) -> None:
    scenes.measured(51.4, note="=HYPERLINK(1)")
    scenes.measured(where=scenes.area(), period="2021", low="27", high="46")
    response = Client().get(f"{PAGE}cijfers.csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "'=HYPERLINK(1)" in response.content.decode()
    assert response["Content-Disposition"] == 'attachment; filename="cijfers-testwijk.csv"'


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?zoek=2525", "This may be yours"),
        ("?zoek=nergens", "We know no neighbourhood"),
        ("?zoek=%3Cscript%3E", "We know no neighbourhood"),
        ("?figure=rondkomen", "51.4%"),
        ("?figure=x%27--", "Compare neighbourhoods"),
    ],
)
def test_an_area_is_found_and_all_are_compared(city: Area, query: str, found: str) -> None:
    Area.objects.filter(slug="testwijk").update(postcodes="2525")
    scenes.measured(51.4)
    response = Client().get(f"/en/wijk/{query}")
    assert response.status_code == 200
    assert found in response.content.decode()
    assert b"<script>" not in response.content.replace(b'<script type="module"', b"")


# --- What it costs ---


def many_figures(city: Area, *, figures: int = 120, years: int = 10) -> None:
    """Fill the page: so many figures, in eight areas, through ten years, with answers."""
    here = scenes.area()
    others = [scenes.area(f"n{number}", parent=city) for number in range(6)]
    themes = [scenes.theme(), scenes.theme("wonen", "home"), scenes.theme("werk", "work")]
    made = [
        scenes.indicator(f"figure-{number}", theme=themes[number % 3]) for number in range(figures)
    ]
    Measurement.objects.bulk_create(
        Measurement(indicator=figure, area=area, period=str(2014 + year), value=20 + year)
        for figure in made
        for area in (here, city, *others)
        for year in range(years)
    )
    Tally.objects.bulk_create(
        Tally(
            indicator=figure,
            area=here,
            quarter_date=quarter_at(timezone.now()),
            with_account=group,
            answered=60,
            yes=30,
            partly=20,
            no=10,
        )
        for figure in made
        for group in (True, False)
    )
    ideas = crowd.initiatives(200, area=here)
    for number, idea in enumerate(ideas[:60]):
        Initiative.objects.filter(pk=idea.pk).update(indicator=made[number % figures])


def statements(browser: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return [
        query["sql"]
        for query in captured
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT JSON"))
    ]


def test_the_page_costs_the_same_with_one_figure_and_with_many(city: Area) -> None:
    def people() -> list[User | None]:
        resident = scenes.person()
        return [
            None,
            resident,
            scenes.granted(Role.MODERATOR, area=city, language="nl"),
            scenes.granted(Role.PROGRAMME_OFFICE, area=city),
        ]

    scenes.measured(51.4)
    scenes.answered(person=scenes.person())
    costs = []
    readers = people()
    for size in (0, 120):
        if size:
            many_figures(city, figures=size)
        for person in readers:
            browser = Client()
            if person:
                browser.force_login(person)
            # With nothing in the cache, and with everything.
            cache.clear()
            costs.append([len(statements(browser, PAGE)) for _time in range(2)])
    few, many = costs[: len(readers)], costs[len(readers) :]
    assert few == many
    assert max(max(cost) for cost in costs) <= STATEMENTS_AT_MOST, costs


def test_it_takes_at_most_twice_as_long_as_the_list_of_initiatives(city: Area) -> None:
    many_figures(city)

    def took(address: str) -> float:
        """Return the shortest of several times, in seconds: the rest is other work."""
        browser = Client()
        browser.get(address)
        times = []
        for _time in range(15):
            started = time.perf_counter()
            browser.get(address)
            times.append(time.perf_counter() - started)
        return min(times)

    ratio = took(PAGE) / took("/en/initiatieven/")
    print(f"area page / list of initiatives: {ratio:.2f}")
    assert ratio <= 2
