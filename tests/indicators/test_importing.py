"""Bringing measurements in from a file: first tried, then all of it or nothing."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from accounts.models import Role, User
from indicators import importing
from indicators.actions import AppliedBefore, ChangedSince, RowsRefused, apply_import, try_import
from indicators.models import ImportRun, Measurement
from tests import scenes
from tests.races import at_once

pytestmark = pytest.mark.django_db

HEADING = "indicator,area,period,value,low,high,text,status\n"
IMPORT = "/en/cijfers/inlezen/"


@pytest.fixture(autouse=True)
def places_and_figures() -> None:
    scenes.area("laak", wijk_codes="WK051838", buurt_codes="")
    scenes.area("transvaal")
    scenes.indicator("rondkomen")
    scenes.indicator("cohesie", unit="score")
    scenes.indicator("leefbaar", unit="class")


@pytest.fixture
def office() -> User:
    return scenes.granted(Role.PROGRAMME_OFFICE)


def tried(text: str | bytes, by: User) -> ImportRun:
    content = text if isinstance(text, bytes) else text.encode()
    return try_import(file_name="figures.csv", content=content, by=by)


def reasons(text: str) -> dict[int, str]:
    with translation.override("en"):
        return dict(importing.plan(text).refused)


def test_a_good_file_is_tried_first_and_comes_in_when_that_is_confirmed(office: User) -> None:
    scenes.measured(40, of=scenes.indicator("rondkomen"), where=scenes.area("laak"), period="2022")
    scenes.measured(30, of=scenes.indicator("rondkomen"), where=scenes.area("laak"), period="2021")
    run = tried(
        HEADING
        + "rondkomen,laak,2022,41.5,,,,\n"
        + "rondkomen,laak,2021,30,,,,final\n"
        + "rondkomen,transvaal,2022,,27,46,,estimate\n"
        + "leefbaar,laak,2022,,,,zwak,\n"
        + "cohesie,laak,2022,-,,,,\n",
        office,
    )
    assert (run.rows_read, run.rows_added, run.rows_changed, run.refused) == (5, 3, 1, [])
    assert Measurement.objects.count() == 2

    apply_import(run=run, by=office, seen=(3, 1))

    told = {
        (m.indicator.slug, m.area.slug, m.period): (m.value, m.low, m.high, m.text, m.status)
        for m in Measurement.objects.select_related("indicator", "area")
    }
    assert float(told["rondkomen", "laak", "2022"][0] or 0) == 41.5
    assert [float(n or 0) for n in told["rondkomen", "transvaal", "2022"][1:3]] == [27, 46]
    assert told["leefbaar", "laak", "2022"][3] == "zwak"
    assert told["cohesie", "laak", "2022"] == (None, None, None, "", "missing")
    with pytest.raises(AppliedBefore):
        apply_import(run=run, by=office, seen=(3, 1))


def test_bringing_the_same_file_again_changes_nothing(office: User) -> None:
    text = HEADING + "rondkomen,laak,2022,41.5,,,,\n"
    run = tried(text, office)
    apply_import(run=run, by=office, seen=(1, 0))
    again = tried(text, office)
    assert (again.rows_added, again.rows_changed) == (0, 0)


def test_with_one_wrong_row_nothing_comes_in(office: User) -> None:
    run = tried(HEADING + "rondkomen,laak,2022,41,,,,\nrondkomen,laak,2023,150,,,,\n", office)
    with pytest.raises(RowsRefused):
        apply_import(run=run, by=office, seen=(1, 0))
    assert not Measurement.objects.exists()


def test_what_changed_since_one_looked_is_looked_at_again(office: User) -> None:
    run = tried(HEADING + "rondkomen,laak,2022,41,,,,\n", office)
    scenes.measured(7, of=scenes.indicator("rondkomen"), where=scenes.area("laak"), period="2022")
    with pytest.raises(ChangedSince):
        apply_import(run=run, by=office, seen=(1, 0))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_files_with_the_same_row_at_once_come_in_once(office: User) -> None:
    text = HEADING + "rondkomen,laak,2022,41,,,,\n"
    runs = [tried(text, office) for _number in range(20)]
    results = at_once(
        [lambda run=run: apply_import(run=run, by=office, seen=(1, 0)) for run in runs]
    )
    assert Measurement.objects.count() == 1
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 19
    assert all(isinstance(error, RowsRefused) for error in refused)


def test_an_excel_file_with_semicolons_commas_and_a_mark_in_front_is_read(office: User) -> None:
    text = (
        "\ufeffIndicator;Area;Period;Value;Low;High;Text;Status\r\n"
        "rondkomen;LAAK;2022;41,5;;;;definitief\r\n"
    )
    run = tried(text, office)
    assert (run.rows_added, run.refused) == (1, [])
    old = text.removeprefix("\ufeff").replace("definitief", "voorlopig").encode("cp1252")
    assert tried(old + "leefbaar;laak;2022;;;;één;\r\n".encode("cp1252"), office).rows_added == 2


def test_a_cbs_code_of_one_area_is_known(office: User) -> None:
    assert tried(HEADING + "rondkomen,WK051838,2022,41,,,,\n", office).rows_added == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("rondkomen,laak,2022,150,,,,", "lies between 0 and 100"),
        ("rondkomen,laak,2022,-3,,,,", "lies between 0 and 100"),
        ("rondkomen,laak,2022,veel,,,,", "is no number"),
        ("rondkomen,laak,2022,1e3,,,,", "is no number"),
        ("rondkomen,laak,2022,NaN,,,,", "is no number"),
        ('rondkomen,laak,2022,"1.234,5",,,,', "is no number"),
        ("rondkomen,laak,2022,,46,27,,", "not in that order"),
        ("rondkomen,laak,2022,,,,,", "There is no number"),
        ("rondkomen,laak,2022,5,,,,missing", "called missing"),
        ("rondkomen,laak,2022,5,,,,misschien", "no status"),
        ("rondkomen,laak,2099,5,,,,", "still to come"),
        ("rondkomen,laak,vorig jaar,5,,,,", "is no period"),
        ("geluk,laak,2022,5,,,,", "no figure"),
        ("rondkomen,atlantis,2022,5,,,,", "no area"),
        ("leefbaar,laak,2022,5,,,,", "no numbers"),
        ("leefbaar,laak,2022,,,,,", "class is missing"),
        ("rondkomen,laak,2022,5,,,,,,extra", "more values"),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason(row: str, reason: str) -> None:
    assert reason in reasons(HEADING + row + "\n")[2]


def test_doubles_that_disagree_are_refused_and_those_that_agree_are_one() -> None:
    row = "rondkomen,laak,2022,{},,,,\n"
    assert set(reasons(HEADING + row.format(4) + row.format(5))) == {2, 3}
    made = importing.plan(HEADING + row.format(4) + row.format("4.0"))
    assert (len(made.added), made.same, made.refused) == (1, 1, [])


def test_ten_thousand_wrong_rows_are_all_named(office: User) -> None:
    run = tried(HEADING + "rondkomen,laak,2022,veel,,,,\n" * 10_000, office)
    assert len(run.refused) == 10_000
    browser = Client()
    browser.force_login(office)
    page = browser.get(f"{IMPORT}{run.pk}/")
    assert page.status_code == 200
    assert page.content.count(b"is no number") == 200
    sheet = browser.get(f"{IMPORT}{run.pk}/geweigerd.csv")
    assert sheet.content.count(b"is no number") == 10_000


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "must name the columns"),
        (b"naam,waarde\nx,1\n", "must name the columns"),
        (b"PK\x03\x04\x00\x00", "no CSV file"),
        (HEADING.encode() + b'rondkomen,laak,2022,"5,,,,\n', "quotation marks"),
        (b"indicator,area,period,value,value\n", "twice"),
        (b"x" * (importing.MAX_BYTES + 1), "larger than"),
        (HEADING.encode() + b"rondkomen,laak,2022,5,,,,\n" * (importing.MAX_ROWS + 1), "more than"),
    ],
    ids=[
        "empty",
        "other columns",
        "a spreadsheet",
        "open quotes",
        "double column",
        "large",
        "long",
    ],
)
def test_a_file_that_cannot_be_read_is_refused_on_the_page(
    office: User, content: bytes, says: str
) -> None:
    browser = Client()
    browser.force_login(office)
    response = browser.post(IMPORT, {"file": SimpleUploadedFile("a.csv", content)})
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not ImportRun.objects.exists()


def test_the_office_brings_a_file_in_through_the_pages(office: User) -> None:
    browser = Client()
    browser.force_login(office)
    content = (HEADING + "rondkomen,laak,2022,41,,,,\n").encode()
    response = browser.post(
        IMPORT, {"file": SimpleUploadedFile("<script>alert(1)</script>.csv", content)}
    )
    page = response["Location"]
    shown = browser.get(page).content.decode()
    assert "1 new row." in shown
    assert "<script>alert" not in shown
    assert browser.post(page, {"added": "7", "changed": "x"}).status_code == 409
    assert not Measurement.objects.exists()
    assert browser.post(page, {"added": "1", "changed": "0"}).status_code == 302
    assert Measurement.objects.count() == 1


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.STEERING_GROUP, Role.ADMINISTRATOR])
def test_nobody_else_brings_figures_in(role: str) -> None:
    browser = Client()
    browser.force_login(scenes.granted(role))
    assert browser.get(IMPORT).status_code == 404
    assert browser.post(IMPORT, {}).status_code == 404


def test_a_grant_for_one_area_does_not_do() -> None:
    browser = Client()
    browser.force_login(scenes.granted(Role.PROGRAMME_OFFICE, area=scenes.area("laak")))
    assert browser.get(IMPORT).status_code == 404


def test_cells_are_never_formulas() -> None:
    from indicators.sheets import safe_cell

    dangerous: list[Any] = ["=1+1", "+1", "-1", "@x", "\tx", " =x"]
    assert all(str(safe_cell(cell)).startswith("'") for cell in dangerous)
    assert [safe_cell(cell) for cell in (1, None, "laak")] == [1, None, "laak"]
