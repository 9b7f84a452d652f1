"""Contact persons: what they are asked, what they tell back, and where they may do what."""

import datetime
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Role, RoleAct, User
from areas.models import Area
from contributions.actions import NotAllowed, write_translation
from contributions.translations import digest_of, original_words
from participatie import messengers
from participatie.models import MessengerAnswer, MessengerRequest
from tests import scenes, talks
from tests.pages import words
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def asked(
    text: str = "Who knows young Poles?", *, by: User | None = None, **told: Any
) -> MessengerRequest:
    """Return a question to contact persons, of all languages and areas unless said otherwise."""
    return messengers.ask_messengers(
        by=by or scenes.granted(Role.PROGRAMME_OFFICE),
        text=text,
        language="en",
        languages=told.get("languages", []),
        areas=told.get("areas", []),
        target_group=told.get("target_group"),
        starts_date=told.get("starts", TODAY()),
        ends_date=told.get("ends", TODAY() + datetime.timedelta(days=30)),
    )


def told(of: MessengerRequest, by: User, text: str = "They look for rooms.") -> MessengerAnswer:
    return messengers.tell_office(request=of, by=by, text=text, language="en", is_done=False)


def texts_for(person: User) -> set[str]:
    return {one.text for one in messengers.requests_for(person, now=timezone.now())}


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


class TestWhoIsAsked:
    def test_a_question_finds_the_languages_it_is_for(self):
        asked("to Poles", languages=["pl", "ro"])
        asked("to Bulgarians", languages=["bg"])
        asked("to all")
        assert texts_for(scenes.granted(Role.MESSENGER, language="pl")) == {"to Poles", "to all"}
        assert texts_for(scenes.granted(Role.MODERATOR, language="pl")) == set()

    def test_a_question_finds_the_areas_in_it_and_around_it(self):
        city = scenes.area("stad", kind=Area.Kind.MUNICIPALITY)
        here, there = scenes.area("hier", parent=city), scenes.area("daar", parent=city)
        asked("here", areas=[here])
        asked("there", areas=[there])
        asked("in the city", areas=[city])
        asked("everywhere")

        def of(area: Area | None) -> set[str]:
            return texts_for(scenes.granted(Role.MESSENGER, language="pl", area=area))

        assert of(here) == {"here", "in the city", "everywhere"}
        assert of(city) == of(None) == {"here", "there", "in the city", "everywhere"}

    def test_language_and_area_are_asked_of_the_same_grant(self):
        here, there = scenes.area("hier"), scenes.area("daar")
        person = scenes.granted(Role.MESSENGER, language="pl", area=here)
        person = scenes.granted(Role.MESSENGER, language="bg", area=there, user=person)
        asked("Poles there", languages=["pl"], areas=[there])
        asked("Poles here", languages=["pl"], areas=[here])
        assert texts_for(person) == {"Poles here"}

    def test_only_what_is_asked_today_is_shown(self):
        day = datetime.timedelta(days=1)
        asked("yesterday", starts=TODAY() - 9 * day, ends=TODAY() - day)
        asked("tomorrow", starts=TODAY() + day)
        asked("until today", ends=TODAY())
        messengers.end_request(request=asked("ended"), by=scenes.granted(Role.PROGRAMME_OFFICE))
        assert texts_for(scenes.granted(Role.MESSENGER)) == {"until today"}

    def test_who_is_no_contact_person_any_more_is_asked_nothing(self):
        person = scenes.granted(
            Role.MESSENGER, ends_at=timezone.now() - datetime.timedelta(minutes=1)
        )
        of = asked()
        assert texts_for(person) == set()
        with pytest.raises(NotAllowed):
            told(of, person)
        assert browser(person).get("/en/contactpersoon/").status_code == 404


class TestAsking:
    def test_an_office_of_one_area_asks_there_alone(self):
        here, there = scenes.area("hier"), scenes.area("daar")
        office = scenes.granted(Role.PROGRAMME_OFFICE, area=here)
        assert asked(by=office, areas=[here]).areas.get() == here
        for areas in ([], [there], [here, there]):
            with pytest.raises(NotAllowed):
                asked(by=office, areas=areas)
        with pytest.raises(NotAllowed):
            messengers.end_request(request=asked(areas=[there]), by=office)
        page = browser(office).post(
            "/en/contactpersoon/vragen/nieuw/",
            {
                "text": "Who?",
                "areas": [there.pk],
                "starts_date": TODAY(),
                "ends_date": TODAY(),
            },
        )
        assert page.status_code == 422
        assert "Choose areas that you work for." in words(page)

    def test_residents_and_contact_persons_ask_nothing(self):
        for person in (scenes.person(), scenes.granted(Role.MESSENGER), scenes.moderator()):
            with pytest.raises(NotAllowed):
                asked(by=person)

    @pytest.mark.parametrize(
        ("starts", "ends", "sentence"),
        [
            (0, -1, "This day is over. Choose a later one."),
            (9, 3, "The last day comes after the first one."),
            (0, 400, "A question stands for a year at most."),
        ],
    )
    def test_days_that_cannot_be_meant_get_a_sentence_and_lose_nothing(
        self, starts: int, ends: int, sentence: str
    ):
        page = browser(scenes.granted(Role.PROGRAMME_OFFICE)).post(
            "/en/contactpersoon/vragen/nieuw/",
            {
                "text": "Who knows young Poles?",
                "languages": ["pl"],
                "starts_date": TODAY() + datetime.timedelta(days=starts),
                "ends_date": TODAY() + datetime.timedelta(days=ends),
            },
        )
        assert page.status_code == 422
        assert sentence in words(page)
        assert "Who knows young Poles?" in page.content.decode()
        assert not MessengerRequest.objects.exists()

    def test_asking_and_telling_are_on_the_record_without_their_words(self):
        of = asked()
        told(of, scenes.granted(Role.MESSENGER))
        messengers.end_request(request=of, by=of.written_by)
        acts = list(RoleAct.objects.order_by("pk").values_list("act", flat=True))
        assert acts == [
            "participatie.ask_messengers",
            "participatie.tell_office",
            "participatie.end_request",
        ]
        assert "rooms" not in str(list(RoleAct.objects.values()))

    def test_the_database_refuses_a_question_that_ends_before_it_starts(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            asked(ends=TODAY() - datetime.timedelta(days=1))


class TestTelling:
    def test_what_is_told_again_stands_in_place_of_the_first(self):
        of, person = asked(), scenes.granted(Role.MESSENGER)
        first, second = told(of, person), told(of, person, "They found rooms.")
        assert first.pk == second.pk
        assert MessengerAnswer.objects.get().text == "They found rooms."

    def test_what_is_asked_no_longer_is_refused_with_a_sentence_and_the_words_stay(self):
        of, person = asked(), scenes.granted(Role.MESSENGER)
        messengers.end_request(request=of, by=of.written_by)
        with pytest.raises(messengers.QuestionOver):
            told(of, person)
        page = browser(person).post(
            f"/en/contactpersoon/vraag/{of.pk}/", {"text": "Zq heard this", "language": "en"}
        )
        assert page.status_code == 409
        assert "This question has ended." in words(page)
        assert "Zq heard this" in words(page)

    def test_nobody_else_tells_for_them(self):
        of = asked(languages=["bg"])
        for person in (scenes.granted(Role.MESSENGER, language="pl"), scenes.person()):
            with pytest.raises(NotAllowed):
                told(of, person)

    def test_the_office_reads_it_and_other_contact_persons_do_not(self):
        of, person = asked(), scenes.granted(Role.MESSENGER, user=scenes.person("Zofia"))
        told(of, person, "Zq they look for rooms.")
        office = words(browser(of.written_by).get("/en/contactpersoon/vragen/"))
        assert "Zq they look for rooms." in office
        assert "Zofia" in office
        colleague = browser(scenes.granted(Role.MESSENGER))
        for path in ("", f"vraag/{of.pk}/"):
            assert "Zq they look" not in words(colleague.get(f"/en/contactpersoon/{path}"))

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_of_many_windows_at_once_one_answer_stands(self):
        of, person = asked(), scenes.granted(Role.MESSENGER)
        met = at_once([partial(told, of, person, f"Window {n}") for n in range(CALLERS)])
        assert [one for one in met if isinstance(one, Exception)] == []
        assert MessengerAnswer.objects.count() == 1


class TestThePage:
    def test_it_says_what_is_asked_where_one_works_and_until_when(self):
        laak = scenes.area("laak")
        until = datetime.datetime(2099, 3, 1, 12, tzinfo=datetime.UTC)
        person = scenes.granted(Role.MESSENGER, language="pl", area=laak, ends_at=until)
        person = scenes.granted(Role.MESSENGER, language="ro", user=person)
        of = asked("We have not yet heard young Poles in Laak.", areas=[laak])
        told(of, person)
        page = browser(person).get("/en/contactpersoon/")
        read = words(page)
        assert "We have not yet heard young Poles in Laak." in read
        assert "You told what you heard so far." in read
        assert f"Polski · {laak.name} Until 1 March 2099" in read
        assert "Română · All areas Until you or the programme office ends it" in read

    def test_posting_begins_in_each_granted_language_with_the_form_in_it(self):
        person = scenes.granted(Role.MESSENGER, language="bg")
        # Its pages are not there: the form is in the language of the page.
        person = scenes.granted(Role.MESSENGER, language="hu", user=person)
        page = browser(person).get("/en/contactpersoon/").content.decode()
        assert 'href="/bg/initiatieven/nieuw/"' in page
        assert 'href="/en/initiatieven/nieuw/"' in page
        form = Client().get("/bg/initiatieven/nieuw/")
        with translation.override("bg"):
            assert translation.gettext("Share an idea") in words(form)

    def test_menu_and_my_page_lead_there_and_nobody_else(self):
        link = 'href="/en/contactpersoon/"'
        person = scenes.granted(Role.MESSENGER, language="bg")
        person = scenes.granted(Role.MESSENGER, language="pl", user=person)
        assert browser(person).get("/en/").content.decode().count(link) == 1
        assert browser(person).get("/en/account/").content.decode().count(link) == 2
        assert link not in browser(scenes.moderator()).get("/en/account/").content.decode()

    def test_questions_cost_no_queries_each(self):
        person = scenes.granted(Role.MESSENGER, area=scenes.area("hier"))
        office = scenes.granted(Role.PROGRAMME_OFFICE)

        def cost(who: User, path: str) -> int:
            client = browser(who)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            return len(queries)

        pages = [(person, "/en/contactpersoon/"), (office, "/en/contactpersoon/vragen/")]
        told(asked(by=office), person)
        few = [cost(*page) for page in pages]
        for _number in range(8):
            told(asked(by=office, areas=[scenes.area("hier")]), person)
        assert [cost(*page) for page in pages] == few

    def test_the_offices_list_goes_on_by_key(self):
        office = scenes.granted(Role.PROGRAMME_OFFICE)
        for number in range(21):
            asked(f"Question {number}.", by=office)
        client = browser(office)
        first = client.get("/en/contactpersoon/vragen/")
        assert "Question 1." in words(first)
        assert "Question 0." not in words(first)
        last = MessengerRequest.objects.order_by("-pk")[19]
        assert "Question 0." in words(client.get(f"/en/contactpersoon/vragen/?after={last.pk}"))
        assert client.get("/en/contactpersoon/vragen/?after=x").status_code == 200


class TestWhatElseWaits:
    def test_the_start_page_leads_to_texts_that_wait_for_translation_and_to_own_talks(self):
        messenger = talks.messenger(language="ro")
        idea = scenes.initiative("Een bankje", language="nl")
        talk = talks.talk(messenger, place="A kitchen")
        talks.talk(place="Somebody else's kitchen")

        page = words(browser(messenger).get("/en/contactpersoon/"))

        assert "Een bankje" in page
        assert "A kitchen" in page
        assert "Somebody else" not in page
        assert [one.url for one in messengers.texts_to_translate(messenger)] == [
            f"/en/vertaling/{idea.dossier_id}/schrijven/?taal=ro"
        ]
        tomorrow = TODAY() + datetime.timedelta(days=1)
        assert messengers.own_sessions(messenger, day=TODAY())[0].title == talk.place
        assert messengers.own_sessions(messenger, day=tomorrow) == []

    def test_what_a_person_translated_waits_no_more(self):
        messenger = talks.messenger(language="ro")
        idea = scenes.initiative("Een bankje", language="nl")
        told = original_words(idea)
        write_translation(
            contribution=idea,
            language="ro",
            words=dict.fromkeys(told, "O bancă"),
            by=messenger,
            seen=digest_of(idea),
        )
        assert messengers.texts_to_translate(messenger) == []
