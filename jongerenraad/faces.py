"""The faces of a council: who sits where, and which seats wait for somebody."""

import datetime
from dataclasses import dataclass, field

from django.urls import reverse

from jongerenraad.models import Council, Membership, Office, Seat

COLOURS = ("home", "health", "work", "brand")
_ORDER = [Office.CHAIR, Office.SECRETARY, Office.TREASURER, Office.MEMBER]


@dataclass(frozen=True)
class Face:
    """Somebody as everybody may see them."""

    membership: Membership
    name: str
    area: str
    portrait_url: str = ""

    @property
    def initial(self) -> str:
        return self.name[:1].upper()

    @property
    def colour(self) -> str:
        """One of a few calm colours, the same for a person each time."""
        return COLOURS[self.membership.person_id % len(COLOURS)]

    @property
    def office(self) -> str:
        """The word of the office; being a member goes without saying."""
        membership = self.membership
        return "" if membership.office == Office.MEMBER else membership.get_office_display()


@dataclass(frozen=True)
class Faces:
    """Everybody in a council at a moment, and the seats on which nobody sits."""

    members: list[Face] = field(default_factory=list)
    mentors: list[Face] = field(default_factory=list)
    vacancies: list[Seat] = field(default_factory=list)


def face_of(membership: Membership, council: Council) -> Face:
    """Return somebody's face; the picture only where it may be shown."""
    url = ""
    if membership.shows_portrait:
        url = reverse("jongerenraad:portrait", args=[council.slug, membership.pk])
    area = membership.seat.area.name if membership.seat and membership.seat.area else ""
    return Face(membership, membership.shown_name, area, url)


def faces_of(council: Council, now: datetime.datetime) -> Faces:
    """Return who sits in a council, the offices first (two queries)."""
    current = (
        Membership.objects.current(now)
        .filter(term__council=council)
        .select_related("person", "seat__area", "term")
    )
    members = [one for one in current if one.votes]
    members.sort(key=_rank)
    taken = {one.seat_id for one in members}
    return Faces(
        members=[face_of(one, council) for one in members],
        mentors=[face_of(one, council) for one in current if not one.votes],
        vacancies=[seat for seat in council.seats.select_related("area") if seat.pk not in taken],
    )


def _rank(membership: Membership) -> tuple[int, int]:
    number = membership.seat.number if membership.seat else 0
    return _ORDER.index(Office(membership.office)), number
