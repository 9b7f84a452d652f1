"""Doing an initiative together: who is asked, who answers, and what others learn of it."""

import datetime
import re
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, OrganisationGrant, Role, User
from contributions.actions import NotAllowed
from contributions.models import Status
from contributions.review import can_review
from ideas import actions, mails
from ideas.actions.inviting import INVITATIONS_A_DAY
from ideas.models import CoInitiator, Initiative, Invitation
from ideas.models.together import MAX_TOGETHER
from ideas.permissions import can_answer, is_initiator
from tests import scenes
from tests.races import CALLERS, at_once

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def page(initiative: Initiative, view: str = "together", *more: int) -> str:
    return reverse(f"ideas:{view}", args=[initiative.pk, initiative.address_slug, *more])


def link(invitation: Invitation) -> str:
    return reverse("together:invitation", args=[invitation.token])


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


#: What differs from page to page: the form's token, and the address that a page repeats.
TOKEN = re.compile(r'value="\w{64}"|/uitnodiging/[^"/]*/')
YES, NO = {"answer": "yes"}, {"answer": "no"}


def test_a_neighbour_is_invited_says_yes_and_stands_beside_the_author(client: Client):
    initiative = scenes.initiative(author=scenes.person("Anna"))
    neighbour = scenes.person("Bilal")

    sent = signed_in(initiative.author).post(page(initiative), {"email": neighbour.email.upper()})
    invitation = Invitation.objects.get()
    asked = signed_in(neighbour).get(link(invitation))
    answered = signed_in(neighbour).post(link(invitation), YES)

    assert sent.status_code == 302
    assert asked.status_code == 200
    assert answered["Location"] == initiative.get_absolute_url()
    shown = client.get(initiative.get_absolute_url()).content.decode()
    assert "Together with" in shown
    assert "Bilal" in shown
    assert is_initiator(neighbour, initiative)


def test_looking_at_an_invitation_answers_nothing():
    """Mail scanners open every link."""
    initiative = scenes.initiative()
    neighbour = scenes.person()
    invitation = scenes.invited(initiative, neighbour.email)

    for method in ("get", "head"):
        getattr(signed_in(neighbour), method)(f"{link(invitation)}?answer=yes")

    assert not CoInitiator.objects.exists()
    assert Invitation.objects.get().outcome == ""


def test_who_says_no_is_not_kept_and_the_author_reads_only_that_somebody_did():
    initiative = scenes.initiative()
    neighbour = scenes.person("Bilal")
    invitation = scenes.invited(initiative, neighbour.email)

    signed_in(neighbour).post(link(invitation), NO)

    invitation.refresh_from_db()
    assert (invitation.outcome, invitation.email) == ("declined", "")
    assert invitation.answered_by is None
    shown = signed_in(initiative.author).get(page(initiative)).content.decode()
    assert "Somebody you invited said no." in shown
    assert neighbour.email not in shown
    assert "Bilal" not in shown


def test_the_address_is_forgotten_with_the_answer():
    initiative = scenes.initiative()
    neighbour = scenes.joined(initiative)

    invitation = Invitation.objects.get()
    assert (invitation.outcome, invitation.email) == ("accepted", "")
    assert invitation.answered_by == neighbour


@pytest.mark.parametrize("answer", [YES, NO], ids=["yes", "no"])
def test_an_invitation_is_of_no_use_to_anybody_else(answer: dict[str, str]):
    initiative = scenes.initiative()
    invitation = scenes.invited(initiative, "buur@voorbeeld.test")
    stranger = signed_in(scenes.person())

    looked = stranger.get(link(invitation))
    tried = stranger.post(link(invitation), answer)

    assert (looked.status_code, tried.status_code) == (404, 404)
    for response in (looked, tried):
        text = response.content.decode()
        assert "This invitation can't be used" in text
        assert "buur@voorbeeld.test" not in text
        assert initiative.title not in text
    assert Invitation.objects.get().outcome == ""
    assert not CoInitiator.objects.exists()


def test_a_link_that_was_made_up_is_answered_like_one_for_somebody_else():
    initiative = scenes.initiative()
    invitation = scenes.invited(initiative, "buur@voorbeeld.test")
    stranger = signed_in(scenes.person())

    def body(address: str) -> str:
        response = stranger.get(address)
        assert response.status_code == 404
        return response.content.decode().replace(address, "")

    of_another = body(link(invitation))
    for made_up in (
        invitation.key,
        f"{invitation.key}.",
        f"{invitation.key}.AAAA",
        "x" * 3000,
        "%00",
        "a.b.c",
    ):
        address = f"/en/uitnodiging/{made_up}/"
        shown = stranger.get(address)
        assert shown.status_code == 404
        assert "used" in shown.content.decode()
    assert TOKEN.sub("", of_another) == TOKEN.sub("", body("/en/uitnodiging/x.y/"))


def test_who_is_not_signed_in_does_that_first(client: Client):
    invitation = scenes.invited(scenes.initiative())

    response = client.post(link(invitation), YES)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_an_invitation_ends_with_the_fourteenth_day_after_it_was_sent():
    initiative = scenes.initiative()
    neighbour = scenes.person()
    sent = timezone.now()
    invitation = scenes.invited(initiative, neighbour.email, now=sent)
    last_moment = datetime.datetime.combine(
        timezone.localdate(sent) + datetime.timedelta(days=14),
        datetime.time(23, 59),
        timezone.get_default_timezone(),
    )

    with pytest.raises(actions.InvitationGone):
        actions.accept_invitation(
            token=invitation.token, by=neighbour, now=last_moment + datetime.timedelta(minutes=2)
        )
    actions.accept_invitation(token=invitation.token, by=neighbour, now=last_moment)

    assert CoInitiator.objects.get().user == neighbour


def test_an_invitation_that_is_over_stays_so_whatever_way_somebody_signs_in(client: Client):
    """A forgotten password or a fresh code prove an address, and nothing about a date."""
    initiative = scenes.initiative()
    neighbour = scenes.person(password="vier losse woorden samen")
    invitation = scenes.invited(initiative, neighbour.email)
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))

    entered = client.post(
        f"{reverse('account_login_password')}?next={link(invitation)}",
        {
            "email": neighbour.email,
            "password": "vier losse woorden samen",
            "next": link(invitation),
        },
    )
    User.objects.filter(pk=neighbour.pk).update(password=make_password("another one by mail"))
    again = signed_in(User.objects.get(pk=neighbour.pk)).post(link(invitation), YES)

    assert entered["Location"] == link(invitation)
    assert client.post(link(invitation), YES).status_code in (302, 404)  # signed out by it
    assert again.status_code == 404
    assert not CoInitiator.objects.exists()


def test_an_address_that_was_not_confirmed_answers_nothing():
    initiative = scenes.initiative()
    neighbour = scenes.person()
    invitation = scenes.invited(initiative, neighbour.email)
    neighbour.emailaddress_set.update(verified=False)

    assert signed_in(neighbour).post(link(invitation), YES).status_code == 404
    assert not CoInitiator.objects.exists()


def test_saying_yes_twice_is_no_error_and_counts_once():
    initiative = scenes.initiative()
    neighbour = scenes.person()
    invitation = scenes.invited(initiative, neighbour.email)
    browser = signed_in(neighbour)

    first = browser.post(link(invitation), YES)
    second = browser.post(link(invitation), YES)

    assert first["Location"] == second["Location"] == initiative.get_absolute_url()
    assert CoInitiator.objects.count() == 1


def test_who_stepped_down_does_not_come_back_by_the_old_link():
    initiative = scenes.initiative()
    neighbour = scenes.person()
    invitation = scenes.invited(initiative, neighbour.email)
    browser = signed_in(neighbour)
    browser.post(link(invitation), YES)
    joined = CoInitiator.objects.get()

    left = browser.post(page(initiative, "end_co_initiator", joined.pk))
    browser.post(link(invitation), YES)

    assert left.status_code == 302
    assert not CoInitiator.objects.exists()
    assert not is_initiator(neighbour, initiative)


def test_the_author_ends_it_and_nobody_else_does():
    initiative = scenes.initiative()
    scenes.joined(initiative)
    other = scenes.joined(initiative)
    first = CoInitiator.objects.order_by("pk").first()

    by_another = signed_in(other).post(page(initiative, "end_co_initiator", first.pk))
    by_stranger = signed_in(scenes.person()).post(page(initiative, "end_co_initiator", first.pk))
    by_author = signed_in(initiative.author).post(page(initiative, "end_co_initiator", first.pk))

    assert (by_another.status_code, by_stranger.status_code) == (404, 404)
    assert by_author.status_code == 302
    assert CoInitiator.objects.get().user == other


def test_one_of_another_idea_is_not_ended_by_its_author():
    mine, another = scenes.initiative(), scenes.initiative()
    scenes.joined(another)
    joined = CoInitiator.objects.get()

    response = signed_in(mine.author).post(page(mine, "end_co_initiator", joined.pk))

    assert response.status_code == 404
    assert CoInitiator.objects.exists()


def test_an_invitation_that_was_taken_back_is_of_no_use():
    initiative = scenes.initiative()
    neighbour = scenes.person()
    invitation = scenes.invited(initiative, neighbour.email)

    taken = signed_in(initiative.author).post(
        page(initiative, "withdraw_invitation", invitation.pk)
    )

    assert taken.status_code == 302
    assert signed_in(neighbour).post(link(invitation), YES).status_code == 404
    assert Invitation.objects.get().email == ""


def test_a_co_initiator_sees_no_addresses_and_invites_nobody():
    initiative = scenes.initiative()
    joined = signed_in(scenes.joined(initiative))
    invitation = scenes.invited(initiative, "buur@voorbeeld.test")

    shown = joined.get(page(initiative))
    sent = joined.post(page(initiative), {"email": "nog@voorbeeld.test"})
    taken = joined.post(page(initiative, "withdraw_invitation", invitation.pk))
    switched = joined.post(page(initiative, "switch_help"), {"offers": "no"})

    assert shown.status_code == 200
    assert "buur@voorbeeld.test" not in shown.content.decode()
    assert [sent.status_code, taken.status_code, switched.status_code] == [404, 404, 404]
    assert Invitation.objects.open_at(timezone.now()).count() == 1


def test_a_co_initiator_neither_changes_the_text_nor_takes_it_off_the_site():
    initiative = scenes.initiative()
    joined = signed_in(scenes.joined(initiative))

    assert joined.get(page(initiative, "edit")).status_code == 404
    assert joined.post(page(initiative, "take_away")).status_code == 404


def test_known_and_unknown_addresses_are_answered_alike_with_the_same_work():
    initiative = scenes.initiative()
    browser = signed_in(initiative.author)
    known = scenes.person().email
    joined = scenes.joined(initiative).email

    def told(email: str) -> tuple[int, str, int]:
        with CaptureQueriesContext(connection) as sent:
            response = browser.post(page(initiative), {"email": email})
        return response.status_code, response["Location"], len(sent)

    told(known)  # What is read once per process is read.
    assert told("unknown@voorbeeld.test") == told(scenes.person().email) == told(joined)


def test_one_address_is_not_asked_twice_at_a_time():
    initiative = scenes.initiative()
    browser = signed_in(initiative.author)
    browser.post(page(initiative), {"email": "buur@voorbeeld.test"})

    again = browser.post(page(initiative), {"email": "Buur@Voorbeeld.test"})

    assert again.status_code == 422
    assert "You invited this address already" in again.content.decode()
    assert Invitation.objects.count() == 1


def test_one_that_nobody_answered_in_time_makes_room_for_another_one():
    initiative = scenes.initiative()
    for number in range(MAX_TOGETHER):
        scenes.invited(initiative, f"buur{number}@voorbeeld.test")
    Invitation.objects.update(expires_at=timezone.now())

    scenes.invited(initiative, "buur0@voorbeeld.test")

    assert Invitation.objects.open_at(timezone.now()).count() == 1
    assert Invitation.objects.filter(outcome="expired", email="").count() == MAX_TOGETHER


def test_one_does_not_invite_oneself():
    initiative = scenes.initiative()
    response = signed_in(initiative.author).post(
        page(initiative), {"email": initiative.author.email}
    )
    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_five_people_at_most_open_invitations_counted():
    initiative = scenes.initiative()
    scenes.joined(initiative)
    for number in range(MAX_TOGETHER - 1):
        scenes.invited(initiative, f"buur{number}@voorbeeld.test")

    with pytest.raises(actions.EnoughPeople):
        scenes.invited(initiative, "een-te-veel@voorbeeld.test")
    shown = signed_in(initiative.author).get(page(initiative)).content.decode()
    assert "There is no place left." in shown


def test_nobody_floods_mailboxes():
    initiative = scenes.initiative()
    for number in range(INVITATIONS_A_DAY):
        made = scenes.invited(initiative, f"buur{number}@voorbeeld.test")
        actions.withdraw_invitation(invitation=made, by=initiative.author, now=timezone.now())
    with pytest.raises(actions.EnoughToday):
        scenes.invited(initiative, "nog-een@voorbeeld.test")
    scenes.invited(
        initiative,
        "nog-een@voorbeeld.test",
        now=timezone.now() + datetime.timedelta(days=1, minutes=1),
    )


def test_one_mailbox_gets_three_a_day_whoever_sends_them():
    answers = []
    for _number in range(4):
        initiative = scenes.initiative()
        browser = signed_in(initiative.author)
        answers.append(browser.post(page(initiative), {"email": "buur@voorbeeld.test"}))

    assert [answer.status_code for answer in answers] == [302, 302, 302, 422]
    assert "You sent a lot today" in answers[-1].content.decode()


@pytest.mark.parametrize(
    "email", ["", "buur", "a@b", "x" * 300 + "@voorbeeld.test", "a@b.c\nBcc:d@e.f"]
)
def test_what_is_no_address_is_refused_with_a_sentence(email: str):
    initiative = scenes.initiative()
    response = signed_in(initiative.author).post(page(initiative), {"email": email})
    assert response.status_code == 422
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "status", [Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.HIDDEN, Status.WITHDRAWN]
)
def test_what_is_not_on_the_site_has_no_such_page(status: str):
    initiative = scenes.initiative(status=status)
    browser = signed_in(initiative.author)
    assert browser.get(page(initiative)).status_code == 404
    assert browser.post(page(initiative), {"email": "a@voorbeeld.test"}).status_code == 404


@pytest.mark.parametrize("status", [Status.HIDDEN, Status.WITHDRAWN])
def test_an_invitation_to_what_left_the_site_is_of_no_use_and_is_not_mailed(status: str):
    initiative = scenes.initiative()
    neighbour = scenes.person()
    invitation = scenes.invited(initiative, neighbour.email)
    scenes.bring(initiative, status)

    response = signed_in(neighbour).get(link(invitation))

    assert response.status_code == 404
    assert initiative.title not in response.content.decode()
    assert not mails.send_invitation(invitation.pk, now=timezone.now())
    assert mail.outbox == []


def test_an_invitation_to_a_double_that_was_joined_is_of_no_use():
    double, neighbour = scenes.initiative("A bench"), scenes.person()
    invitation = scenes.invited(double, neighbour.email)
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    actions.merge(
        double=double, into=scenes.initiative("Benches"), by=office, reason="The same wish."
    )

    assert signed_in(neighbour).post(link(invitation), YES).status_code == 404
    assert not CoInitiator.objects.exists()


class TestUnder16:
    def test_nobody_under_16_invites(self):
        initiative = scenes.initiative(author=scenes.person(age_band="12-15"))
        browser = signed_in(initiative.author)

        assert browser.get(page(initiative)).status_code == 404
        assert browser.post(page(initiative), {"email": "a@voorbeeld.test"}).status_code == 404
        shown = browser.get(initiative.get_absolute_url()).content.decode()
        assert page(initiative) not in shown

    def test_who_told_no_age_is_asked_first(self):
        initiative = scenes.initiative()
        newcomer = scenes.person(age_band="")
        invitation = scenes.invited(initiative, newcomer.email)
        browser = signed_in(newcomer)

        without = browser.post(link(invitation), YES)
        told = browser.post(link(invitation), {**YES, "age_band": "16-17"})

        assert without.status_code == 422
        assert told.status_code == 302
        assert CoInitiator.objects.get().user == newcomer

    def test_who_turns_out_under_16_does_not_join_and_may_still_say_no(self):
        initiative = scenes.initiative()
        newcomer = scenes.person(age_band="")
        invitation = scenes.invited(initiative, newcomer.email)
        browser = signed_in(newcomer)

        told = browser.post(link(invitation), {**YES, "age_band": "12-15"})
        shown = browser.get(link(invitation)).content.decode()

        assert told.status_code == 422
        assert "You can do this when you are 16." in told.content.decode()
        assert 'value="yes"' not in shown
        assert not CoInitiator.objects.exists()
        assert browser.post(link(invitation), NO).status_code == 302

    def test_the_author_does_not_learn_that_somebody_is_under_16(self):
        initiative = scenes.initiative()
        young = scenes.person(age_band="12-15")
        invitation = scenes.invited(initiative, young.email)
        author = signed_in(initiative.author)

        def shown() -> str:
            return TOKEN.sub("", author.get(page(initiative)).content.decode())

        before = shown()
        signed_in(young).post(link(invitation), YES)

        assert shown() == before

    def test_who_turns_out_under_16_later_stands_nowhere_any_more(self, client: Client):
        initiative = scenes.initiative()
        joined = scenes.joined(initiative, scenes.person("Bilal"))
        User.objects.filter(pk=joined.pk).update(age_band="12-15")
        joined.refresh_from_db()

        shown = client.get(initiative.get_absolute_url()).content.decode()

        assert "Together with" not in shown
        assert joined.pseudonym not in shown
        assert not is_initiator(joined, initiative)
        assert signed_in(joined).get(page(initiative)).status_code == 404

    def test_an_invitation_of_who_turns_out_under_16_is_of_no_use(self):
        initiative = scenes.initiative()
        neighbour = scenes.person()
        invitation = scenes.invited(initiative, neighbour.email)
        User.objects.filter(pk=initiative.author_id).update(age_band="12-15")

        assert signed_in(neighbour).get(link(invitation)).status_code == 404


def test_an_organisations_writer_invites_without_being_named():
    writer = scenes.person("Zqwriter")
    initiative = scenes.initiative(author=writer)
    shops = Organisation.objects.create(name="De Winkels", kind="shop_street")
    OrganisationGrant.objects.create(
        user=writer,
        organisation=shops,
        granted_by=scenes.granted(Role.PROGRAMME_OFFICE),
        starts_at=timezone.now() - datetime.timedelta(days=1),
    )
    Initiative.objects.filter(pk=initiative.pk).update(on_behalf_of=shops)
    initiative.refresh_from_db()
    neighbour = scenes.person()
    invitation = scenes.invited(initiative, neighbour.email)

    mails.send_invitation(invitation.pk, now=timezone.now())
    shown = signed_in(neighbour).get(link(invitation)).content.decode()

    told = f"{mail.outbox[0].body}{mail.outbox[0].alternatives}"
    assert "De Winkels" in told
    assert "Zqwriter" not in told
    assert "Zqwriter" not in shown
    OrganisationGrant.objects.update(ends_at=timezone.now())
    with pytest.raises(NotAllowed):
        scenes.invited(initiative, "nog@voorbeeld.test")


def test_the_programme_office_does_not_answer_what_it_does_itself():
    initiative = scenes.initiative()
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    assert can_answer(office, initiative)

    scenes.joined(initiative, office)

    assert not can_answer(office, initiative)


def test_a_moderator_does_not_decide_about_what_they_do_themselves():
    initiative = scenes.initiative()
    moderator = scenes.moderator()
    assert can_review(moderator, initiative)

    scenes.joined(initiative, moderator)

    assert not can_review(moderator, initiative)


def test_names_of_strangers_are_text_on_every_page(client: Client):
    initiative = scenes.initiative()
    scenes.joined(initiative, scenes.person("<script>alert(1)</script>"))

    for browser, address in (
        (client, initiative.get_absolute_url()),
        (signed_in(initiative.author), page(initiative)),
    ):
        assert "<script>alert" not in browser.get(address).content.decode()


class TestForgetting:
    def test_the_address_of_an_invitation_that_nobody_answered_is_forgotten(self):
        scenes.invited(scenes.initiative())
        later = timezone.now() + datetime.timedelta(days=16)

        assert actions.forget_invitations(now=later) == 1
        assert actions.forget_invitations(now=later) == 0

        invitation = Invitation.objects.get()
        assert (invitation.outcome, invitation.email) == ("expired", "")

    def test_what_ended_long_ago_is_gone(self):
        initiative = scenes.initiative()
        scenes.joined(initiative)

        actions.forget_invitations(now=timezone.now() + datetime.timedelta(days=91))

        assert not Invitation.objects.exists()
        assert CoInitiator.objects.exists()


# --- Many at the same moment ---


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_who_accept_one_invitation_at_once_one_joins():
    initiative = scenes.initiative()
    neighbour = scenes.person()
    token = scenes.invited(initiative, neighbour.email).token

    def accept() -> Any:
        return actions.accept_invitation(token=token, by=neighbour, now=timezone.now())

    results = at_once([accept] * CALLERS)

    assert [one for one in results if isinstance(one, Exception)] == []
    assert CoInitiator.objects.count() == 1
    assert Invitation.objects.get().outcome == "accepted"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_invitation_that_is_accepted_and_taken_back_at_once_is_one_of_both():
    initiative = scenes.initiative()
    neighbour = scenes.person()
    invitation = scenes.invited(initiative, neighbour.email)
    now = timezone.now()

    def accept() -> Any:
        return actions.accept_invitation(token=invitation.token, by=neighbour, now=now)

    def withdraw() -> Any:
        return actions.withdraw_invitation(invitation=invitation, by=initiative.author, now=now)

    at_once([accept, withdraw] * (CALLERS // 2))

    outcome = Invitation.objects.get().outcome
    assert CoInitiator.objects.count() == (1 if outcome == "accepted" else 0)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_invitations_at_once_five_go_out():
    initiative = scenes.initiative()
    now = timezone.now()

    def ask(number: int) -> Any:
        return lambda: scenes.invited(initiative, f"buur{number}@voorbeeld.test", now=now)

    results = at_once([ask(number) for number in range(CALLERS)])

    assert Invitation.objects.open_at(now).count() == MAX_TOGETHER
    refused = [one for one in results if isinstance(one, Exception)]
    assert {type(one) for one in refused} == {actions.EnoughPeople}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_invitations_to_one_address_at_once_one_goes_out():
    initiative = scenes.initiative()

    results = at_once([lambda: scenes.invited(initiative)] * CALLERS)

    assert Invitation.objects.count() == 1
    refused = [one for one in results if isinstance(one, Exception)]
    assert {type(one) for one in refused} == {actions.InvitedAlready}
