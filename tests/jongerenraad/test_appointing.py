"""Who sits in a council, by whom, and every appointment that is refused."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Role
from accounts.organisations import written_for_by
from contributions.actions import NotAllowed, Refused
from contributions.deadlines import today
from contributions.pictures import encode
from jongerenraad.actions import members, portraits
from jongerenraad.models import Council, Membership, Office, Seat, Term
from jongerenraad.tasks import forget_portraits
from tests import councils, scenes
from tests.jongerenraad.voting import membership

pytestmark = pytest.mark.django_db


def appointed(of: Council, **changes: Any) -> Membership:
    told = {
        "term": of.terms.latest("starts_date"),
        "seat": of.seats.last(),
        "person": scenes.person(age_band="18-26"),
        "office": Office.MEMBER,
        "first_name": "Ilse",
        "by": scenes.granted(Role.PROGRAMME_OFFICE),
        **changes,
    }
    return members.appoint(**told)


@pytest.fixture
def council() -> Council:
    return councils.council(members=4, vacancies=1)


@pytest.fixture
def office() -> Any:
    return scenes.granted(Role.PROGRAMME_OFFICE)


def test_the_programme_office_gives_somebody_a_seat(council: Council, office: Any):
    person = scenes.person()
    made = appointed(council, person=person, by=office)
    assert made.is_current(timezone.now())
    assert (made.person, made.appointed_by, made.seat) == (person, office, council.seats.last())


def test_a_mentor_has_no_seat_and_no_vote(council: Council):
    made = appointed(council, seat=None, office=Office.MENTOR)
    assert not made.votes
    assert made.person not in councils.electorate(council)


def test_only_the_programme_office_of_everything_appoints(council: Council):
    for by in (
        scenes.person(),
        councils.holder(council),
        scenes.granted(Role.ADMINISTRATOR),
        scenes.granted(Role.PROGRAMME_OFFICE, area=scenes.area()),
        scenes.granted(
            Role.PROGRAMME_OFFICE, ends_at=timezone.now() - datetime.timedelta(minutes=1)
        ),
    ):
        with pytest.raises(NotAllowed):
            appointed(council, by=by)


def test_nobody_appoints_themselves(council: Council, office: Any):
    with pytest.raises(members.NotOneself):
        appointed(council, person=office, by=office)
    with pytest.raises(IntegrityError), transaction.atomic():
        councils.seated(council.seats.last(), term=council.terms.get(), person=office, by=office)


def test_who_sits_in_the_council_changes_no_office_of_their_own(council: Council):
    chair = scenes.granted(Role.PROGRAMME_OFFICE, user=councils.holder(council))
    with pytest.raises(members.NotOneself):
        members.change_office(membership=membership(council), office=Office.TREASURER, by=chair)


def refusals(council: Council) -> dict[type[Refused], dict[str, Any]]:
    elsewhere = councils.council("partnerraad", members=1)
    closed = scenes.person()
    closed.is_active = False
    closed.save()
    day = today(timezone.now())
    last_term = Term.objects.create(
        council=council,
        starts_date=day - datetime.timedelta(days=800),
        ends_date=day - datetime.timedelta(days=201),
    )
    return {
        members.SeatTaken: {"seat": council.seats.first()},
        members.SitsAlready: {"person": councils.holder(council)},
        members.OfficeHeld: {"office": Office.CHAIR},
        members.SeatMissing: {"seat": None},
        members.AccountClosed: {"person": closed},
        members.TermIsOver: {"term": last_term},
        members.NameMissing: {"first_name": ""},
        Refused: {"seat": elsewhere.seats.first()},
    }


def test_each_appointment_that_cannot_be_is_refused_with_its_own_sentence(council: Council):
    before = Membership.objects.count() + 1
    for refused, changes in refusals(council).items():
        with pytest.raises(refused) as raised:
            appointed(council, **{"term": council.terms.latest("starts_date"), **changes})
        assert str(raised.value)
    for changes in ({"office": Office.MENTOR}, {"office": "queen"}):
        with pytest.raises(members.SeatMissing):
            appointed(council, term=council.terms.latest("starts_date"), **changes)
    assert Membership.objects.count() == before


def test_another_office_is_another_row_on_the_same_seat(council: Council, office: Any):
    before = Membership.objects.get(seat__number=4)
    with pytest.raises(members.OfficeHeld):
        members.change_office(membership=before, office=Office.CHAIR, by=office)
    members.change_office(membership=membership(council), office=Office.MEMBER, by=office)

    after = members.change_office(membership=before, office=Office.CHAIR, by=office)

    before.refresh_from_db()
    assert before.office == Office.MEMBER
    assert before.ends_at == after.starts_at
    assert after.seat == before.seat
    assert councils.holder(council) == before.person
    assert len(councils.electorate(council)) == 4


def test_a_mentor_and_a_member_do_not_become_each_other_on_the_way(council: Council, office: Any):
    mentor = appointed(council, seat=None, office=Office.MENTOR)
    with pytest.raises(members.MentorsHaveNoOffice):
        members.change_office(membership=mentor, office=Office.MEMBER, by=office)
    with pytest.raises(members.MentorsHaveNoOffice):
        members.change_office(membership=membership(council), office=Office.MENTOR, by=office)


def test_a_member_steps_down_without_a_reason_and_the_office_gives_one(
    council: Council, office: Any
):
    chair, secretary = membership(council), membership(council, Office.SECRETARY)
    members.step_down(membership=chair, by=chair.person)
    with pytest.raises(members.ReasonMissing):
        members.step_down(membership=secretary, by=office)
    members.step_down(membership=secretary, by=office, reason="Moved to Utrecht.")
    with pytest.raises(members.EndedAlready):
        members.step_down(membership=secretary, by=office, reason="Again.")
    with pytest.raises(NotAllowed):
        members.step_down(membership=membership(council, Office.TREASURER), by=chair.person)
    assert len(councils.electorate(council)) == 2


def test_a_seat_that_was_left_can_be_given_again(council: Council, office: Any):
    chair = membership(council)
    members.step_down(membership=chair, by=chair.person)
    again = appointed(council, seat=chair.seat, person=chair.person, office=Office.CHAIR)
    assert again.seat == chair.seat


def test_a_member_chooses_the_own_first_name_and_nobody_elses(council: Council):
    chair = membership(council)
    members.change_first_name(membership=chair, by=chair.person, first_name="Noor")
    chair.refresh_from_db()
    assert chair.shown_name == "Noor"
    with pytest.raises(NotAllowed):
        members.change_first_name(
            membership=chair, by=membership(council, Office.SECRETARY).person, first_name="Nep"
        )


def test_chair_and_secretary_write_in_the_councils_name_as_long_as_they_are(council: Council):
    now = timezone.now()
    for office in (Office.CHAIR, Office.SECRETARY):
        assert written_for_by(councils.holder(council, office), now) == [council.organisation]
    for office in (Office.TREASURER, Office.MEMBER):
        assert written_for_by(councils.holder(council, office), now) == []
    chair = membership(council)
    members.step_down(membership=chair, by=chair.person)
    assert written_for_by(chair.person, timezone.now()) == []


# --- Portraits ---


def portrait(of: Membership, *, size: tuple[int, int] = (900, 1400)) -> Membership:
    encoded = encode(scenes.picture_file(size=size), largest_side=portraits.LARGEST_SIDE)
    return portraits.agree_to_portrait(membership=of, by=of.person, encoded=encoded)


@pytest.mark.django_db(transaction=True)
def test_a_portrait_is_one_small_file_that_goes_when_it_is_withdrawn_or_the_membership_ends(
    council: Council, office: Any, own_files: Any
):
    from PIL import Image

    member = portrait(membership(council))
    files = list(own_files.rglob("*.webp"))
    assert len(files) == 1
    with Image.open(files[0]) as image:
        assert max(image.size) == 640

    # Another one replaces it; another office takes it along.
    member = portrait(member)
    assert len(list(own_files.rglob("*.webp"))) == 1
    key = member.portrait_key
    member = members.change_office(membership=member, office=Office.MEMBER, by=office)
    assert member.portrait_key == key
    assert member.shows_portrait

    portraits.withdraw_portrait(membership=member, by=member.person)
    assert not list(own_files.rglob("*.webp"))
    member.refresh_from_db()
    assert not member.shows_portrait
    assert member.portrait_agreed_at is None

    portrait(member)
    members.step_down(membership=member, by=member.person)
    assert not list(own_files.rglob("*.webp"))


def test_under_16_there_is_never_a_portrait(council: Council):
    young = councils.seated(
        council.seats.last(), term=council.terms.get(), person=scenes.person(age_band="12-15")
    )
    with pytest.raises(portraits.Under16):
        portrait(young)
    assert young.shown_name == young.person.pseudonym


@pytest.mark.django_db(transaction=True)
def test_at_night_the_pictures_go_of_terms_that_are_over_and_of_who_is_under_16(
    council: Council, own_files: Any
):
    for office in (Office.CHAIR, Office.SECRETARY):
        portrait(membership(council, office))
    assert forget_portraits() == 0
    chair = councils.holder(council)
    chair.age_band = "12-15"
    chair.save()
    assert not membership(council).shows_portrait
    assert forget_portraits() == 1
    Term.objects.update(ends_date=today(timezone.now()) - datetime.timedelta(days=1))
    assert forget_portraits() == 1
    assert not list(own_files.rglob("*.webp"))


def test_others_neither_give_nor_take_a_portrait(council: Council, office: Any):
    chair, other = membership(council), councils.holder(council, Office.MEMBER)
    encoded = encode(scenes.picture_file())
    for stranger in (other, office):
        with pytest.raises(NotAllowed):
            portraits.agree_to_portrait(membership=chair, by=stranger, encoded=encoded)
    with pytest.raises(NotAllowed):
        portraits.withdraw_portrait(membership=chair, by=other)
    # What must not stand there, the office takes away.
    portrait(chair)
    portraits.withdraw_portrait(membership=chair, by=office)
    chair.refresh_from_db()
    assert not chair.portrait


# --- A council is data ---


def test_another_council_is_another_row_and_nothing_else(council: Council):
    partners = Council.objects.create(
        slug="partnerraad",
        name="Partnerraad",
        organisation=council.organisation.__class__.objects.create(
            name="Partnerraad", kind="council"
        ),
    )
    day = today(timezone.now())
    term = Term.objects.create(
        council=partners, starts_date=day, ends_date=day + datetime.timedelta(days=300)
    )
    seat = Seat.objects.create(council=partners, number=1)
    made = appointed(partners, term=term, seat=seat, office=Office.CHAIR)
    # Somebody can sit in both.
    second = Seat.objects.create(council=partners, number=2)
    both = appointed(partners, term=term, seat=second, person=councils.holder(council))
    assert councils.electorate(partners) == [made.person, both.person]
