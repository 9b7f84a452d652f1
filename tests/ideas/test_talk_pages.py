"""The pages of a messenger's talks, of who calls back, and the mark on what was told."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from contributions import actions as review
from contributions import slips
from contributions.actions import Slip
from contributions.models import AssistedSession, Channel, Status, Telling
from ideas.models import Initiative
from tests import scenes, talks
from tests.contributions.test_report_pages import signed_in
from tests.pages import words

pytestmark = pytest.mark.django_db

LIST = "/en/gesprekken/"
SCRIPT = {"X-Entry": "new"}


@pytest.fixture(autouse=True)
def nobody_is_called(settings: Any) -> None:
    settings.ASSISTED_CHECK_SHARE = 0


@pytest.fixture
def talk() -> AssistedSession:
    return talks.talk()


@pytest.fixture
def messenger(talk: AssistedSession) -> Client:
    return signed_in(talk.held_by)


def form(**told: Any) -> dict[str, Any]:
    return {
        "key": "k" * 24,
        "title": talks.TITLE,
        "text": talks.TEXT,
        "theme": scenes.theme().pk,
        "first_name": "Ileana",
        "is_16": "on",
        "agrees": "on",
        **told,
    }


class TestTalks:
    def test_a_messenger_opens_one_and_finds_it_again(self):
        scenes.area()
        client = signed_in(talks.messenger())
        page = client.get(f"{LIST}nieuw/")
        assert [code for code, _name in page.context["form"]["language"].field.choices] == ["ro"]
        told = {"place": "The kitchen", "language": "ro", "area": scenes.area().pk}
        answer = client.post(f"{LIST}nieuw/", told)
        made = AssistedSession.objects.get()
        assert answer["Location"] == f"{LIST}{made.pk}/"
        assert "The kitchen" in words(client.get(LIST))

    def test_only_neighbourhoods_in_reach_can_be_chosen(self):
        here, elsewhere = scenes.area(), scenes.area("elders")
        client = signed_in(talks.messenger(area=here))
        told = {"place": "The kitchen", "language": "ro", "area": elsewhere.pk}
        assert client.post(f"{LIST}nieuw/", told).status_code == 422
        assert not AssistedSession.objects.exists()

    def test_a_second_one_is_refused_with_a_sentence(self, messenger: Client):
        told = {"place": "The kitchen", "language": "ro", "area": scenes.area().pk}
        answer = messenger.post(f"{LIST}nieuw/", told)
        assert answer.status_code == 409
        assert "Close that one first" in words(answer)

    def test_it_is_closed_and_opened_again(self, messenger: Client, talk: AssistedSession):
        messenger.post(f"{LIST}{talk.pk}/sluiten/")
        assert "This talk is closed" in words(messenger.get(f"{LIST}{talk.pk}/"))
        messenger.post(f"{LIST}{talk.pk}/openen/")
        assert "Write it down" in words(messenger.get(f"{LIST}{talk.pk}/"))

    def test_after_its_day_it_is_not_opened_again(self, messenger: Client, talk: AssistedSession):
        AssistedSession.objects.update(date="2026-01-05", closed_at=timezone.now())
        answer = messenger.post(f"{LIST}{talk.pk}/openen/", follow=True)
        assert "can't be opened again" in words(answer)

    def test_the_talk_of_another_does_not_exist(self, talk: AssistedSession):
        client = signed_in(talks.messenger())
        for path in (f"{talk.pk}/", f"{talk.pk}/sluiten/", f"{talk.pk}/openen/"):
            assert client.post(f"{LIST}{path}", form()).status_code == 404


class TestTelling:
    def test_who_tells_something_gets_a_slip(self, messenger: Client, talk: AssistedSession):
        answer = messenger.post(f"{LIST}{talk.pk}/", form())
        telling = Telling.objects.get()
        assert answer["Location"] == f"{LIST}{talk.pk}/bewijsjes/{telling.pk}/"
        page = messenger.get(answer["Location"]).content.decode()
        code = slips.code_to_show(telling)
        assert slips.in_groups(code) in page
        # In the language of who takes it home.
        assert 'lang="ro"' in page
        assert "https://buurten.example/ro/bewijsje/" in page
        assert "data:image/svg+xml;base64," in page

    def test_what_is_missing_is_asked_for_and_nothing_is_lost(
        self, messenger: Client, talk: AssistedSession
    ):
        answer = messenger.post(f"{LIST}{talk.pk}/", form(agrees="", title=""))
        assert answer.status_code == 422
        page = words(answer)
        assert "Ask first whether they agree" in page
        assert talks.TEXT in page
        assert not Initiative.objects.exists()

    def test_a_script_gets_the_same_slip_each_time(self, messenger: Client, talk: AssistedSession):
        first = messenger.post(f"{LIST}{talk.pk}/", form(), headers=SCRIPT)
        again = messenger.post(f"{LIST}{talk.pk}/", form(), headers={"X-Entry": "kept"})
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
        assert re.fullmatch(r"\d{4} \d{4} \d{4}", first.json()["code"])
        assert Initiative.objects.count() == 1

    @pytest.mark.parametrize(
        ("told", "status", "sentence"),
        [
            ({"agrees": ""}, 422, "Ask first whether they agree"),
            ({"key": "short"}, 422, "Something went wrong on this page"),
            ({"key": "x" * 44}, 422, ""),
            ({"telephone": "call me"}, 422, "8 to 15 digits"),
            ({"theme": "999999999999999999999"}, 422, ""),
            ({"text": "x" * 8001}, 422, ""),
        ],
    )
    def test_a_script_reads_what_is_wrong(
        self,
        messenger: Client,
        talk: AssistedSession,
        told: dict[str, Any],
        status: int,
        sentence: str,
    ):
        answer = messenger.post(f"{LIST}{talk.pk}/", form(**told), headers=SCRIPT)
        assert answer.status_code == status
        assert sentence in " ".join(answer.json()["errors"])

    def test_other_words_under_an_old_key_stay_in_the_form_with_a_new_one(
        self, messenger: Client, talk: AssistedSession
    ):
        messenger.post(f"{LIST}{talk.pk}/", form())
        answer = messenger.post(f"{LIST}{talk.pk}/", form(title="Altceva"))
        assert answer.status_code == 409
        again = answer.context["form"]
        assert again["title"].value() == "Altceva"
        assert again["key"].value() != "k" * 24
        sent = messenger.post(f"{LIST}{talk.pk}/", form(title="Altceva", key=again["key"].value()))
        assert sent.status_code == 302
        assert Initiative.objects.count() == 2

    def test_a_closed_talk_keeps_what_was_typed_on_the_page(
        self, messenger: Client, talk: AssistedSession
    ):
        review.close_session(session=talk, by=talk.held_by)
        answer = messenger.post(f"{LIST}{talk.pk}/", form())
        assert answer.status_code == 409
        assert talks.TEXT in words(answer)
        late = messenger.post(f"{LIST}{talk.pk}/", form(), headers={"X-Entry": "kept"})
        assert late.status_code == 201

    def test_the_list_says_nothing_more_once_it_is_the_persons_own(
        self, messenger: Client, talk: AssistedSession
    ):
        slip = talks.told(talk)
        assert talks.TITLE in words(messenger.get(f"{LIST}{talk.pk}/"))
        review.claim_telling(telling=slip.telling, by=scenes.person())
        page = words(messenger.get(f"{LIST}{talk.pk}/"))
        assert talks.TITLE not in page
        assert "Ileana" not in page

    def test_a_slip_that_is_on_paper_is_not_shown_again(
        self, messenger: Client, talk: AssistedSession
    ):
        slip = talks.told(talk)
        Telling.objects.update(slip_sealed="")
        page = words(messenger.get(f"{LIST}{talk.pk}/bewijsjes/{slip.telling.pk}/"))
        assert "can't be shown any more" in page

    def test_the_list_asks_no_more_of_the_database_for_many(
        self, messenger: Client, talk: AssistedSession
    ):
        counts = []
        for number in (2, 12):
            while Telling.objects.count() < number:
                talks.told(talk, f"Idee {Telling.objects.count()}")
            with CaptureQueriesContext(connection) as queries:
                messenger.get(f"{LIST}{talk.pk}/")
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestTheMark:
    @pytest.fixture
    def slip(self) -> Slip:
        slip = talks.told()
        review.publish(dossier=slip.telling.dossier, by=scenes.moderator(language="ro"))
        return slip

    def test_everybody_reads_to_whom_it_was_told_and_nobody_a_first_name(
        self, slip: Slip, client: Client
    ):
        text = Initiative.objects.get()
        page = words(client.get(f"/en/initiatieven/{text.pk}-{text.slug}/"))
        assert "A neighbour" in page
        assert "Told to messenger, contact person" in page
        assert "Ileana" not in page
        assert "Told to a contact person" in words(client.get("/en/initiatieven/"))

    def test_it_stays_when_the_person_took_it_into_an_account(self, slip: Slip, client: Client):
        review.claim_telling(telling=slip.telling, by=scenes.person("Ana"))
        text = Initiative.objects.get()
        page = words(client.get(f"/en/initiatieven/{text.pk}-{text.slug}/"))
        assert "Ana" in page
        assert "Told to messenger, contact person" in page

    def test_nobody_offers_help_to_nobody(self, slip: Slip, client: Client):
        client.force_login(scenes.person())
        text = Initiative.objects.get()
        answer = client.get(f"/en/initiatieven/{text.pk}-{text.slug}/meehelpen/")
        assert "I want to help" not in words(client.get(f"/en/initiatieven/{text.pk}-{text.slug}/"))
        assert answer.status_code in (302, 404)

    def test_what_came_in_by_itself_has_none(self, client: Client):
        text = scenes.initiative()
        page = words(client.get(f"/en/initiatieven/{text.pk}-{text.slug}/"))
        assert "Told to" not in page

    def test_a_moderator_reads_who_told_it_and_why_it_waits(self):
        slip = talks.told(talks.talk(), "Încă una")
        reader = scenes.moderator(language="ro")
        page = words(signed_in(reader).get(f"/en/moderatie/{slip.telling.dossier_id}/"))
        assert "A new contact person" in page
        assert "Ileana" in page
        assert "16 or older" in page


class TestCallingBack:
    @pytest.fixture
    def slip(self, settings: Any) -> Slip:
        settings.ASSISTED_CHECK_SHARE = 1
        return talks.told(telephone="+31612345678")

    @pytest.fixture
    def caller(self) -> User:
        return scenes.moderator(language="ro")

    def test_the_second_person_reads_the_number_and_notes_what_came_of_it(
        self, slip: Slip, caller: User
    ):
        client = signed_in(caller)
        assert talks.TITLE in words(client.get(f"{LIST}nabellen/"))
        address = f"{LIST}nabellen/{slip.telling.pk}/"
        assert "+31612345678" in words(client.get(address))
        assert client.post(address, {}).status_code == 422
        assert client.post(address, {"outcome": "confirmed"}).status_code == 302
        assert client.get(address).status_code == 404
        assert "There is nobody to call" in words(client.get(f"{LIST}nabellen/"))

    def test_who_held_the_talk_does_not_find_it_there(self, slip: Slip):
        client = signed_in(slip.telling.session.held_by)
        assert talks.TITLE not in words(client.get(f"{LIST}nabellen/"))
        assert client.get(f"{LIST}nabellen/{slip.telling.pk}/").status_code == 404

    def test_another_messenger_is_told_on_their_page(self, slip: Slip):
        client = signed_in(talks.messenger())
        assert "Call 1 person back" in words(client.get(LIST))


class TestCounting:
    def test_the_office_reads_how_texts_came_in(self):
        reader = scenes.moderator(language="ro")
        for number in range(5):
            if number % 3 == 0:
                at = talks.talk()
            review.publish(dossier=talks.told(at, f"Idee {number}").telling.dossier, by=reader)
        scenes.initiative()
        client = signed_in(scenes.granted(Role.PROGRAMME_OFFICE))
        table = client.get(f"{LIST}kanalen/").context["table"]
        row = next(row for row in table.rows if row.label == "initiative")
        by_channel = dict(zip(Channel.values, row.counts, strict=True))
        assert by_channel == {"web": None, "assisted": 5, "paper": 0, "meeting": 0, "import": 0}

    def test_what_is_not_on_the_site_does_not_count(self):
        slip = talks.told()
        assert Initiative.objects.get().status == Status.SUBMITTED
        client = signed_in(scenes.granted(Role.PROGRAMME_OFFICE))
        row = client.get(f"{LIST}kanalen/").context["table"].rows[0]
        assert slip.is_new
        assert set(row.counts) == {0}
