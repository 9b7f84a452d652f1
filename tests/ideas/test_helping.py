"""Offers of help: a message that reaches who leads an initiative, and gives no address away."""

import datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, OrganisationGrant, Role, User
from contributions.actions import AddressNotConfirmed
from contributions.models import Status
from ideas import actions, tasks
from ideas.actions.helping import MESSAGES_A_DAY, OFFERS_A_DAY
from ideas.models import CoInitiator, HelpMessage, HelpNotice, HelpOffer, Initiative, Progress
from tests import scenes
from tests.races import CALLERS, at_once

pytestmark = [pytest.mark.django_db, pytest.mark.either]

WORDS = {"text": "I can sew curtains."}


def page(initiative: Initiative) -> str:
    return reverse("ideas:offer_help", args=[initiative.pk, initiative.address_slug])


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def send_all() -> None:
    for notice in HelpNotice.objects.order_by("pk"):
        tasks.send_help_notice(notice.pk)


def text_of(message: Any) -> str:
    """Return all that a mail tells, its headers included."""
    return message.message().as_string() + str(message.body) + str(message.alternatives)


def test_a_neighbour_offers_help_and_the_author_answers_without_an_address_on_either_side():
    author, helper = scenes.person("Anna"), scenes.person("Bilal")
    initiative = scenes.initiative(author=author, help_wanted="Somebody who can sew.")

    offered = signed_in(helper).post(page(initiative), WORDS)
    offer = HelpOffer.objects.get()
    answered = signed_in(author).post(offer.get_absolute_url(), {"text": "Come on Saturday!"})
    send_all()

    assert offered["Location"] == answered["Location"] == offer.get_absolute_url()
    to_author, to_helper = mail.outbox
    assert (to_author.to, to_helper.to) == ([author.email], [helper.email])
    assert "> I can sew curtains." in to_author.body
    assert "Bilal" in to_author.body
    assert "> Come on Saturday!" in to_helper.body
    assert helper.email not in text_of(to_author)
    assert author.email not in text_of(to_helper)
    for message in mail.outbox:
        assert message.reply_to == []
        assert (message.cc, message.bcc) == ([], [])
        assert f"https://buurten.example{offer.get_absolute_url()}".replace("/en/", "/nl/") in (
            message.body
        )
    for browser in (signed_in(helper), signed_in(author)):
        shown = browser.get(offer.get_absolute_url()).content.decode()
        assert "Come on Saturday!" in shown
        assert "@buurten.example" not in shown


def test_a_visitor_reads_how_it_goes_and_signs_in_first(client: Client):
    initiative = scenes.initiative()

    assert page(initiative) in client.get(initiative.get_absolute_url()).content.decode()
    assert client.get(page(initiative)).status_code == 200
    assert client.post(page(initiative), WORDS)["Location"].startswith(reverse("account_login"))
    assert not HelpOffer.objects.exists()


def test_who_has_a_conversation_already_goes_on_in_it_and_no_word_is_lost():
    initiative = scenes.initiative()
    browser = signed_in(scenes.person())
    browser.post(page(initiative), WORDS)

    looked = browser.get(page(initiative))
    pressed_twice = browser.post(page(initiative), WORDS)
    more = browser.post(page(initiative), {"text": "And I have a drill."})

    offer = HelpOffer.objects.get()
    assert looked["Location"] == offer.get_absolute_url()
    assert pressed_twice["Location"] == more["Location"] == offer.get_absolute_url()
    assert [one.text for one in offer.messages.order_by("pk")] == [
        "I can sew curtains.",
        "And I have a drill.",
    ]


def test_each_who_leads_it_gets_the_message_and_one_of_them_answers():
    initiative = scenes.initiative(author=scenes.person("Anna"))
    joined = scenes.joined(initiative, scenes.person("Chi"))
    helper = scenes.person()
    offer = scenes.offered(initiative, helper=helper)
    send_all()

    signed_in(joined).post(offer.get_absolute_url(), {"text": "Welcome!"})

    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        [initiative.author.email, joined.email]
    )
    assert HelpNotice.objects.filter(message__text="Welcome!").get().recipient == helper
    shown = signed_in(helper).get(offer.get_absolute_url()).content.decode()
    assert "Anna" in shown
    assert "Chi" in shown


def test_a_helper_who_joins_the_author_writes_on_without_mails_to_oneself():
    initiative = scenes.initiative()
    helper = scenes.person()
    offer = scenes.offered(initiative, helper=helper)
    scenes.joined(initiative, helper)

    signed_in(helper).post(offer.get_absolute_url(), {"text": "I joined."})

    told = HelpNotice.objects.filter(message__text="I joined.")
    assert [notice.recipient for notice in told] == [initiative.author]


def test_who_stepped_down_reads_no_more_and_gets_no_mail_that_was_still_to_come():
    initiative = scenes.initiative()
    joined = scenes.joined(initiative)
    offer = scenes.offered(initiative)
    actions.end_co_initiator(co_initiator=CoInitiator.objects.get(), by=joined, now=timezone.now())

    send_all()

    assert [message.to for message in mail.outbox] == [[initiative.author.email]]
    assert signed_in(joined).get(offer.get_absolute_url()).status_code == 404
    assert signed_in(joined).post(offer.get_absolute_url(), WORDS).status_code == 404


def test_a_conversation_does_not_exist_for_anybody_else(client: Client):
    offer = scenes.offered(scenes.initiative())
    close = reverse("together:close", args=[offer.pk])

    for who in (
        scenes.person(),
        scenes.moderator(),
        scenes.granted(Role.PROGRAMME_OFFICE),
        scenes.granted(Role.ADMINISTRATOR),
        scenes.initiative().author,
    ):
        browser = signed_in(who)
        assert browser.get(offer.get_absolute_url()).status_code == 404
        assert browser.post(offer.get_absolute_url(), WORDS).status_code == 404
        assert browser.post(close).status_code == 404
        assert offer.get_absolute_url() not in browser.get("/en/hulp/").content.decode()
    assert client.get(offer.get_absolute_url()).status_code == 302
    assert HelpMessage.objects.count() == 1
    assert HelpOffer.objects.get().closed_at is None


@pytest.mark.parametrize("status", [Status.HIDDEN, Status.WITHDRAWN])
def test_when_the_idea_leaves_the_site_the_conversation_does_too_and_nothing_is_mailed(
    status: str,
):
    initiative = scenes.initiative()
    helper = scenes.person()
    offer = scenes.offered(initiative, helper=helper)
    scenes.bring(initiative, status)

    send_all()

    assert mail.outbox == []
    for who in (helper, initiative.author):
        browser = signed_in(who)
        assert browser.get(offer.get_absolute_url()).status_code == 404
        assert browser.post(offer.get_absolute_url(), {"text": "Hello?"}).status_code == 404
        assert initiative.title not in browser.get("/en/hulp/").content.decode()
    assert HelpMessage.objects.count() == 1


@pytest.mark.parametrize(
    "status", [Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.HIDDEN, Status.WITHDRAWN]
)
def test_nobody_offers_help_with_what_is_not_on_the_site(status: str):
    initiative = scenes.initiative(status=status)
    browser = signed_in(scenes.person())
    assert browser.get(page(initiative)).status_code == 404
    assert browser.post(page(initiative), WORDS).status_code == 404


@pytest.mark.parametrize("progress", [Progress.DONE, Progress.EXPIRED])
def test_what_is_over_takes_no_new_offers_and_old_conversations_go_on(progress: str):
    initiative = scenes.initiative()
    offer = scenes.offered(initiative)
    Initiative.objects.filter(pk=initiative.pk).update(progress=progress)

    assert signed_in(scenes.person()).post(page(initiative), WORDS).status_code == 404
    thanked = signed_in(initiative.author).post(offer.get_absolute_url(), {"text": "Thank you!"})
    assert thanked.status_code == 302


def test_a_double_that_was_joined_keeps_its_conversations_and_takes_no_new_ones():
    double, goes_on = scenes.initiative("A bench"), scenes.initiative("Benches")
    offer = scenes.offered(double)
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    actions.merge(double=double, into=goes_on, by=office, reason="The same wish.")

    told = signed_in(offer.helper).post(offer.get_absolute_url(), {"text": "Still on?"})
    new = signed_in(scenes.person()).post(page(double), {"text": "Me too"})

    assert told.status_code == 302
    assert HelpNotice.objects.filter(message__text="Still on?").get().recipient == double.author
    assert new.status_code == 404


def test_who_leads_it_does_not_offer_help_to_oneself():
    initiative = scenes.initiative()
    joined = scenes.joined(initiative)
    for who in (initiative.author, joined):
        browser = signed_in(who)
        assert browser.get(page(initiative)).status_code == 404
        assert browser.post(page(initiative), WORDS).status_code == 404
        assert page(initiative) not in browser.get(initiative.get_absolute_url()).content.decode()


def test_the_author_can_do_without_offers_and_take_them_again():
    initiative = scenes.initiative()
    author = signed_in(initiative.author)
    helper = signed_in(scenes.person())
    switch = reverse("ideas:switch_help", args=[initiative.pk, initiative.address_slug])

    author.post(switch, {"offers": "no"})
    without = helper.get(initiative.get_absolute_url()).content.decode()
    refused = helper.post(page(initiative), WORDS)
    author.post(switch, {"offers": "yes"})

    assert page(initiative) not in without
    assert refused.status_code == 404
    assert helper.post(page(initiative), WORDS).status_code == 302


class TestUnder16:
    def test_an_idea_of_somebody_under_16_looks_like_one_that_takes_no_offers(self, client: Client):
        """Neither words nor status say which of the reasons it is."""
        young = scenes.initiative(
            "One", author=scenes.person(age_band="12-15"), help_wanted="A drill."
        )
        closed = scenes.initiative("Two", help_wanted="A drill.")
        actions.switch_help(
            initiative=closed, by=closed.author, takes_offers=False, now=timezone.now()
        )

        def box(of: Initiative) -> str:
            shown = client.get(of.get_absolute_url()).content.decode()
            return shown.split('aria-labelledby="help-title"')[1].split("</section>")[0]

        assert box(young) == box(closed)
        assert "meehelpen" not in box(young)
        helper = signed_in(scenes.person())
        for method in ("get", "post"):
            answers = [getattr(helper, method)(page(one), WORDS) for one in (young, closed)]
            assert [answer.status_code for answer in answers] == [404, 404]
        assert not HelpOffer.objects.exists()

    def test_somebody_under_16_finds_no_way_and_no_page(self):
        initiative = scenes.initiative()
        browser = signed_in(scenes.person(age_band="12-15"))

        assert page(initiative) not in browser.get(initiative.get_absolute_url()).content.decode()
        assert browser.get(page(initiative)).status_code == 404
        assert browser.post(page(initiative), WORDS).status_code == 404
        assert not HelpOffer.objects.exists()

    def test_who_told_no_age_is_asked_and_not_let_in_under_16(self):
        initiative = scenes.initiative()
        older, younger = (signed_in(scenes.person(age_band="")) for _number in range(2))

        without = older.post(page(initiative), WORDS)
        told = older.post(page(initiative), {**WORDS, "age_band": "16-17"})
        too_young = younger.post(page(initiative), {**WORDS, "age_band": "12-15"})

        assert (without.status_code, told.status_code) == (422, 302)
        assert too_young.status_code == 422
        assert "You can do this when you are 16." in too_young.content.decode()
        assert HelpOffer.objects.count() == 1

    @pytest.mark.parametrize("side", ["author", "helper"])
    def test_when_a_side_turns_out_under_16_both_read_and_get_nothing_more(self, side: str):
        initiative = scenes.initiative()
        people = {"author": initiative.author, "helper": scenes.person()}
        offer = scenes.offered(initiative, helper=people["helper"])
        User.objects.filter(pk=people[side].pk).update(age_band="12-15")

        send_all()

        assert mail.outbox == []
        for who in people.values():
            browser = signed_in(User.objects.get(pk=who.pk))
            assert browser.get(offer.get_absolute_url()).status_code == 404
            assert browser.post(offer.get_absolute_url(), WORDS).status_code == 404
            assert offer.get_absolute_url() not in browser.get("/en/hulp/").content.decode()


class TestClosing:
    def test_either_side_closes_it_and_then_nobody_writes(self):
        for by_helper in (True, False):
            initiative = scenes.initiative()
            helper = scenes.person()
            offer = scenes.offered(initiative, helper=helper)
            who, other = (helper, initiative.author)[:: 1 if by_helper else -1]

            closed = signed_in(who).post(reverse("together:close", args=[offer.pk]))
            refused = signed_in(other).post(offer.get_absolute_url(), {"text": "But wait"})

            assert closed.status_code == 302
            assert refused.status_code == 422
            assert "This conversation is closed" in refused.content.decode()
            assert offer.messages.count() == 1

    def test_what_was_not_mailed_yet_is_not_mailed_any_more(self):
        initiative = scenes.initiative()
        offer = scenes.offered(initiative)
        actions.close_conversation(offer=offer, by=initiative.author, now=timezone.now())

        send_all()

        assert mail.outbox == []

    def test_whom_the_author_does_not_want_to_hear_of_begins_no_new_one(self):
        initiative = scenes.initiative()
        helper = scenes.person()
        offer = scenes.offered(initiative, helper=helper)
        signed_in(initiative.author).post(reverse("together:close", args=[offer.pk]))

        again = signed_in(helper).post(page(initiative), {"text": "Please?"})

        assert again.status_code == 422
        assert "Please?" in again.content.decode()
        assert HelpOffer.objects.count() == 1

    def test_a_helper_who_closed_it_may_change_their_mind(self):
        initiative = scenes.initiative()
        helper = scenes.person()
        offer = scenes.offered(initiative, helper=helper)
        actions.close_conversation(offer=offer, by=helper, now=timezone.now())

        again = scenes.offered(initiative, "I have time after all.", helper=helper)

        assert again.pk != offer.pk


class TestLimits:
    def test_ten_offers_a_day(self):
        helper = scenes.person()
        now = timezone.now()
        ideas = [scenes.initiative(f"Idea {number}") for number in range(OFFERS_A_DAY + 1)]
        for number, idea in enumerate(ideas[:-1]):
            scenes.offered(idea, f"Help {number}", helper=helper, now=now)

        with pytest.raises(actions.EnoughToday):
            scenes.offered(ideas[-1], "One more", helper=helper, now=now)
        scenes.offered(
            ideas[-1], "One more", helper=helper, now=now + datetime.timedelta(days=1, minutes=1)
        )

    def test_fifty_messages_a_day(self):
        offer = scenes.offered(scenes.initiative(), "0")
        now = timezone.now()
        for number in range(1, MESSAGES_A_DAY):
            actions.write_message(
                offer=offer, by=offer.helper, text=str(number), language="en", now=now
            )
        with pytest.raises(actions.EnoughToday):
            actions.write_message(offer=offer, by=offer.helper, text="more", language="en", now=now)

    def test_the_same_words_do_not_go_to_one_idea_after_another(self):
        browser = signed_in(scenes.person())
        browser.post(page(scenes.initiative()), WORDS)

        again = browser.post(page(scenes.initiative("Another")), WORDS)

        assert again.status_code == 422
        assert "same words" in again.content.decode()
        assert HelpOffer.objects.count() == 1

    def test_who_did_not_confirm_an_address_offers_nothing(self):
        helper = scenes.person()
        helper.emailaddress_set.update(verified=False)
        with pytest.raises(AddressNotConfirmed):
            scenes.offered(scenes.initiative(), helper=helper)


@pytest.mark.parametrize("text", ["", "   ", "\u202e", "x" * 1001, "\x00\x01"])
def test_what_is_no_message_is_refused_with_a_sentence(text: str):
    initiative = scenes.initiative()
    response = signed_in(scenes.person()).post(page(initiative), {"text": text})
    assert response.status_code == 422
    assert not HelpOffer.objects.exists()


def test_a_strangers_text_is_text_on_the_page_and_in_the_mail():
    hostile = '<script>alert(1)</script>\nBcc: x@voorbeeld.test\n<a href="//evil">x</a>'
    initiative = scenes.initiative("Title\r\nBcc: y@voorbeeld.test")
    helper = scenes.person("Bilal <b>")
    offer = scenes.offered(initiative, hostile, helper=helper)
    send_all()

    shown = signed_in(initiative.author).get(offer.get_absolute_url()).content.decode()
    (message,) = mail.outbox
    html = message.alternatives[0][0]

    for page_text in (shown, html):
        assert "<script>alert" not in page_text
        assert '<a href="//evil">' not in page_text
    assert message.recipients() == [initiative.author.email]
    assert "\n" not in message.subject
    assert "> Bcc: x@voorbeeld.test" in message.body


@pytest.mark.parametrize("number", ["0", "01", "99999999999999999999", "x", "-1", "1e3"])
def test_a_number_that_is_none_leads_nowhere(number: str):
    browser = signed_in(scenes.person())
    assert browser.get(f"/en/hulp/{number}/").status_code == 404
    assert browser.get(f"/en/hulp/?after={number}").status_code == 200


def test_an_organisations_writer_stays_unnamed_in_the_conversation():
    writer = scenes.person("Zqwriter")
    shops = Organisation.objects.create(name="De Winkels", kind="shop_street")
    OrganisationGrant.objects.create(
        user=writer,
        organisation=shops,
        granted_by=scenes.granted(Role.PROGRAMME_OFFICE),
        starts_at=timezone.now() - datetime.timedelta(days=1),
    )
    initiative = scenes.initiative(author=writer)
    Initiative.objects.filter(pk=initiative.pk).update(on_behalf_of=shops)
    helper = scenes.person()
    browser = signed_in(helper)
    before = browser.get(page(initiative)).content.decode()
    browser.post(page(initiative), WORDS)
    offer = HelpOffer.objects.get()
    signed_in(writer).post(offer.get_absolute_url(), {"text": "Welcome!"})
    send_all()

    told = "".join(
        [
            before,
            browser.get(offer.get_absolute_url()).content.decode(),
            browser.get("/en/hulp/").content.decode(),
            text_of(mail.outbox[1]),
        ]
    )
    assert "De Winkels" in told
    assert "Zqwriter" not in told
    # Who left the organisation leaves its conversations too.
    OrganisationGrant.objects.update(ends_at=timezone.now())
    assert signed_in(writer).get(offer.get_absolute_url()).status_code == 404
    assert browser.post(page(scenes.initiative()), {"text": "x"}).status_code == 302
    assert signed_in(scenes.person()).post(page(initiative), WORDS).status_code == 404


class TestMyPage:
    def test_it_leads_to_conversations_and_invitations_in_one_line(self):
        initiative = scenes.initiative()
        helper = scenes.person()
        newcomer = scenes.person()
        scenes.offered(initiative, helper=helper)
        scenes.invited(initiative, newcomer.email)

        for who, expected in (
            (helper, "Your conversations about help"),
            (initiative.author, "Your conversations about help"),
            (newcomer, "Somebody invited you to do an idea together"),
        ):
            assert expected in signed_in(who).get("/en/account/").content.decode()
        nobody = signed_in(scenes.person()).get("/en/account/").content.decode()
        assert "/en/hulp/" not in nobody

    def test_the_list_says_whose_turn_it_is(self):
        initiative = scenes.initiative()
        helper = scenes.person("Bilal")
        scenes.offered(initiative, helper=helper)

        to_author = signed_in(initiative.author).get("/en/hulp/").content.decode()
        to_helper = signed_in(helper).get("/en/hulp/").content.decode()

        assert "Bilal" in to_author
        assert "Waits for your answer" in to_author
        assert "Waits for your answer" not in to_helper

    def test_the_list_has_pages_and_costs_the_same_however_long_it_is(self):
        initiative = scenes.initiative()
        author = signed_in(initiative.author)

        def cost(address: str = "/en/hulp/") -> int:
            with CaptureQueriesContext(connection) as sent:
                assert author.get(address).status_code == 200
            return len(sent)

        scenes.offered(initiative, "Help")
        cost()
        few = cost()
        for number in range(24):
            scenes.offered(initiative, f"Help {number}")
        shown = author.get("/en/hulp/").content.decode()

        assert cost() == few
        assert shown.count('class="box"') == 20
        after = HelpOffer.objects.order_by("-pk")[19].pk
        assert f"?after={after}" in shown
        rest = author.get(f"/en/hulp/?after={after}").content.decode()
        assert rest.count('class="box"') == 5


class TestForgetting:
    def test_a_conversation_goes_half_a_year_after_its_last_message(self):
        offer = scenes.offered(scenes.initiative())
        now = timezone.now()

        assert actions.forget_conversations(now=now + datetime.timedelta(days=182)) == 0
        actions.write_message(
            offer=offer,
            by=offer.helper,
            text="Still there?",
            language="en",
            now=now + datetime.timedelta(days=100),
        )
        assert actions.forget_conversations(now=now + datetime.timedelta(days=184)) == 0
        assert actions.forget_conversations(now=now + datetime.timedelta(days=284)) == 1
        assert not HelpOffer.objects.exists()
        assert not HelpMessage.objects.exists()
        assert not HelpNotice.objects.exists()


# --- Many at the same moment ---


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_offers_of_one_person_at_once_one_conversation_begins():
    initiative = scenes.initiative()
    helper = scenes.person()

    results = at_once([lambda: scenes.offered(initiative, helper=helper)] * CALLERS)

    assert [one for one in results if isinstance(one, Exception)] == []
    assert HelpOffer.objects.count() == HelpMessage.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_offers_to_many_ideas_at_once_ten_begin():
    helper = scenes.person()
    ideas = [scenes.initiative(f"Idea {number}") for number in range(CALLERS)]

    def offer(number: int) -> Any:
        return lambda: scenes.offered(ideas[number], f"Help {number}", helper=helper)

    results = at_once([offer(number) for number in range(CALLERS)])

    assert HelpOffer.objects.count() == OFFERS_A_DAY
    refused = [one for one in results if isinstance(one, Exception)]
    assert {type(one) for one in refused} == {actions.EnoughToday}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_nobody_writes_in_what_is_being_closed():
    initiative = scenes.initiative()
    offer = scenes.offered(initiative)
    now = timezone.now()

    def write(number: int) -> Any:
        return lambda: actions.write_message(
            offer=offer, by=offer.helper, text=str(number), language="en", now=now
        )

    def close() -> Any:
        actions.close_conversation(offer=offer, by=initiative.author, now=now)
        return HelpMessage.objects.count()

    results = at_once([*(write(number) for number in range(CALLERS - 1)), close])

    # What was written when it closed is all there is.
    assert HelpMessage.objects.count() == results[-1]
