"""Scenes of a council: its seats, its members and its money."""

import datetime

from django.utils import timezone

from accounts.models import Organisation, Role, User
from areas.models import Area
from budgets.models import ClosingDate, Fund
from contributions.deadlines import today
from jongerenraad.models import Council, Membership, Office, Seat, Term
from tests import scenes


def council(
    slug: str = "jongerenraad",
    *,
    members: int = 5,
    vacancies: int = 0,
    areas: list[Area] | None = None,
    **by_laws: int,
) -> Council:
    """Return a council with a chair, a secretary, a treasurer and further members, in this year.

    One that is there without seats gets them.
    """
    name = slug.capitalize()
    organisation, _made = Organisation.objects.get_or_create(
        name=name, defaults={"kind": "council"}
    )
    made, _made = Council.objects.get_or_create(
        slug=slug, defaults={"name": name, "organisation": organisation, **by_laws}
    )
    day = today(timezone.now())
    term = Term.objects.create(
        council=made,
        starts_date=day - datetime.timedelta(days=200),
        ends_date=day + datetime.timedelta(days=500),
    )
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    offices = [Office.CHAIR, Office.SECRETARY, Office.TREASURER]
    areas = areas or [scenes.area()]
    for number in range(1, members + vacancies + 1):
        seat = Seat.objects.create(council=made, number=number, area=areas[number % len(areas)])
        if number <= members:
            seated(
                seat,
                term=term,
                office=offices[number - 1] if number <= len(offices) else Office.MEMBER,
                by=office,
            )
    return made


def seated(
    seat: Seat | None,
    *,
    term: Term,
    office: str = Office.MEMBER,
    person: User | None = None,
    by: User | None = None,
) -> Membership:
    """Return somebody on a seat (a mentor without one)."""
    person = person or scenes.person(age_band="18-26")
    return Membership.objects.create(
        term=term,
        seat=seat,
        person=person,
        office=office,
        first_name=person.display_name.split(" ")[0] or "Lid",
        appointed_by=by or scenes.granted(Role.PROGRAMME_OFFICE),
        starts_at=timezone.now() - datetime.timedelta(days=100),
    )


def holder(of: Council, office: str = Office.CHAIR) -> User:
    """Return who holds an office (of ordinary members the first)."""
    found = Membership.objects.current(timezone.now()).filter(term__council=of, office=office)
    return found.order_by("seat__number", "pk")[0].person


def electorate(of: Council) -> list[User]:
    """Return everybody with a vote, by the number of their seat."""
    found = Membership.objects.current(timezone.now()).voting().filter(term__council=of)
    return [one.person for one in found.select_related("person").order_by("seat__number")]


def fund(of: Council, *, year: int | None = None, **by_laws: int) -> Fund:
    """Return a council's fund of this year, still empty, to which one can apply until its end."""
    year = year or today(timezone.now()).year
    end = datetime.date(year, 12, 31)
    made = Fund.objects.create(council=of, year=year, last_grant_date=end, **by_laws)
    ClosingDate.objects.create(fund=made, date=end)
    return made
