"""The slip of what somebody told: found by its code alone, and what can be done with it."""

import datetime
import json
from typing import Any

import pytest
import redis
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from contributions import actions as review
from contributions import limits, slips
from contributions.actions import Slip
from contributions.models import AuthorAct, Revision, Status, Telling
from ideas import actions as ideas
from ideas.models import Initiative
from tests import scenes, talks
from tests.contributions.test_report_pages import signed_in
from tests.pages import words

pytestmark = pytest.mark.django_db

ENTER = "/en/bewijsje/"
TOLD = "/en/bewijsje/bericht/"
CHANGE, WITHDRAW, CLAIM = (f"{TOLD}{name}/" for name in ("wijzigen", "intrekken", "meenemen"))
DAY = datetime.timedelta(days=1)
NEW = {"title": "Două bănci în piață", "text": "Două ar fi mai bine decât una."}


@pytest.fixture(autouse=True)
def nobody_is_called(settings: Any) -> None:
    settings.ASSISTED_CHECK_SHARE = 0


@pytest.fixture
def reader() -> User:
    return scenes.moderator(language="ro")


@pytest.fixture
def slip(reader: User) -> Slip:
    return talks.told()


@pytest.fixture
def on_the_site(slip: Slip, reader: User) -> Slip:
    review.publish(dossier=slip.telling.dossier, by=reader)
    return slip


def typed(client: Client, code: str) -> Any:
    return client.post(ENTER, {"code": code})


@pytest.fixture
def holder(slip: Slip, client: Client) -> Client:
    assert typed(client, slip.code).status_code == 302
    return client


def text() -> Initiative:
    return Initiative.objects.get()


def test_a_slip_leaves_alone_what_was_joined_with_another(slip: Slip, reader: User) -> None:
    review.publish(dossier=slip.telling.dossier, by=reader)
    office = scenes.granted("programme_office")
    told = text()
    into = scenes.initiative("Goes on", where=told.area)
    ideas.merge(double=told, into=into, by=office, reason="The same.")
    with pytest.raises(review.NotPossibleNow):
        review.withdraw_by_slip(telling=slip.telling)
    with pytest.raises(review.NotPossibleNow):
        review.change_by_slip(telling=slip.telling, words={"title": "Another"})
    told.refresh_from_db()
    assert (told.status, told.title) == (Status.PUBLISHED, talks.TITLE)


class TestCodes:
    def test_there_are_a_million_million(self):
        assert slips.SPACE == 10**12
        codes = {slips.new_code() for _ in range(50)}
        assert len(codes) == 50
        assert {len(code) for code in codes} == {12}

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("1234 5678 9012", "123456789012"),
            (" 1234-5678–9012 ", "123456789012"),
            ("1234.5678.9012", "123456789012"),
            ("O234 S678 9012", ""),
            ("O1I2 3456 l8o9", "011234561809"),
            ("١٢٣٤ ٥٦٧٨ ٩٠١٢", "123456789012"),
            ("1234 5678 901", ""),
            ("1234 5678 9012 3", ""),
            ("<b>12345678901", ""),
            ("1" * 100_000, ""),
            ("", ""),
        ],
    )
    def test_they_are_read_as_people_write_them(self, written: str, code: str):
        assert slips.normalise(written) == code

    def test_no_row_holds_one(self, slip: Slip):
        told = json.dumps(list(Telling.objects.values()), default=str)
        assert slip.code not in told
        assert slips.find(slip.code) == slip.telling

    def test_a_code_of_an_older_key_still_opens(self, slip: Slip, settings: Any):
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another " + "y" * 60
        assert slips.find(slip.code) == slip.telling


class TestEntering:
    def test_the_code_opens_what_was_told(self, slip: Slip, client: Client):
        answer = typed(client, slips.in_groups(slip.code))
        assert answer["Location"] == TOLD
        page = words(client.get(TOLD))
        assert "What you told" in page
        assert talks.TITLE in page
        assert "A moderator reads this before others see it." in page

    def test_opening_the_address_that_is_scanned_does_nothing(self, slip: Slip, client: Client):
        address = slips.address_of(slip.code, "ro")
        assert address == f"https://buurten.example/ro/bewijsje/{slip.code}/"
        page = client.get(f"{ENTER}{slip.code}/")
        assert slips.in_groups(slip.code) in page.content.decode()
        assert talks.TITLE not in page.content.decode()
        assert client.get(TOLD).status_code == 302
        # Whether there is such a slip does not show either.
        assert client.get(f"{ENTER}123412341234/").status_code == 200
        assert client.get(f"{ENTER}woord/").status_code == 404

    def test_a_code_that_does_not_exist_is_answered_with_a_sentence(self, client: Client):
        answer = typed(client, "1234 5678 9012")
        assert answer.status_code == 422
        assert "There is no slip with this code" in words(answer)

    def test_what_is_no_code_is_answered_with_a_sentence(self, client: Client):
        answer = typed(client, "my slip")
        assert answer.status_code == 422
        assert "A code has twelve digits" in words(answer)

    def test_guessing_ends_soon_and_says_so(
        self, slip: Slip, client: Client, monkeypatch: pytest.MonkeyPatch
    ):
        for number in range(20):
            assert typed(client, f"{number:012d}").status_code == 422
        answer = typed(client, slip.code)
        assert answer.status_code == 429
        assert "Wait an hour" in words(answer)
        # From elsewhere it goes on, until all of them together guess too much.
        elsewhere = Client(REMOTE_ADDR="203.0.113.7")
        assert typed(elsewhere, slip.code).status_code == 302

    def test_a_forged_address_moves_no_limit(self, client: Client):
        for number in range(20):
            typed(client, f"{number:012d}")
        answer = client.post(ENTER, {"code": "1" * 12}, headers={"X-Forwarded-For": "203.0.113.9"})
        assert answer.status_code == 429

    def test_all_together_are_limited_too(
        self, slip: Slip, client: Client, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(limits, "RATES_OF_SLIPS", {"slip": "20/h/ip,3/h/key"})
        for number in range(3):
            guesser = Client(REMOTE_ADDR=f"203.0.113.{number}")
            assert typed(guesser, "1" * 12).status_code == 422
        assert typed(client, slip.code).status_code == 429

    def test_who_has_a_slip_is_never_counted(self, slip: Slip, client: Client):
        for _ in range(30):
            assert typed(client, slip.code).status_code == 302

    def test_while_nobody_counts_no_code_is_tried(
        self, slip: Slip, client: Client, monkeypatch: pytest.MonkeyPatch
    ):
        def away(*args: Any, **kwargs: Any) -> None:
            raise redis.ConnectionError

        monkeypatch.setattr(limits.ratelimit, "consume", away)
        answer = typed(client, slip.code)
        assert answer.status_code == 503
        assert "Try again in a few minutes" in words(answer)
        assert client.get(TOLD)["Location"] == ENTER

    def test_a_slip_that_is_over_says_so(self, slip: Slip, client: Client):
        with time_machine.travel(timezone.now() + 91 * DAY):
            answer = typed(client, slip.code)
        assert answer.status_code == 410
        assert "This slip is over" in words(answer)

    def test_a_slip_that_was_used_says_so(self, slip: Slip, client: Client):
        review.claim_telling(telling=slip.telling, by=scenes.person())
        answer = typed(client, slip.code)
        assert answer.status_code == 409
        assert "stands in an account already" in words(answer)

    def test_the_slip_is_forgotten_after_half_an_hour_and_when_somebody_says_so(
        self, slip: Slip, holder: Client
    ):
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=31)):
            assert holder.get(TOLD)["Location"] == ENTER
        typed(holder, slip.code)
        holder.post("/en/bewijsje/weg/")
        assert holder.get(TOLD)["Location"] == ENTER

    @pytest.mark.parametrize("page", [TOLD, CHANGE, WITHDRAW])
    def test_without_a_slip_there_is_nothing_to_see(self, client: Client, page: str):
        for answer in (client.get(page), client.post(page)):
            assert answer.status_code in (302, 405)
            assert talks.TITLE not in answer.content.decode()


class TestChanging:
    def test_words_that_nobody_read_yet_change_at_once(self, slip: Slip, holder: Client):
        assert holder.post(CHANGE, NEW).status_code == 302
        assert text().title == NEW["title"]
        assert text().slug == "doua-banci-in-piata"
        change = Revision.objects.get()
        assert (change.state, change.created_by) == (Revision.State.MADE, None)
        assert change.before["text"] == talks.TEXT

    def test_words_on_the_site_wait_for_a_moderator(
        self, on_the_site: Slip, holder: Client, reader: User
    ):
        holder.post(CHANGE, NEW)
        assert text().title == talks.TITLE
        assert "Your change waits" in words(holder.get(TOLD))
        review.accept_revision(dossier=on_the_site.telling.dossier, by=reader)
        assert text().title == NEW["title"]
        assert text().area == on_the_site.telling.session.area

    def test_what_was_sent_back_goes_in_again(self, slip: Slip, holder: Client, reader: User):
        review.send_back(dossier=slip.telling.dossier, by=reader, reason="Which square?")
        assert "Which square?" in words(holder.get(TOLD))
        holder.post(CHANGE, NEW)
        assert text().status == Status.SUBMITTED
        assert "came_back" in text().dossier.review_reasons
        assert AuthorAct.objects.filter(by=None, act=AuthorAct.Act.HANDED_IN).exists()

    def test_an_empty_field_takes_nothing_away(self, slip: Slip, holder: Client):
        answer = holder.post(CHANGE, {**NEW, "title": ""})
        assert answer.status_code == 422
        assert NEW["text"] in words(answer)
        assert text().title == talks.TITLE

    def test_a_second_window_is_asked(self, slip: Slip, holder: Client):
        first = holder.get(CHANGE).context["started_from"]
        holder.post(CHANGE, {**NEW, "started_from": first})
        answer = holder.post(CHANGE, {**NEW, "title": "A treia", "started_from": first})
        assert answer.status_code == 409
        assert "another window" in words(answer)

    def test_the_history_says_that_a_slip_did_it(self, slip: Slip, holder: Client, reader: User):
        holder.post(CHANGE, NEW)
        page = signed_in(reader).get(f"/en/bericht/{slip.telling.dossier_id}/geschiedenis/")
        assert "Who holds the slip" in words(page)
        assert "told to a contact person, who wrote it down" in words(page).lower()


class TestWithdrawing:
    def test_it_goes_off_the_site_after_one_more_question(self, on_the_site: Slip, holder: Client):
        assert "Take what you told off the site?" in words(holder.get(WITHDRAW))
        assert text().status == Status.PUBLISHED
        holder.post(WITHDRAW)
        assert text().status == Status.WITHDRAWN
        assert Client().get(text().get_absolute_url()).status_code == 404
        assert AuthorAct.objects.filter(by=None, act=AuthorAct.Act.WITHDRAWN).exists()
        # Twice is once.
        assert holder.post(WITHDRAW).status_code == 302
        assert "This is off the site" in words(holder.get(TOLD))


class TestWhatIsHidden:
    def test_it_says_that_it_is_and_how_to_object_and_nothing_else(
        self, on_the_site: Slip, holder: Client, reader: User
    ):
        dossier = on_the_site.telling.dossier
        review.hide(dossier=dossier, by=reader, rule=scenes.house_rule(), reason="zqsecret")
        page = words(holder.get(TOLD))
        assert "A moderator took this off the site" in page
        assert "ask for another look" in page
        for secret in (talks.TITLE, talks.TEXT, "zqsecret"):
            assert secret not in page
        for address in (CHANGE, WITHDRAW):
            assert holder.get(address)["Location"] == TOLD
            holder.post(address, NEW)
        assert (text().status, text().title) == (Status.HIDDEN, talks.TITLE)

    def test_in_an_account_the_reason_is_read_and_another_look_asked_for(
        self, on_the_site: Slip, reader: User
    ):
        dossier, who = on_the_site.telling.dossier, scenes.person()
        decision = review.hide(
            dossier=dossier, by=reader, rule=scenes.house_rule(), reason="Not so."
        )
        review.claim_telling(telling=on_the_site.telling, by=who)
        page = signed_in(who).get(f"/en/beslissingen/{decision.pk}/")
        assert "Not so." in words(page)
        assert review.appeal(about=decision, by=who, words="It is.")


class TestTakingAlong:
    def test_who_signs_in_becomes_the_author(self, on_the_site: Slip, client: Client):
        who = scenes.person("Ileana")
        typed(client, on_the_site.code)
        assert "/account/inloggen/?next=" in client.get(CLAIM)["Location"]
        client.force_login(who)
        assert "It becomes yours" in words(client.get(CLAIM))
        answer = client.post(CLAIM)
        assert answer["Location"].endswith(text().get_absolute_url().removeprefix("/nl"))
        telling = Telling.objects.get()
        assert (text().author, telling.claimed_by) == (who, who)
        assert (telling.first_name, telling.slip_sealed) == ("", "")
        assert text().entered_by == telling.session.held_by
        assert client.get(TOLD)["Location"] == ENTER

    def test_who_wrote_it_down_cannot(self, on_the_site: Slip):
        client = signed_in(on_the_site.telling.session.held_by)
        typed(client, on_the_site.code)
        answer = client.post(CLAIM, follow=True)
        assert "You wrote this down for somebody else" in words(answer)
        assert text().author is None

    def test_opening_its_page_takes_nothing_along(self, slip: Slip):
        client = signed_in(scenes.person())
        typed(client, slip.code)
        client.get(CLAIM)
        assert text().author is None

    def test_the_slip_opens_nothing_any_more_in_another_window(
        self, on_the_site: Slip, holder: Client
    ):
        review.claim_telling(telling=on_the_site.telling, by=scenes.person())
        refused = holder.post(CHANGE, NEW)
        assert refused.status_code == 409
        assert "stands in an account already" in words(refused)
        for answer in (holder.get(TOLD), holder.post(CHANGE), holder.post(WITHDRAW)):
            assert answer["Location"] == ENTER
        assert (text().status, text().title) == (Status.PUBLISHED, talks.TITLE)
        with pytest.raises(review.SlipUsed):
            review.withdraw_by_slip(telling=on_the_site.telling)
        with pytest.raises(review.SlipUsed):
            review.change_by_slip(telling=on_the_site.telling, words=NEW)

    def test_whose_address_is_not_confirmed_does_that_first(self, slip: Slip):
        who = scenes.person()
        who.emailaddress_set.all().delete()  # type: ignore[attr-defined]
        who = User.objects.get(pk=who.pk)
        with pytest.raises(review.AddressNotConfirmed):
            review.claim_telling(telling=slip.telling, by=who)


def test_words_typed_while_the_slip_was_let_go_are_not_lost(holder: Client) -> None:
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=31)):
        response = holder.post(CHANGE, {"title": "O masă nouă", "text": "Multe cuvinte."})
    assert response.status_code == 409
    page = words(response)
    assert "O masă nouă" in page
    assert "Multe cuvinte." in page
    assert "Type the code on your slip first." in response.content.decode()
