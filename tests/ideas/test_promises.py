"""What was promised, what is due and what is late: for everybody, for the office, and as a file."""

import csv
import datetime
import io
import tracemalloc

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from areas.models import Area
from contributions.models import Dossier, Status
from ideas import actions, promises
from ideas.limits import RATES
from ideas.models import Department, Initiative, Milestone, OfficialAnswer, Progress
from tests import scenes
from tests.ideas import crowd
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]

PUBLIC, WORK, FILE, WORK_FILE, LIST_FILE = (
    "/en/beloftes/",
    "/en/opvolging/",
    "/en/beloftes/lijst.csv",
    "/en/opvolging/lijst.csv",
    "/en/initiatieven/lijst.csv",
)


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def owed(title: str, days: int, **fields: object) -> Initiative:
    """Return an idea that had enough support and waits for an answer due in some days."""
    made = scenes.initiative(title, **fields)  # type: ignore[arg-type]
    Initiative.objects.filter(pk=made.pk).update(
        progress=Progress.IN_CONSIDERATION,
        crossed_at=timezone.now(),
        answer_due_date=in_days(days),
    )
    made.refresh_from_db()
    return made


def later(title: str, days: int, *, by: User) -> Initiative:
    made = scenes.initiative(title)
    actions.answer(
        initiative=made,
        by=by,
        outcome="later",
        text="Not now.",
        language="en",
        new_answer_date=in_days(30),
    )
    OfficialAnswer.objects.filter(initiative=made).update(new_answer_date=in_days(days))
    return made


def promised(
    title: str, days: int | None, *, by: User, state: str = "planned", **fields: object
) -> Initiative:
    """Return an answered idea with a milestone due in some days, or with none."""
    made = scenes.initiative(title, **fields)  # type: ignore[arg-type]
    actions.answer(initiative=made, by=by, outcome="adopted", text="Yes.", language="en")
    if days is not None:
        milestone = actions.plan_milestone(
            initiative=made,
            by=by,
            title=f"Step of {title}",
            planned_date=in_days(days),
            language="en",
            now=timezone.now() - datetime.timedelta(days=60),
        )
        if state != "planned":
            actions.change_milestone(
                milestone=milestone, by=by, state=state, planned_date=milestone.planned_date
            )
    return made


@pytest.fixture
def officer() -> User:
    return scenes.granted(Role.PROGRAMME_OFFICE)


@pytest.fixture
def browser(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def street(officer: User) -> dict[str, Initiative]:
    return {
        "overdue": owed("Overdue answer", -3),
        "owed": owed("Owed answer", 12),
        "later": later("Later passed", -1, by=officer),
        "late": promised("Late work", -7, by=officer),
        "coming": promised("Coming work", 30, by=officer),
        "kept": promised("Kept work", -2, by=officer, state="done"),
        "unplanned": promised("Unplanned work", None, by=officer),
    }


def order_of(page: HttpResponseBase, *titles: str) -> list[str]:
    """Return which of these titles a page shows, in the order of the page."""
    shown = words(page)
    return sorted((title for title in titles if title in shown), key=shown.index)


TITLES = (
    "Overdue answer",
    "Owed answer",
    "Later passed",
    "Step of Late work",
    "Step of Coming work",
    "Step of Kept work",
    "Unplanned work",
)


def test_everybody_sees_what_was_promised_and_what_is_late_first(street: dict[str, Initiative]):
    page = Client().get(PUBLIC)

    assert order_of(page, *TITLES) == [
        "Step of Late work",
        "Overdue answer",
        "Later passed",
        "Owed answer",
        "Step of Coming work",
    ]
    shown = words(page)
    assert "5 promises to keep" in shown
    assert "3 late" in shown
    # Done on time or not, it was done: two days after its day is not in time.
    assert "1 done, 0 in time" in shown
    assert ": that is 3 days ago, and it is not there yet." in shown


@pytest.mark.parametrize(
    ("choice", "titles"),
    [
        ("state=late", ["Step of Late work", "Overdue answer", "Later passed"]),
        ("state=due", ["Owed answer", "Step of Coming work"]),
        ("state=kept", ["Step of Kept work"]),
        ("what=answer", ["Overdue answer", "Owed answer"]),
        ("what=new_answer&state=late", ["Later passed"]),
        ("what=milestone&state=due", ["Step of Coming work"]),
        ("area=elsewhere", []),
    ],
)
def test_choices_narrow_it_down(street: dict[str, Initiative], choice: str, titles: list[str]):
    scenes.area("elsewhere")

    assert order_of(Client().get(f"{PUBLIC}?{choice}"), *TITLES) == titles


@pytest.mark.parametrize(
    "query",
    [
        "state=x",
        "state=unplanned",
        "what=%00",
        "area=nergens",
        "after=x",
        "after=2026-99-01.0.1",
        "after=2026-01-01.0.99999999999999999999",
        "area=" + "x" * 3000,
    ],
)
def test_what_nobody_knows_is_named(street: dict[str, Initiative], query: str):
    page = Client().get(f"{PUBLIC}?{query}")

    assert page.status_code == 400
    assert "Overdue answer" in words(page)
    # A file has no place to say it beside the rows: it is not made.
    assert Client().get(f"{FILE}?{query}").status_code == 400


def test_the_page_leads_on_without_losing_or_repeating_a_promise(
    officer: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(promises, "PAGE_SIZE", 2)
    # All on the same day, and from each of the tables.
    made = [owed(f"Idea {number}a", 5) for number in range(3)]
    made += [later(f"Idea {number}b", 5, by=officer) for number in range(2)]
    made += [promised(f"Idea {number}c", 5, by=officer) for number in range(2)]
    met: list[str] = []
    url = PUBLIC
    for _page in range(4):
        page = Client().get(url)
        met += [row.initiative.title for row, _said, _late in page.context["rows"]]
        url = PUBLIC + page.context["next_url"]
    assert page.context["next_url"] == ""
    assert sorted(met) == sorted(idea.title for idea in made)


def test_what_is_not_on_the_site_promises_nothing(street: dict[str, Initiative]):
    for idea in street.values():
        scenes.bring(idea, Status.HIDDEN)

    for address in (PUBLIC, f"{PUBLIC}?state=kept"):
        page = Client().get(address)
        assert order_of(page, *TITLES) == []
        assert "0 promises to keep" in words(page)
    assert len(rows_of(Client().get(FILE))) == 1


def test_a_hidden_answer_promises_no_new_one(officer: User):
    idea = later("Later", 5, by=officer)
    scenes.bring(OfficialAnswer.objects.get(initiative=idea), Status.HIDDEN)

    assert "0 promises to keep" in words(Client().get(PUBLIC))


# --- The office's worklist ---


def test_the_office_also_finds_what_nobody_planned(street: dict[str, Initiative], browser: Client):
    page = browser.get(f"{WORK}?state=unplanned")

    assert order_of(page, *TITLES) == ["Unplanned work"]
    # What was planned and done has nothing more to come of it either.
    assert "Kept work" in words(page)
    assert order_of(browser.get(WORK), *TITLES)[0] == "Step of Late work"


def test_the_office_of_one_area_works_there(street: dict[str, Initiative]):
    city = scenes.area("city", kind=Area.Kind.MUNICIPALITY, accepts_contributions=False)
    inside = owed("Inside", 3, where=scenes.area("inside", parent=city))
    browser = Client()
    browser.force_login(scenes.granted(Role.PROGRAMME_OFFICE, area=city))

    page = browser.get(WORK)

    assert inside.title in words(page)
    assert order_of(page, *TITLES) == []
    assert [row[0] for row in rows_of(browser.get(WORK_FILE))[1:]] == ["Inside"]


def test_nobody_finds_their_own_idea_among_their_work(officer: User, browser: Client):
    owed("Of my own", 3, author=officer)

    assert "Of my own" not in words(browser.get(WORK))
    assert "Of my own" in words(Client().get(PUBLIC))


# --- Files ---


def rows_of(response: HttpResponseBase) -> list[list[str]]:
    """Return the rows of a file, its heading first."""
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_what_the_page_shows_with_the_same_choices(
    street: dict[str, Initiative],
):
    department = Department.objects.create(name="Parks")
    Initiative.objects.filter(pk=street["owed"].pk).update(department=department)

    heading, *rows = rows_of(Client().get(FILE))

    assert heading[0] == "Initiative"
    assert [row[0] for row in rows] == [
        "Late work",
        "Overdue answer",
        "Later passed",
        "Owed answer",
        "Coming work",
    ]
    assert rows[3][9] == "Parks"
    assert [row[8] for row in rows] == ["yes", "yes", "yes", "no", "no"]
    kept = rows_of(Client().get(f"{FILE}?state=kept"))
    assert [row[0] for row in kept[1:]] == ["Kept work"]
    assert kept[1][7] == timezone.localdate().isoformat()


def test_the_list_of_initiatives_goes_into_a_file_with_its_filter(officer: User):
    scenes.initiative("=HYPERLINK(1)", author=scenes.person("Zqsecret"), where=scenes.area("here"))
    scenes.initiative("Elsewhere", where=scenes.area("there"))
    scenes.initiative("Nobody reads this", where=scenes.area("here"), status=Status.SUBMITTED)
    answered = promised("Answered", 5, by=officer, where=scenes.area("here"))
    page = words(Client().get("/en/initiatieven/?area=here"))

    response = Client().get(f"{LIST_FILE}?area=here")

    rows = rows_of(response)
    assert [row[0] for row in rows[1:]] == ["Answered", "'=HYPERLINK(1)"]
    assert rows[1][13:15] == [timezone.localdate().isoformat(), "We are going to do this"]
    assert "zqsecret" not in str(rows).lower()
    assert "As a file for a spreadsheet (CSV)" in page
    scenes.bring(OfficialAnswer.objects.get(initiative=answered), Status.HIDDEN)
    assert rows_of(Client().get(f"{LIST_FILE}?area=here"))[1][13:15] == ["", ""]


@pytest.mark.parametrize("file", [FILE, LIST_FILE])
def test_a_file_with_a_choice_that_nobody_knows_is_refused_in_words(file: str):
    owed("Owed", 3)

    response = Client().get(f"{file}?area=nowhere")

    assert response.status_code == 400
    assert "We do not know the choice for" in response.content.decode()
    assert "Owed" not in response.content.decode()


@pytest.mark.parametrize("file", [FILE, LIST_FILE])
def test_files_are_fetched_so_often_from_a_network(file: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(RATES, "sheet", "2/h/ip")
    statuses = [Client().get(file).status_code for _time in range(3)]
    assert statuses == [200, 200, 429]
    assert "Wait a while" in Client().get(file).content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.get(file).status_code == 200


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_file_is_in_the_language_of_its_page(language: str):
    owed("Owed", 3)

    row = rows_of(Client().get(f"/{language}/beloftes/lijst.csv"))[1]

    assert f"/{language}/initiatieven/" in row[1]
    state = {"nl": "genoeg steun", "en": "enough support"}[language]
    assert row[5].startswith(state)


def _many(count: int, officer: User) -> None:
    """Add ideas that wait for an answer, and as many answered ones with a milestone."""
    area = scenes.area("many")
    crowd.initiatives(
        count,
        area=area,
        progress=Progress.IN_CONSIDERATION,
        crossed_at=timezone.now(),
        answer_due_date=lambda number: in_days(number % 40 - 20),
    )
    answered = crowd.initiatives(count, area=area, progress=Progress.ANSWERED)
    dossiers = Dossier.objects.bulk_create(
        Dossier(kind=OfficialAnswer.kind, language="nl") for _idea in answered
    )
    now = timezone.now()
    OfficialAnswer.objects.bulk_create(
        OfficialAnswer(
            dossier=dossier,
            initiative=idea,
            area=area,
            author=officer,
            language="nl",
            outcome="adopted",
            text="Yes.",
            status=Status.PUBLISHED,
            submitted_at=now,
            published_at=now,
            given_date=timezone.localdate(),
        )
        for idea, dossier in zip(answered, dossiers, strict=True)
    )
    Milestone.objects.bulk_create(
        Milestone(
            initiative=idea,
            title="Step",
            language="nl",
            planned_date=in_days(number % 40 - 20),
            state="done" if number % 2 else "planned",
            done_date=timezone.localdate() if number % 2 else None,
        )
        for number, idea in enumerate(answered)
    )


@pytest.mark.parametrize(
    ("address", "most"),
    [
        (PUBLIC, 9),
        (f"{PUBLIC}?area=many&state=late", 9),
        (f"{PUBLIC}?state=kept", 8),
        # Of who is signed in also what they have not read yet.
        (WORK, 13),
        (f"{WORK}?state=unplanned", 11),
        (FILE, 4),
        (LIST_FILE, 4),
    ],
)
def test_pages_and_files_cost_the_same_with_few_rows_and_with_many(
    officer: User, browser: Client, address: str, most: int
):
    sent = []
    for size in (20, 1500):
        _many(size, officer)
        client = browser if address.startswith(WORK) else Client()
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
            response.getvalue()
        assert response.status_code == 200
        # A long file is read from the database in parts, through the cursor that was opened.
        sent.append(len([one for one in captured if "SAVEPOINT" not in one["sql"]]))
    assert sent[0] == sent[1] <= most, sent


def test_a_long_file_takes_no_more_memory_than_a_short_one(
    officer: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(promises, "CHUNK", 100)
    most: list[int] = []
    for added in (500, 2500):
        _many(added, officer)
        response = Client().get(FILE)
        assert response.streaming
        tracemalloc.start()
        try:
            lines = sum(1 for _line in response)
            most.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert lines == 1 + 3000 + 1500
    # Six times as many rows; held whole, they would take six times as much.
    assert most[1] < most[0] * 2, most
