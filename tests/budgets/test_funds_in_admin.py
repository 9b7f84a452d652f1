"""The by-laws of a fund, as the programme office sets them in the admin."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Role
from budgets.models import Fund
from tests import councils, scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(scenes.granted(Role.PROGRAMME_OFFICE))
    return client


def form(council: Any, dates: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    filled = {
        "council": council.pk,
        "year": 2027,
        "largest_grant": "2.500,00",
        "fast_lane_limit": "€ 250",
        "two_approvals_above": "1000",
        "share_per_area_percent": 25,
        "report_days": 30,
        "last_grant_date": "2027-12-15",
        "closing_dates-TOTAL_FORMS": len(dates),
        "closing_dates-INITIAL_FORMS": 0,
    }
    for number, date in enumerate(dates):
        filled[f"closing_dates-{number}-date"] = date
    return filled | changes


def add(client: Client, filled: dict[str, Any]) -> Any:
    return client.post("/en/beheer/budgets/fund/add/", filled)


def errors(response: Any) -> list[str]:
    assert response.status_code == 200
    assert not Fund.objects.exists()
    with translation.override("en"):
        return [str(line) for lines in response.context["errors"] for line in lines]


def test_the_office_sets_up_a_fund_in_euros(office: Client) -> None:
    council = councils.council(members=3)
    response = add(office, form(council, ("2027-03-31", "2027-09-30")))
    assert response.status_code == 302
    fund = Fund.objects.get()
    assert (fund.largest_grant, fund.fast_lane_limit, fund.two_approvals_above) == (
        2_500_00,
        250_00,
        1_000_00,
    )
    assert fund.next_closing_date(datetime.date(2027, 4, 1)) == datetime.date(2027, 9, 30)


def test_a_fund_is_shown_in_euros_and_stays_of_its_council_and_year(office: Client) -> None:
    council = councils.council(members=3)
    fund = councils.fund(council, year=2027)
    address = f"/en/beheer/budgets/fund/{fund.pk}/change/"
    body = office.get(address).content.decode()
    assert 'value="2500.00"' in body
    other = councils.council("partnerraad", members=3)
    changed = form(other, year=2030, fast_lane_limit="0", last_grant_date="2027-11-01")
    changed |= {
        "closing_dates-TOTAL_FORMS": 1,
        "closing_dates-INITIAL_FORMS": 1,
        "closing_dates-0-id": fund.closing_dates.get().pk,
        "closing_dates-0-fund": fund.pk,
        "closing_dates-0-date": "2027-10-01",
    }
    assert office.post(address, changed).status_code == 302
    fund.refresh_from_db()
    assert (fund.council, fund.year, fund.fast_lane_limit) == (council, 2027, 0)
    assert fund.closing_dates.get().date == datetime.date(2027, 10, 1)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"largest_grant": "1.250"}, "Write thousands without"),
        ({"largest_grant": "0"}, "Fill in an amount of more than zero."),
        ({"largest_grant": ""}, "Fill in an amount."),
        ({"largest_grant": "1e9"}, "Write an amount in digits"),
        ({"largest_grant": "123456789012"}, "at most."),
        ({"fast_lane_limit": "-1"}, "never below zero"),
        ({"fast_lane_limit": "2500,01"}, "more than the largest grant"),
        ({"share_per_area_percent": "0"}, "greater than or equal to 1"),
        ({"share_per_area_percent": "101"}, "less than or equal to 100"),
        ({"report_days": "0"}, "greater than or equal to 1"),
        ({"year": "1999", "last_grant_date": "1999-12-15"}, "greater than or equal to 2026"),
        ({"last_grant_date": "2028-01-01"}, "in the year of the fund"),
        ({"last_grant_date": "2027-02-30"}, "valid date"),
    ],
)
def test_by_laws_that_make_no_sense_are_refused_in_a_sentence(
    office: Client, changes: dict[str, str], why: str
) -> None:
    found = errors(add(office, form(councils.council(members=3), **changes)))
    assert len(found) == 1
    assert why in found[0]


@pytest.mark.parametrize(
    ("dates", "why"),
    [
        (("2026-03-31",), "in the year of the fund"),
        (("2027-12-31",), "money can still be given"),
        (("2027-03-31", "2027-03-31"), "duplicate"),
    ],
)
def test_a_closing_date_lies_in_the_year_before_the_last_grant(
    office: Client, dates: tuple[str, ...], why: str
) -> None:
    found = errors(add(office, form(councils.council(members=3), dates)))
    assert any(why in line for line in found)


def test_a_council_has_one_fund_in_a_year(office: Client) -> None:
    council = councils.council(members=3)
    councils.fund(council, year=2027)
    response = add(office, form(council))
    assert response.status_code == 200
    assert Fund.objects.count() == 1
