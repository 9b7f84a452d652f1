"""The pages of a council, as everybody, its members and the programme office see them."""

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Organisation, Role, User
from contributions.deadlines import today
from jongerenraad.actions import members
from jongerenraad.actions.votes import write_minority_view
from jongerenraad.kinds import GENERAL
from jongerenraad.models import Council, Matter, Membership, Office, Outcome, Seat, Term, Vote
from tests import councils, scenes
from tests.jongerenraad.voting import A_WEEK, closed, membership, opened, vote
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def council() -> Council:
    return councils.council(members=6, vacancies=1)


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def url(name: str, *args: Any) -> str:
    return reverse(f"jongerenraad:{name}", args=["jongerenraad", *args])


def named(member: Membership, name: str) -> Membership:
    member.first_name = name
    member.save()
    return member


# --- For everybody ---


def test_everybody_sees_who_sits_in_the_council_and_where_a_seat_is_free(
    client: Client, council: Council
):
    Seat.objects.filter(number=7).update(area=scenes.area("leegwijk"))
    chair = named(membership(council), "Yara")
    chair.person.display_name = "Zqdisplay"
    chair.person.save()
    mentor = councils.seated(None, term=council.terms.get(), office=Office.MENTOR)
    named(mentor, "Karim")
    page = words(client.get(url("council")))
    assert "Yara chair" in page
    assert "This seat is free Leegwijk" in page
    assert "How to reach us" in page
    assert "Mentors They help the council and have no vote. K Karim" in page
    # A first name and no more.
    assert chair.person.display_name not in page


def test_under_16_there_is_a_pseudonym_and_no_picture(client: Client, council: Council):
    young = councils.seated(
        council.seats.last(),
        term=council.terms.get(),
        person=scenes.person("Zqname", age_band="12-15"),
    )
    named(young, "Zqfirst")
    # As when somebody agreed at 16 by mistake, and told another age after.
    Membership.objects.filter(pk=young.pk).update(
        portrait="portraits/x.webp", portrait_agreed_at=timezone.now()
    )
    page = client.get(url("council")).content.decode()
    assert young.person.pseudonym in page
    assert "Zqfirst" not in page
    assert "Zqname" not in page
    assert url("portrait", young.pk) not in page
    assert client.get(url("portrait", young.pk)).status_code == 404


def test_who_left_is_gone_and_the_seat_is_free(client: Client, council: Council):
    chair = named(membership(council), "Yara")
    members.step_down(membership=chair, by=chair.person)
    page = words(client.get(url("council")))
    assert "Yara" not in page
    assert page.count("This seat is free") == 2


def test_the_day_after_the_term_nobody_sits_there(client: Client, council: Council):
    Term.objects.update(ends_date=today(timezone.now()) - datetime.timedelta(days=1))
    page = words(client.get(url("council")))
    assert page.count("This seat is free") == 7
    assert "Nobody sits in the council yet." in page


def test_a_picture_is_seen_where_the_member_agreed_until_it_is_withdrawn(
    client: Client, council: Council
):
    member = membership(council)
    own = signed_in(member.person)
    refused = own.post(url("agree_to_portrait"), {"picture": scenes.picture_file()})
    assert refused.status_code == 422
    assert not Membership.objects.exclude(portrait="").exists()
    own.post(url("agree_to_portrait"), {"picture": scenes.picture_file(), "agrees": "on"})

    assert url("portrait", member.pk) in client.get(url("council")).content.decode()
    picture = client.get(url("portrait", member.pk))
    assert picture["Content-Type"] == "image/webp"
    assert picture["Cache-Control"] == "private, no-cache"
    assert picture["X-Content-Type-Options"] == "nosniff"
    again = client.get(url("portrait", member.pk), headers={"If-None-Match": picture["ETag"]})
    assert again.status_code == 304

    own.post(url("withdraw_portrait"))
    gone = client.get(url("portrait", member.pk), headers={"If-None-Match": picture["ETag"]})
    assert gone.status_code == 404
    assert url("portrait", member.pk) not in client.get(url("council")).content.decode()


@pytest.mark.parametrize("content", [b"", b"no picture at all", b"GIF89a"])
def test_what_is_no_picture_is_refused_with_a_sentence(council: Council, content: bytes):
    from django.core.files.uploadedfile import SimpleUploadedFile

    own = signed_in(councils.holder(council))
    file = SimpleUploadedFile("me.jpg", content, content_type="image/jpeg")
    page = own.post(url("agree_to_portrait"), {"picture": file, "agrees": "on"})
    assert page.status_code == 422
    assert "not a picture that we can read" in words(page)


def test_a_second_council_has_its_own_pages_and_is_only_rows(client: Client, council: Council):
    partners = councils.council("partnerraad", members=3)
    named(membership(partners), "Omar")
    named(membership(council), "Yara")
    page = words(client.get("/en/partnerraad/"))
    assert "Partnerraad" in page
    assert "Omar" in page
    assert "Yara" not in page
    matter = opened(partners)
    assert matter.get_absolute_url() == f"/en/partnerraad/stemmingen/{matter.pk}/"
    # Not under the other one's address, nor for its members.
    chair = signed_in(councils.holder(council))
    assert chair.get(url("matter", matter.pk)).status_code == 404
    assert chair.get(matter.get_absolute_url()).status_code == 404
    assert signed_in(councils.holder(partners)).get(matter.get_absolute_url()).status_code == 200


# --- Votes ---


def test_a_member_votes_in_two_taps_from_what_waits(council: Council):
    matter = opened(council, question="Shall we buy a tent?")
    own = signed_in(councils.electorate(council)[3])
    waits = own.get(url("for_members"))
    assert "Shall we buy a tent?" in words(waits)
    assert f'href="{matter.get_absolute_url()}"' in waits.content.decode()
    page = own.get(matter.get_absolute_url())
    assert 'name="choice" value="agree"' in page.content.decode()

    voted = own.post(
        matter.get_absolute_url(), {"choice": "agree", "word": "It rains."}, follow=True
    )

    assert "Your vote counts." in voted.content.decode()
    assert "You voted: Agree" in words(voted)
    assert re.search(r"Your receipt: \w{4}-\w{4}-\w{4}", words(voted))
    assert "Votes given so far: 1 of 6. Needed: 3." in words(voted)
    assert "Nothing waits for you now. You voted on this" in words(own.get(url("for_members")))


@pytest.mark.parametrize("kind", ["general", "person"])
def test_while_a_vote_is_open_nobody_reads_how_it_goes(council: Council, kind: str):
    matter = opened(council, kind=kind)
    people = councils.electorate(council)
    vote(matter, people[:3], "disagree", word="zqword")
    for person in people[3:]:
        for address in (matter.get_absolute_url(), url("matters"), url("for_members")):
            page = words(signed_in(person).get(address))
            assert "zqword" not in page
            assert "You voted" not in page
            assert not re.search(r"disagree: \d", page.lower())


def test_an_open_vote_does_not_exist_for_others(client: Client, council: Council):
    matter = opened(council, question="Zqquestion")
    for browser in (client, signed_in(scenes.person()), signed_in(scenes.moderator())):
        assert browser.get(matter.get_absolute_url()).status_code == 404
        assert browser.post(matter.get_absolute_url(), {"choice": "agree"}).status_code == 404
        for address in (url("matters"), url("council")):
            assert "Zqquestion" not in browser.get(address).content.decode()
    assert not Vote.objects.exists()


def test_a_mentor_reads_an_open_vote_and_has_none(council: Council):
    matter = opened(council)
    mentor = councils.seated(None, term=council.terms.get(), office=Office.MENTOR)
    own = signed_in(mentor.person)
    page = own.get(matter.get_absolute_url())
    assert "You have no vote in this one" in words(page)
    assert 'name="choice"' not in page.content.decode()
    refused = own.post(matter.get_absolute_url(), {"choice": "agree"})
    assert refused.status_code == 422
    assert "so you can't vote on it." in words(refused)


def test_who_stepped_aside_reads_so_and_the_members_read_why(council: Council):
    treasurer = named(membership(council, Office.TREASURER), "Nina")
    matter = opened(council, aside={treasurer.pk: "It is my cousin's plan."})
    own = signed_in(treasurer.person)
    assert "You step aside for this" in words(own.get(matter.get_absolute_url()))
    refused = own.post(matter.get_absolute_url(), {"choice": "agree"})
    assert "You step aside for this, so you can't vote on it." in words(refused)
    page = words(signed_in(councils.holder(council)).get(matter.get_absolute_url()))
    assert "Nina : It is my cousin's plan." in page
    closed(matter)
    assert "cousin" not in words(Client().get(matter.get_absolute_url()))


def test_who_is_too_late_keeps_the_vote_that_was_given(council: Council):
    matter = opened(council, now=timezone.now() - A_WEEK, closes_at=timezone.now())
    own = signed_in(councils.holder(council))
    refused = own.post(matter.get_absolute_url(), {"choice": "agree"})
    assert refused.status_code == 422
    assert "This vote is closed." in words(refused)
    assert "The votes are being counted." in words(own.get(matter.get_absolute_url()))


def test_a_member_whose_term_ended_yesterday_reads_that_and_nothing_is_counted(council: Council):
    matter = opened(council)
    own = signed_in(councils.holder(council))
    Term.objects.update(ends_date=today(timezone.now()) - datetime.timedelta(days=1))
    page = own.post(matter.get_absolute_url(), {"choice": "agree"}, follow=True)
    assert "Your time as a member of the council is over" in page.content.decode()
    assert not Vote.objects.exists()
    assert own.get(matter.get_absolute_url()).status_code == 404
    # Nor does a form that is not whole tell more.
    assert own.post(matter.get_absolute_url(), {}, follow=True).status_code == 200


def test_nobody_votes_for_another_with_forged_fields(council: Council):
    matter = opened(council)
    chair, other = councils.electorate(council)[0], councils.electorate(council)[4]
    elector = matter.electors.get(membership__person=other)
    signed_in(chair).post(
        matter.get_absolute_url(),
        {
            "choice": "agree",
            "by": other.pk,
            "elector": elector.pk,
            "membership": elector.membership_id,
            "person": other.pk,
        },
    )
    assert Vote.objects.get().elector.membership.person == chair
    elector.refresh_from_db()
    assert not elector.has_voted


@pytest.mark.parametrize("data", [{}, {"choice": ""}, {"choice": "maybe"}, {"word": "x" * 301}])
def test_a_vote_that_is_no_vote_is_asked_again(council: Council, data: dict[str, str]):
    matter = opened(council)
    page = signed_in(councils.holder(council)).post(matter.get_absolute_url(), data)
    assert page.status_code == 422
    assert "First choose: agree, disagree or no opinion." in words(page)
    assert not Vote.objects.exists()


def test_everybody_reads_a_result_in_words_and_numbers_and_members_the_names(
    client: Client, council: Council
):
    for member in council.terms.get().memberships.all():
        named(member, f"Member{'abcdef'[member.seat.number - 1]}")
    matter = opened(council, text="About **tents**.")
    people = councils.electorate(council)
    vote(matter, people[:3], "agree", word="zqword")
    vote(matter, people[3:5], "disagree")
    matter = closed(matter)
    write_minority_view(
        matter=matter, text="Tents leak.", language="en", by=councils.holder(council)
    )
    page = words(client.get(matter.get_absolute_url()))
    assert "The council agrees: this is adopted." in page
    assert "Votes given: 5 of 6. Needed: 3." in page
    assert "Agree 3 Disagree 2 No opinion 0" in page
    assert "What the minority thinks Tents leak." in page
    assert "Member" not in page
    assert "zqword" not in page
    mentor = councils.seated(None, term=council.terms.get(), office=Office.MENTOR)
    for person in (people[5], mentor.person):
        shown = words(signed_in(person).get(matter.get_absolute_url()))
        assert "Membera : zqword" in shown
        assert "Memberd" in shown


def test_of_a_secret_vote_members_read_the_words_without_names(client: Client, council: Council):
    for member in council.terms.get().memberships.all():
        named(member, "Zqmember")
    matter = opened(council, kind="person")
    people = councils.electorate(council)
    vote(matter, people[:3], "agree", word="zqword")
    matter = closed(matter)
    page = words(signed_in(people[0]).get(matter.get_absolute_url()))
    assert "Agree: zqword" in page
    assert "Zqmember" not in page
    assert "You voted" not in page
    assert "Your receipt" in page
    assert "zqword" not in words(client.get(matter.get_absolute_url()))


# --- Opening ---


def form_of(**changes: str) -> dict[str, str]:
    day = timezone.localdate() + datetime.timedelta(days=3)
    return {
        "question": "Shall we buy a tent?",
        "text": "It costs €200.",
        "kind": "general",
        "closes_date": str(day),
        "closes_time": "20:30",
        "language": "",
        **changes,
    }


def test_the_chair_opens_a_vote_that_closes_on_the_clocks_of_amsterdam(council: Council):
    treasurer = membership(council, Office.TREASURER)
    own = signed_in(councils.holder(council))
    own.post(url("open_vote"), form_of(**{f"aside_{treasurer.pk}": "My uncle sells it."}))
    matter = Matter.objects.get()
    at = timezone.localtime(matter.closes_at)
    assert (at.hour, at.minute) == (20, 30)
    assert matter.electorate == 5
    assert not matter.is_secret
    assert "20:30" in words(own.get(matter.get_absolute_url()))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"question": ""}, "Please fill this in."),
        ({"question": "x" * 151}, "150"),
        ({"kind": "nothing"}, "Select a valid choice."),
        ({"kind": ""}, "Choose one of these."),
        ({"closes_date": "2020-01-01"}, "Choose a closing time in the future"),
        ({"closes_date": "0001-01-01"}, "Look at the year of this date."),
        ({"closes_date": "9999-12-31"}, "Look at the year of this date."),
        ({"closes_date": "2098-12-31"}, "at most 60 days from now"),
        ({"closes_date": "tomorrow"}, "Enter a valid date."),
        ({"closes_time": "25:00"}, "Enter a valid time."),
    ],
)
def test_a_vote_that_cannot_be_opened_is_told_so(
    council: Council, changes: dict[str, str], sentence: str
):
    page = signed_in(councils.holder(council)).post(url("open_vote"), form_of(**changes))
    assert page.status_code == 422
    assert sentence in words(page)
    assert not Matter.objects.exists()


def test_the_secretary_reads_that_the_chair_opens(council: Council):
    own = signed_in(councils.holder(council, Office.SECRETARY))
    assert own.get(url("open_vote")).status_code == 200
    page = own.post(url("open_vote"), form_of())
    assert "The chair opens a vote." in words(page)
    own.post(url("open_vote"), form_of(**{f"aside_{membership(council).pk}": "Own plan."}))
    assert Matter.objects.count() == 1


def test_somebody_elses_membership_in_the_form_is_not_looked_at(council: Council):
    other = councils.council("partnerraad", members=1).terms.get().memberships.get()
    signed_in(councils.holder(council)).post(
        url("open_vote"), form_of(**{f"aside_{other.pk}": "Forged."})
    )
    assert Matter.objects.get().electorate == 6


def test_the_chair_opens_a_second_vote_from_the_page_of_the_first(council: Council):
    first = closed(
        opened(council, now=timezone.now() - A_WEEK, closes_at=timezone.now() - A_WEEK / 7)
    )
    own = signed_in(councils.holder(council))
    address = url("second_vote", first.pk)
    assert address in own.get(first.get_absolute_url()).content.decode()
    own.post(address, form_of(question="Something else"))
    second = Matter.objects.get(second_of=first)
    assert (second.question, second.quorum) == (first.question, 2)
    assert "There is a second vote about this." in words(own.get(first.get_absolute_url()))
    # Not for everybody before it is closed.
    assert "second vote" not in words(Client().get(first.get_absolute_url()))


def test_a_minority_view_is_written_on_its_page_and_cleaned(council: Council):
    matter = closed(opened(council), agree=4, disagree=1)
    own = signed_in(councils.holder(council, Office.SECRETARY))
    own.post(url("minority_view", matter.pk), {"text": "<script>x</script> \u202eNo."})
    page = Client().get(matter.get_absolute_url()).content.decode()
    assert "&lt;script&gt;x&lt;/script&gt; No." in page


# --- One's own seat ---


def test_a_member_changes_the_own_first_name_and_bad_names_are_refused(council: Council):
    own = signed_in(councils.holder(council))
    for name in ("", "12345", "www.me.nl", "Wethouder Jan", "x" * 41, "a@b.nl"):
        assert own.post(url("my_seat"), {"first_name": name}).status_code == 422
    own.post(url("my_seat"), {"first_name": "  No\u202eor "})
    assert membership(council).first_name == "Noor"


def test_a_member_leaves_after_being_asked_once_more(council: Council):
    person = councils.holder(council)
    own = signed_in(person)
    assert "You can't undo this yourself." in words(own.get(url("step_down")))
    page = own.post(url("step_down"), follow=True)
    assert "Thank you for all you did!" in page.content.decode()
    assert person not in councils.electorate(council)
    assert own.get(url("my_seat")).status_code == 404


# --- The programme office ---


@pytest.fixture
def office() -> Client:
    return signed_in(scenes.granted(Role.PROGRAMME_OFFICE))


def appointment(council: Council, **changes: Any) -> dict[str, Any]:
    return {
        "email": "",
        "first_name": "Ilse",
        "office": "member",
        "seat": council.seats.last().pk,
        "term": council.terms.get().pk,
        **changes,
    }


def test_the_office_appoints_somebody_by_the_address_of_an_account(
    office: Client, council: Council
):
    person = scenes.person()
    page = office.post(
        url("appoint"), appointment(council, email=person.email.upper()), follow=True
    )
    assert "Ilse is appointed." in page.content.decode()
    assert person in councils.electorate(council)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "nobody@buurten.example"}, "Nobody with this address has an account."),
        ({"email": "no address"}, "Enter a valid email address."),
        ({"seat": ""}, "A member has a seat of this council"),
        ({"office": "mentor"}, "A member has a seat of this council"),
        ({"office": "queen"}, "Select a valid choice."),
        ({"seat": "1000000"}, "Select a valid choice."),
        ({"office": "chair"}, "Somebody holds this office already."),
        ({"first_name": "Burgemeester"}, "sounds like an office"),
        ({"term": "1000000"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_appointed_changes_nothing(
    office: Client, council: Council, changes: dict[str, Any], sentence: str
):
    before = Membership.objects.count()
    person = scenes.person()
    page = office.post(url("appoint"), appointment(council, **{"email": person.email, **changes}))
    assert page.status_code == 422
    assert sentence in words(page)
    assert Membership.objects.count() == before


def test_a_seat_of_another_council_cannot_be_given_here(office: Client, council: Council):
    other = councils.council("partnerraad", members=1, vacancies=1)
    data = appointment(council, email=scenes.person().email, seat=other.seats.last().pk)
    assert office.post(url("appoint"), data).status_code == 422


def test_the_office_changes_an_office_and_ends_a_membership(office: Client, council: Council):
    chair = membership(council)
    page = office.post(url("membership", chair.pk), {"office": "treasurer"})
    assert "Somebody holds this office already." in words(page)
    office.post(url("membership", chair.pk), {"office": "member"})
    now = Membership.objects.get(person=chair.person, ends_at=None)
    assert now.office == Office.MEMBER
    assert office.post(url("end_membership", now.pk), {"reason": ""}).status_code == 422
    office.post(url("end_membership", now.pk), {"reason": "Moved."})
    assert chair.person not in councils.electorate(council)


# --- The admin ---


def admin_form(**changes: Any) -> dict[str, Any]:
    return {
        "name_nl": "Partnerraad",
        "slug": "partnerraad",
        "writes_as": "Partnerraad",
        "quorum_percent": 50,
        "second_quorum_percent": 25,
        "second_vote_days": 30,
        **changes,
    }


def test_the_office_adds_a_second_council_in_the_admin(office: Client):
    office.post("/nl/beheer/jongerenraad/council/add/", admin_form())
    made = Council.objects.get()
    assert made.organisation == Organisation.objects.get(name="Partnerraad", kind="council")
    assert Client().get("/nl/partnerraad/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quorum_percent": 0}, "quorum_percent"),
        ({"quorum_percent": 101}, "quorum_percent"),
        ({"quorum_percent": -1}, "quorum_percent"),
        ({"second_quorum_percent": 0}, "second_quorum_percent"),
        ({"second_quorum_percent": 101}, "second_quorum_percent"),
        ({"second_vote_days": 0}, "second_vote_days"),
        ({"slug": "initiatieven"}, "slug"),
        ({"slug": "over"}, "slug"),
        ({"slug": "beheer"}, "slug"),
        ({"slug": "jongerenraad"}, "slug"),
        ({"writes_as": "Jongerenraad"}, "writes_as"),
        ({"writes_as": ""}, "writes_as"),
    ],
)
def test_the_admin_refuses_by_laws_that_cannot_be(
    office: Client, council: Council, changes: dict[str, Any], field: str
):
    page = office.post("/nl/beheer/jongerenraad/council/add/", admin_form(**changes))
    assert page.status_code == 200
    assert field in page.context["adminform"].form.errors
    assert Council.objects.count() == 1


def test_the_admin_refuses_terms_beside_each_other(office: Client, council: Council):
    term = council.terms.get()
    address = "/nl/beheer/jongerenraad/term/add/"

    def form(first: int, last: int) -> dict[str, Any]:
        return {
            "council": council.pk,
            "starts_date": str(term.ends_date + datetime.timedelta(days=first)),
            "ends_date": str(term.ends_date + datetime.timedelta(days=last)),
        }

    for first, last in ((0, 300), (-900, 300), (-100, -50), (10, 5), (10, 10)):
        page = office.post(address, form(first, last))
        assert page.context["adminform"].form.errors, (first, last)
    office.post(address, form(1, 300))
    assert council.terms.count() == 2


# --- What a page costs ---


def many_closed(council: Council, number: int) -> None:
    """Make closed votes with their electors, as ten years of them would be."""
    now = timezone.now()
    chair = councils.holder(council)
    made = Matter.objects.bulk_create(
        Matter(
            council=council,
            kind=GENERAL.name,
            is_secret=False,
            question=f"Question {one}",
            opened_by=chair,
            opened_at=now - datetime.timedelta(days=one + 2),
            closes_at=now - datetime.timedelta(days=one + 1),
            electorate=6,
            quorum=3,
        )
        for one in range(number)
    )
    from jongerenraad.models import Elector

    people = list(council.terms.get().memberships.voting())
    electors = Elector.objects.bulk_create(
        Elector(matter=matter, membership=one, has_voted=True, receipt="x")
        for matter in made
        for one in people
    )
    Vote.objects.bulk_create(Vote(elector=elector, choice="agree") for elector in electors)
    for matter in made:
        matter.agree, matter.disagree, matter.abstain = 6, 0, 0
        matter.outcome, matter.closed_at = Outcome.ADOPTED, matter.closes_at
    Matter.objects.bulk_update(made, ["agree", "disagree", "abstain", "outcome", "closed_at"])


def test_pages_ask_the_same_number_of_questions_at_3_and_at_300_votes():
    counted: dict[int, dict[str, int]] = {}
    for number in (3, 300):
        with translation.override("en"):
            slug = f"raad{number}"
            council = councils.council(slug, members=6)
            many_closed(council, number)
            matter = opened(council)
            closed_one = Matter.objects.closed().filter(council=council).first()
            browsers = {"visitor": Client(), "chair": signed_in(councils.holder(council))}
            pages = {
                "council": f"/en/{slug}/",
                "matters": f"/en/{slug}/stemmingen/",
                "result": closed_one.get_absolute_url(),
                "open": matter.get_absolute_url(),
                "for members": f"/en/{slug}/voor-leden/",
            }
            counted[number] = {}
            for who, browser in browsers.items():
                for name, address in pages.items():
                    if who == "visitor" and name in ("open", "for members"):
                        continue
                    with CaptureQueriesContext(connection) as asked:
                        assert browser.get(address).status_code == 200, address
                    counted[number][f"{name} for {who}"] = len(asked)
    assert counted[3] == counted[300]
    assert max(counted[300].values()) <= 15, counted


def test_the_list_of_votes_goes_on_by_key_and_names_each_once(client: Client):
    council = councils.council(members=6)
    many_closed(council, 45)
    seen: list[str] = []
    address = url("matters")
    for _page in range(3):
        page = client.get(address).content.decode()
        seen += re.findall(r">Question (\d+)<", page)
        following = re.search(r'href="(\?after=[^"]+)"', page)
        address = url("matters") + (following[1] if following else "")
    assert [int(one) for one in seen] == list(range(45))
    assert not following


@pytest.mark.parametrize("after", ["x", "0.0", "1", "-1.1", "9" * 18 + ".1", "1.1.1"])
def test_a_page_of_the_list_that_cannot_be_is_the_first_with_a_sentence(
    client: Client, council: Council, after: str
):
    closed(opened(council))
    page = client.get(url("matters"), {"after": after})
    assert page.status_code == 400
    assert "You see the first one." in words(page)
