"""Asking for money, giving it and telling what came of it, through the pages."""

import csv
import datetime
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import Role, User
from budgets import ledger
from budgets.models import Account, Application, PaymentOrder, Stage
from contributions import actions as review
from contributions.models import Dossier, Status
from jongerenraad.actions.votes import close_vote
from jongerenraad.models import Choice, Council, Office
from tests import councils, money, scenes

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def council() -> Council:
    made = councils.council()
    money.filled(made)
    return made


def browser(person: User | None = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def address(view: str, **kwargs: Any) -> str:
    return reverse(f"budgets:{view}", kwargs={"council": "jongerenraad", **kwargs})


def page(person: User | None, view: str, **kwargs: Any) -> str:
    response = browser(person).get(address(view, **kwargs))
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def do(person: User, of: Application, name: str, **values: Any) -> int:
    """Do something with an application through its page; return the status."""
    url = address("act", pk=of.pk, name=name)
    return browser(person).post(url, values).status_code


def test_an_application_goes_from_idea_to_closed_report_through_the_pages(council: Council) -> None:
    """The whole way, each step by who it is for."""
    applicant = scenes.trusted(scenes.person("Amira", age_band="16-17"))
    area = scenes.area()
    client = browser(applicant)
    day = timezone.localdate()

    started = client.post(address("new"))
    application = Application.objects.get(author=applicant)
    assert started["Location"] == address("plan", pk=application.pk)
    client.post(
        address("plan", pk=application.pk),
        {
            "title": "Film op het plein",
            "what": "Wij draaien een film voor de hele straat.",
            "area": area.pk,
            "starts_date": day.isoformat(),
            "ends_date": day.isoformat(),
            "language": "nl",
        },
    )
    client.post(
        address("costs", pk=application.pk),
        {
            "description_1": "Scherm",
            "amount_1": "€ 250,50",
            "description_2": "Limonade",
            "amount_2": "49.50",
            "quote": scenes.picture_file("offerte.jpg"),
        },
    )
    told = client.post(
        address("recipient", pk=application.pk),
        {
            "recipient": "adult",
            "recipient_name": "Tante Noor",
            "recipient_email": "noor@voorbeeld.test",
            "shows_name": "on",
        },
    )
    assert told["Location"] == address("check", pk=application.pk)
    client.post(address("check", pk=application.pk))
    application.refresh_from_db()
    assert (application.stage, application.requested) == (Stage.SUBMITTED, 300_00)

    chair, secretary, treasurer = (
        councils.holder(council, office)
        for office in (Office.CHAIR, Office.SECRETARY, Office.TREASURER)
    )
    assert do(secretary, application, "controleren") == 302
    tomorrow = day + datetime.timedelta(days=1)
    assert (
        do(
            chair,
            application,
            "in-stemming",
            cents="300",
            closes_on=tomorrow.isoformat(),
            closes_time="20:00",
        )
        == 302
    )
    application.refresh_from_db()
    matter = application.deliberations.get().matter
    vote_url = matter.get_absolute_url()
    for member in councils.electorate(council):
        assert browser(member).post(vote_url, {"choice": Choice.AGREE}).status_code == 302
    close_vote(matter=matter, now=matter.closes_at)

    assert do(applicant, application, "akkoord") == 302
    assert do(treasurer, application, "betaling-klaarzetten") == 302
    assert do(chair, application, "betaling-goedkeuren") == 302
    office = money.office()
    orders = browser(office).post(address("orders_sheet"))
    row = next(iter(csv.DictReader(io.StringIO(orders.content.decode("utf-8-sig")))))
    assert (row["order"], row["amount"]) == (f"JONGERENRAAD-{day.year}-0001", "300.00")
    paid = money.paid_file((row["order"], row["amount"], "K-1", day.isoformat()))
    file = io.BytesIO(paid)
    file.name = "betaald.csv"
    assert browser(office).post(address("payments"), {"file": file}).status_code == 200

    report_url = address("report", pk=application.pk)
    kept = client.post(
        report_url,
        {
            "did": "We draaiden een film.",
            "met": "Veertig buren.",
            "learned": "Een groter scherm.",
            "new_1": scenes.picture_file(),
            "description": "Scherm",
            "amount": "240",
            "file": scenes.picture_file("bon.jpg", colour="white", size=(300, 500)),
        },
    )
    assert kept.status_code == 302
    assert client.post(address("hand_in_report", pk=application.pk)).status_code == 302
    assert do(treasurer, application, "afronden", reference="TERUG-1") == 302
    application.refresh_from_db()
    assert application.stage == Stage.CLOSED
    assert ledger.balances(application.fund)[Account.AVAILABLE] == 40_000_00 - 240_00

    seen = page(None, "application", pk=application.pk)
    assert "We draaiden een film." in seen
    assert "Amira" in seen
    for private in ("Tante Noor", "noor@voorbeeld.test", "TERUG-1", "K-1"):
        assert private not in seen
    assert "Film op het plein" in page(None, "overview")


def test_a_mistake_beside_one_line_loses_none_of_the_others(council: Council) -> None:
    application = money.draft(council)
    url = address("costs", pk=application.pk)

    answer = browser(application.author).post(
        url,
        {
            "description_1": "Ballen",
            "amount_1": "20",
            "description_2": "Vlag",
            "amount_2": "1e9",
            "own_contribution": "Onze tijd",
        },
    )

    text = answer.content.decode()
    assert answer.status_code == 422
    for kept in ("Ballen", "Vlag", "1e9", "Onze tijd"):
        assert kept in text
    assert [(line.description, line.cents) for line in application.lines.all()] == [
        ("Ballen", 20_00)
    ]


@pytest.mark.parametrize("amount", ["-5", "0", "NaN", "1e9", "123456789012", "1,250.5.0", "1.250"])
def test_an_amount_that_cannot_be_gets_a_sentence(council: Council, amount: str) -> None:
    application = money.draft(council)
    answer = browser(application.author).post(
        address("costs", pk=application.pk), {"description_1": "Ballen", "amount_1": amount}
    )
    assert answer.status_code == 422
    assert "id_amount_1_error" in answer.content.decode()


@pytest.mark.parametrize("stage", Stage.values)
def test_nobody_but_the_applicant_and_the_council_sees_what_got_no_money(
    council: Council, stage: str
) -> None:
    author = scenes.trusted(scenes.person("Zqapplicant", age_band="18-26"))
    application = money.application(council, stage, "Zqtitle", author=author)
    url = address("application", pk=application.pk)
    is_public = application.granted is not None and stage != Stage.WITHDRAWN

    for other in (None, scenes.person(), scenes.granted(Role.STEERING_GROUP)):
        assert browser(other).get(url).status_code == (200 if is_public else 404)
    assert browser(author).get(url).status_code == (302 if stage == Stage.DRAFT else 200)
    handed_in = stage not in (Stage.DRAFT, Stage.WITHDRAWN)
    for insider in (councils.holder(council, Office.MEMBER), money.office()):
        assert browser(insider).get(url).status_code == (200 if handed_in else 404)

    public = page(None, "overview") + browser().get("/nl/jongerenraad/").content.decode()
    public += browser().get("/nl/jongerenraad/stemmingen/").content.decode()
    public += (
        browser().get(address("ledger_sheet", year=timezone.localdate().year)).content.decode()
    )
    assert ("Zqtitle" in public) == is_public
    assert "Zqapplicant" not in public


def test_a_hidden_text_is_gone_everywhere_and_its_money_stays_in_the_sums(council: Council) -> None:
    author = scenes.trusted(scenes.person(age_band="18-26"))
    application = money.application(council, Stage.PAID, "Zqtitle", author=author)
    review.hide(
        dossier=Dossier.objects.get(pk=application.dossier_id),
        by=scenes.moderator(),
        rule=scenes.house_rule(),
        reason="Niet netjes.",
    )

    assert browser().get(address("application", pk=application.pk)).status_code == 404
    everywhere = page(None, "overview") + browser().get("/nl/jongerenraad/").content.decode()
    year = timezone.localdate().year
    sheet = browser().get(address("ledger_sheet", year=year)).content.decode()
    assert "Zqtitle" not in everywhere + sheet
    assert "500.00" in sheet
    # The council goes on with its money.
    treasurer = councils.holder(council, Office.TREASURER)
    assert "Zqtitle" in page(treasurer, "application", pk=application.pk)


def test_a_newcomers_plan_is_read_by_a_moderator_before_others_see_it(council: Council) -> None:
    application = money.application(council, Stage.GRANTED, "Zqtitle")
    assert application.status == Status.SUBMITTED
    url = address("application", pk=application.pk)
    assert browser().get(url).status_code == 404

    review.publish(dossier=Dossier.objects.get(pk=application.dossier_id), by=scenes.moderator())
    assert browser().get(url).status_code == 200


def test_words_that_a_moderator_sends_back_are_changed_while_the_council_goes_on(
    council: Council,
) -> None:
    application = money.application(council, Stage.GRANTED, "Bel 0612345678")
    review.send_back(
        dossier=Dossier.objects.get(pk=application.dossier_id),
        by=scenes.moderator(),
        reason="Haal het nummer weg.",
    )
    assert "Haal het nummer weg." in page(application.author, "application", pk=application.pk)

    answer = browser(application.author).post(
        address("words", pk=application.pk), {"title": "Bel ons", "what": "Een toernooi."}
    )

    assert answer.status_code == 302
    application.refresh_from_db()
    assert (application.title, application.status) == ("Bel ons", Status.SUBMITTED)
    assert application.stage == Stage.GRANTED


def test_under_16_nobody_reads_a_name_whatever_was_agreed(council: Council) -> None:
    young = scenes.trusted(scenes.person("Zqyoung", age_band="12-15"))
    application = money.application(council, Stage.PAID, author=young, shows_name=True)
    review.publish(dossier=Dossier.objects.get(pk=application.dossier_id), by=scenes.moderator())
    seen = page(None, "application", pk=application.pk) + page(None, "overview")
    assert "Zqyoung" not in seen
    assert young.pseudonym not in seen


def test_papers_are_for_the_applicant_the_council_and_the_office(council: Council) -> None:
    author = scenes.trusted(scenes.person(age_band="18-26"))
    application = money.application(council, Stage.CLOSED, author=author)
    url = address("document", key=application.documents.get().key)
    for outsider in (None, scenes.person(), scenes.moderator()):
        assert browser(outsider).get(url).status_code in (302, 404)
    for insider in (author, councils.holder(council, Office.MEMBER), money.office()):
        answer = browser(insider).get(url)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
    other = councils.council("partnerraad")
    assert browser(councils.holder(other)).get(url).status_code == 404


def test_a_file_of_payments_says_what_did_not_fit(council: Council) -> None:
    application = money.application(council, Stage.ORDERED)
    order = PaymentOrder.objects.get(application=application)
    day = timezone.localdate().isoformat()
    file = io.BytesIO(
        money.paid_file(
            ("ONBEKEND-1", "500,00", "K-1", day),
            (order.number, "499,99", "K-2", day),
            (order.number, "500,00", "K-3", day),
            (order.number, "500,00", "K-4", day),
        )
    )
    file.name = "betaald.csv"
    answer = browser(money.office()).post(address("payments"), {"file": file})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "ONBEKEND-1" in text
    assert "K-3" in text
    run = council.payment_imports.get()
    assert (run.rows_read, run.rows_paid, len(run.refused)) == (4, 1, 3)


def test_a_deposit_sent_twice_comes_in_once(council: Council) -> None:
    office = money.office()
    values = {
        "cents": "1.000,00",
        "note": "Besluit 2",
        "key": "12345678-1234-4234-8234-123456789abc",
        "year": timezone.localdate().year,
    }
    for _time in range(2):
        assert browser(office).post(address("deposit"), values).status_code == 302
    fund = council.funds.get()
    assert ledger.balances(fund)[Account.AVAILABLE] == 41_000_00


def test_every_cent_stands_in_the_sheet(council: Council) -> None:
    author = scenes.trusted(scenes.person(age_band="18-26"))
    money.application(council, Stage.CLOSED, author=author)
    money.application(council, Stage.DECLINED, "Zqsecret", author=author)
    year = timezone.localdate().year
    answer = browser().get(address("ledger_sheet", year=year))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert sum(int(row["cents"]) for row in rows) == 0
    by_posting: dict[str, int] = {}
    for row in rows:
        by_posting[row["posting"]] = by_posting.get(row["posting"], 0) + int(row["cents"])
    assert set(by_posting.values()) == {0}
    assert "Zqsecret" not in answer.content.decode()


def _statements(django_assert_max: Any, person: User | None, url: str) -> int:
    client = browser(person)
    client.get(url)
    with django_assert_max(60) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


def test_pages_ask_the_database_as_often_for_many_plans_as_for_few(
    council: Council, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    author = scenes.trusted(scenes.person(age_band="18-26"))
    for stage in (Stage.SUBMITTED, Stage.CHECKED, Stage.AGREED, Stage.CLOSED):
        money.application(council, stage, author=author, cents=100_00)
    chair = councils.holder(council, Office.CHAIR)
    urls = [
        (None, address("overview")),
        (chair, address("applications")),
        (chair, address("payments")),
        (chair, "/nl/jongerenraad/voor-leden/"),
        (author, reverse("account_home")),
    ]
    few = [_statements(django_assert_max_num_queries, person, url) for person, url in urls]
    for stage in (Stage.SUBMITTED, Stage.CHECKED, Stage.AGREED, Stage.CLOSED) * 3:
        money.application(council, stage, author=author, cents=100_00)
    many = [_statements(django_assert_max_num_queries, person, url) for person, url in urls]
    assert many == few


@pytest.mark.parametrize(
    ("first", "last"), [("onzin", "2020-01-01"), ("2027-03-01", ""), ("2099-01-01", "2020-01-01")]
)
def test_one_day_that_does_not_fit_the_other_one_that_was_kept_is_an_error_in_words(
    council: Council, first: str, last: str
) -> None:
    application = money.application(council, Stage.RETURNED)
    plan = {"title": "Feest", "what": "Wij vieren.", "area": application.area_id}
    sent = browser(application.author).post(
        address("plan", pk=application.pk), plan | {"starts_date": first, "ends_date": last}
    )
    assert sent.status_code == 422
    application.refresh_from_db()
    assert application.title == "Feest"
    assert application.ends_date == timezone.localdate()


def test_an_e_mail_address_that_no_column_holds_is_an_error_in_words(council: Council) -> None:
    application = money.draft(council)
    told = {"recipient": "adult", "recipient_name": "Jan", "recipient_email": "a" * 280 + "@b.test"}
    sent = browser(application.author).post(address("recipient", pk=application.pk), told)
    assert sent.status_code == 422


def test_an_applicant_is_not_sent_to_a_vote_that_only_members_see(council: Council) -> None:
    application = money.application(council, Stage.IN_DELIBERATION)
    vote = application.deliberations.get().matter.get_absolute_url()
    assert vote not in page(application.author, "application", pk=application.pk)
    assert vote in page(councils.holder(council), "application", pk=application.pk)


def test_an_office_for_one_area_reads_no_plans_of_others(council: Council) -> None:
    application = money.application(council, Stage.DECLINED)
    for area, status in ((scenes.area("elders"), 404), (application.area, 200)):
        office = scenes.granted(Role.PROGRAMME_OFFICE, area=area)
        assert browser(office).get(application.get_absolute_url()).status_code == status
