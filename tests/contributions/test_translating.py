"""Translations of texts: who makes them stand, and what readers get with the original."""

import datetime
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Role, RoleAct, RoleGrant, User
from contributions import actions
from contributions.actions.translating import (
    LanguageNotGranted,
    NothingToTranslate,
    OwnTranslation,
    TooManyWords,
    WhyMissing,
    WordsMissing,
    store_machine_words,
    version_of_translation,
)
from contributions.models import (
    Contribution,
    Dossier,
    Measure,
    Status,
    Translation,
    TranslationRequest,
)
from contributions.translations import digest_of, shown_words
from ideas.models import Comment, Initiative
from tests import belongings, scenes
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db

State = Translation.State
WORDS = {"title": "Ławka na placu", "text": "Nie ma gdzie usiąść. Chcę zbudować ławkę."}


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


def write(text: Contribution, by: User, *, language: str = "pl", **told: Any) -> Translation:
    """Let somebody translate a text, as it is now."""
    words = told.pop("words", WORDS if isinstance(text, Initiative) else {"text": "Dobry pomysł"})
    told.setdefault("seen", digest_of(text))
    return actions.write_translation(
        contribution=text, language=language, words=words, by=by, **told
    )


def messenger(language: str = "pl", **told: Any) -> User:
    return scenes.granted(Role.MESSENGER, language=language, **told)


def by_machine(text: Contribution, language: str = "pl", /, **words: str) -> Translation:
    """Return what a machine made of a text."""
    told = {"title": "Zqmaszyna", "text": "Zqmaszyna napisała to."}
    if not isinstance(text, Initiative):
        told.pop("title")
    return Translation.objects.create(
        dossier=text.dossier,
        language=language,
        words={**told, **words},
        state=State.MACHINE,
        maker="machine",
        source_digest=digest_of(text),
    )


def current(text: Contribution, language: str = "pl") -> Translation | None:
    return Translation.objects.current().filter(dossier=text.dossier, language=language).first()


def address(name: str, *arguments: int, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"translations:{name}", args=arguments)


def page_of(text: Contribution, language: str = "pl") -> str:
    with translation.override(language):
        return text.get_absolute_url()


def body(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.status_code
    return response.content.decode()


def form_of(text: Contribution, language: str = "pl", /, **told: str) -> dict[str, str]:
    return {**WORDS, "language": language, "seen": digest_of(text), **told}


class TestWhoTranslates:
    def test_a_contact_persons_words_stand_at_once(self):
        text, by = scenes.initiative(), messenger()

        made = write(text, by)

        assert (made.state, made.maker, made.made_by) == (State.HUMAN, "messenger", by)
        assert current(text) == made
        assert RoleAct.objects.get(by=by).act == "contributions.write_translation"

    def test_a_neighbours_words_wait_and_nobody_sees_them(self, client: Client):
        text, by = scenes.initiative(), scenes.person()

        made = write(text, by)

        assert (made.state, made.maker) == (State.WAITING, "reader")
        assert WORDS["title"] not in body(client, page_of(text))
        assert WORDS["title"] not in body(client, address("show", text.dossier_id, language="pl"))

    def test_a_second_try_changes_the_one_that_waits(self):
        text, by = scenes.initiative(), scenes.person()
        first = write(text, by)

        second = write(text, by, words={**WORDS, "title": "Ławka"})

        assert second.pk == first.pk
        assert Translation.objects.get().words["title"] == "Ławka"

    def test_a_contact_person_does_not_translate_into_a_language_not_granted(self):
        with pytest.raises(LanguageNotGranted):
            write(scenes.initiative(), messenger("ro"))
        assert not Translation.objects.exists()

    def test_in_another_neighbourhood_a_contact_persons_words_wait_like_a_neighbours(self):
        here, there = scenes.area(), scenes.area("elders")
        assert write(scenes.initiative(where=here), messenger(area=there)).state == State.WAITING
        assert write(scenes.initiative(where=here), messenger(area=here)).state == State.HUMAN

    def test_a_moderators_words_stand_at_once_in_the_languages_granted(self):
        text = scenes.initiative()
        made = write(text, scenes.moderator(language="pl"))
        assert (made.state, made.maker) == (State.HUMAN, "moderator")
        other = write(scenes.initiative(), scenes.moderator(language="bg"))
        assert other.state == State.WAITING

    def test_an_author_who_is_trusted_translates_their_own_at_once(self):
        new = scenes.person()
        assert write(scenes.initiative(author=new), new).state == State.WAITING
        known = scenes.trusted(scenes.person())
        made = write(scenes.initiative(author=known), known)
        assert (made.state, made.maker) == (State.HUMAN, "author")

    def test_an_author_under_16_always_waits(self):
        young = scenes.trusted(scenes.person(age_band="12-15"))
        made = write(scenes.initiative(author=young), young)
        assert made.state == State.WAITING

    def test_who_may_not_write_does_not_translate(self):
        text, by = scenes.initiative(), scenes.person()
        other = scenes.comment(text, author=by)
        reader = scenes.moderator()
        warned = actions.warn(
            dossier=other.dossier, by=reader, rule=scenes.house_rule(), reason="Not kind."
        )
        actions.pause(decision=warned, by=reader, days=3)
        assert Measure.objects.count() == 1
        with pytest.raises(actions.MeasureHolds):
            write(text, User.objects.get(pk=by.pk))

    def test_who_confirmed_no_address_does_not_translate(self):
        by = scenes.person()
        by.emailaddress_set.update(verified=False)
        with pytest.raises(actions.AddressNotConfirmed):
            write(scenes.initiative(), User.objects.get(pk=by.pk))

    @pytest.mark.parametrize("status", [s for s in Status if s != Status.PUBLISHED])
    def test_only_what_is_on_the_site_is_translated(self, status: str):
        text = scenes.initiative(status=status)
        with pytest.raises(actions.NotPossibleNow):
            write(text, messenger())


class TestWords:
    def test_ten_times_as_long_is_the_most(self):
        text, by = scenes.initiative(text="Twelve signs"), messenger()
        write(text, by, words={"title": "Ławka", "text": "ą" * 120})
        with pytest.raises(TooManyWords):
            write(text, by, words={"title": "Ławka", "text": "ą" * 121})

    @pytest.mark.parametrize("gone", ["title", "text"])
    def test_every_part_is_translated(self, gone: str):
        with pytest.raises(WordsMissing):
            write(scenes.initiative(), messenger(), words={**WORDS, gone: " \u202e "})

    def test_parts_that_the_text_does_not_have_are_left_out_and_others_cleaned(self):
        words = {**WORDS, "help_wanted": "Zq", "author": "Zq", "title": "Ław\u202eka\nna placu"}
        made = write(scenes.initiative(), messenger(), words=words)
        assert made.words == {"title": "Ławka na placu", "text": WORDS["text"]}

    @pytest.mark.parametrize("language", ["nl", "xx", ""])
    def test_into_its_own_language_or_none_it_is_not_translated(self, language: str):
        by = scenes.granted(Role.MODERATOR)
        with pytest.raises(NothingToTranslate):
            write(scenes.initiative(language="nl"), by, language=language)

    def test_a_text_that_changed_meanwhile_is_looked_at_again(self):
        text = scenes.initiative()
        seen = digest_of(text)
        Initiative.objects.filter(pk=text.pk).update(text="Something else.")
        with pytest.raises(actions.OriginalChanged):
            write(text, messenger(), seen=seen)

    def test_the_digest_tells_language_and_each_part(self):
        text = scenes.initiative()
        digests = {digest_of(text)}
        for name, value in (
            ("title", "B"),
            ("text", "C"),
            ("language", "en"),
            ("help_wanted", "D"),
        ):
            setattr(text, name, value)
            digests.add(digest_of(text))
        assert len(digests) == 5


class TestDeciding:
    def waiting(self, text: Initiative | None = None, by: User | None = None) -> Translation:
        return write(text or scenes.initiative(), by or scenes.person())

    def test_a_moderator_agrees_and_everybody_reads_it(self, client: Client):
        text, reader = scenes.initiative(), scenes.moderator()
        made = self.waiting(text)

        actions.agree_to_translation(translation=made, by=reader)

        made.refresh_from_db()
        assert (made.state, made.decided_by) == (State.CHECKED, reader)
        page = body(client, page_of(text, "pl"))
        assert WORDS["title"] in page
        assert RoleAct.objects.filter(by=reader, act="contributions.agree_to_translation").exists()

    def test_it_takes_the_place_of_what_stood_there(self):
        text = scenes.initiative()
        machine = by_machine(text)
        actions.agree_to_translation(translation=self.waiting(text), by=scenes.moderator())
        assert not Translation.objects.filter(pk=machine.pk).exists()

        first = current(text)
        later = self.waiting(text)
        actions.agree_to_translation(translation=later, by=scenes.moderator())
        assert first is not None
        first.refresh_from_db()
        assert first.state == State.REPLACED
        assert current(text) == later

    def test_a_moderator_declines_with_a_reason_that_the_translator_reads(self, client: Client):
        text, by = scenes.initiative(), scenes.person()
        made = self.waiting(text, by)
        with pytest.raises(WhyMissing):
            actions.decline_translation(translation=made, by=scenes.moderator(), reason=" ")

        actions.decline_translation(
            translation=made, by=scenes.moderator(), reason="Zqreason: say all of it."
        )

        assert current(text) is None
        client.force_login(by)
        assert "Zqreason" in body(client, address("show", text.dossier_id, language="pl"))
        # And goes on from there.
        assert write(text, by).state == State.WAITING

    def test_nobody_decides_about_their_own_translation_or_of_their_own_text(self):
        reader = scenes.moderator(language="pl")
        elsewhere = scenes.area("elders")
        RoleGrant.objects.filter(user=reader).update(area=elsewhere)
        reader = User.objects.get(pk=reader.pk)
        text = scenes.initiative(where=scenes.area())
        made = self.waiting(text, reader)
        RoleGrant.objects.filter(user=reader).update(area=None)
        reader = User.objects.get(pk=reader.pk)
        with pytest.raises(OwnTranslation):
            actions.agree_to_translation(translation=made, by=reader)
        of_own = self.waiting(scenes.initiative(author=reader))
        with pytest.raises(OwnTranslation):
            actions.decline_translation(translation=of_own, by=reader, reason="No")

    @pytest.mark.parametrize("role", ["language", "area", "none"])
    def test_only_a_moderator_of_that_language_there_decides(self, role: str):
        made = self.waiting()
        by = {
            "language": partial(scenes.moderator, language="bg"),
            "area": partial(scenes.moderator, area=scenes.area("elders")),
            "none": partial(scenes.granted, Role.PROGRAMME_OFFICE),
        }[role]()
        with pytest.raises(actions.NotAllowed):
            actions.agree_to_translation(translation=made, by=by)

    def test_what_was_decided_is_decided(self):
        made, reader = self.waiting(), scenes.moderator()
        actions.decline_translation(translation=made, by=reader, reason="No")
        with pytest.raises(actions.NotPossibleNow):
            actions.agree_to_translation(translation=made, by=reader)

    def test_what_changed_while_it_was_read_is_read_again(self):
        text, by = scenes.initiative(), scenes.person()
        made = self.waiting(text, by)
        write(text, by, words={**WORDS, "title": "Zqother"})
        with pytest.raises(actions.TextChanged):
            actions.agree_to_translation(
                translation=made, by=scenes.moderator(), seen=made.made_at.isoformat()
            )

    def test_so_it_is_before_it_is_declined_or_taken_away(self):
        text, by, reader = scenes.initiative(), scenes.person(), scenes.moderator()
        made = self.waiting(text, by)
        read = version_of_translation(made)
        write(text, by, words={**WORDS, "title": "Zqother"})
        with pytest.raises(actions.TextChanged):
            actions.decline_translation(translation=made, by=reader, reason="No", seen=read)
        made.refresh_from_db()
        actions.agree_to_translation(translation=made, by=reader)
        with pytest.raises(actions.TextChanged):
            actions.remove_translation(translation=made, by=reader, seen=read)
        current_one = current(text)
        assert current_one is not None
        assert current_one.words["title"] == "Zqother"

    def test_a_translation_of_a_hidden_text_is_not_put_on_the_site(self):
        text = scenes.initiative()
        made = self.waiting(text)
        scenes.bring(text, Status.HIDDEN)
        with pytest.raises(actions.NotPossibleNow):
            actions.agree_to_translation(translation=made, by=scenes.moderator())

    def test_what_a_moderator_took_away_waits_when_it_comes_again(self):
        text, by = scenes.initiative(), messenger()
        actions.remove_translation(translation=write(text, by), by=scenes.moderator())

        assert write(text, by).state == State.WAITING
        assert current(text) is None
        # Of somebody else it stands.
        assert write(text, messenger()).state == State.HUMAN

    def test_who_wrote_it_down_for_somebody_is_not_its_author(self):
        by = messenger("pl")
        text = scenes.initiative()
        Initiative.objects.filter(pk=text.pk).update(entered_by=by)
        text.refresh_from_db()

        assert write(text, by).maker == "messenger"
        with pytest.raises(actions.LanguageNotGranted):
            write(text, by, language="bg")

    def test_a_moderator_takes_a_translation_away_and_the_machine_does_not_make_it_again(
        self, settings: Any
    ):
        settings.TRANSLATION_BACKEND, settings.TRANSLATION_URL = "deepl", "http://127.0.0.1:1"
        text = scenes.initiative()
        made = by_machine(text)

        actions.remove_translation(translation=made, by=scenes.moderator())

        assert current(text) is None
        with (
            translation.override("en"),
            pytest.raises(actions.NotByMachine, match="took the machine's translation"),
        ):
            actions.ask_machine(contribution=text, language="pl")
        # Of other words it may try.
        Initiative.objects.filter(pk=text.pk).update(text="Something else.")
        actions.ask_machine(contribution=Initiative.objects.get(pk=text.pk), language="pl")


class TestPeopleOutrankMachines:
    def store(self, text: Initiative) -> bool:
        return store_machine_words(
            contribution=text,
            language="pl",
            words={"title": "Zqmaszyna", "text": "Zqmaszyna"},
            digest=digest_of(text),
            now=timezone.now(),
        )

    @pytest.fixture(autouse=True)
    def _a_machine(self, settings: Any) -> None:
        settings.TRANSLATION_BACKEND, settings.TRANSLATION_URL = "deepl", "http://127.0.0.1:1"

    def test_a_machine_changes_nothing_that_somebody_made(self):
        text = scenes.initiative()
        made = write(text, messenger())

        assert self.store(text) is True

        assert current(text) == made
        assert Translation.objects.count() == 1
        with (
            translation.override("en"),
            pytest.raises(actions.NotByMachine, match="Somebody translated this already"),
        ):
            actions.ask_machine(contribution=text, language="pl")

    def test_also_not_when_the_original_changed_since(self):
        text = scenes.initiative()
        made = write(text, messenger())
        Initiative.objects.filter(pk=text.pk).update(text="Something else.")
        text.refresh_from_db()
        self.store(text)
        assert current(text) == made

    def test_what_waits_for_a_machine_is_done_when_somebody_translates(self):
        text = scenes.initiative()
        actions.ask_machine(contribution=text, language="pl")
        write(text, messenger())
        assert TranslationRequest.objects.get().state == "done"

    def test_the_database_keeps_one_in_each_language(self):
        text = scenes.initiative()
        by_machine(text)
        with pytest.raises(IntegrityError), transaction.atomic():
            by_machine(text)

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_of_many_at_once_the_person_wins(self):
        text, people = scenes.initiative(), [messenger() for _number in range(CALLERS // 4)]
        machines = [partial(self.store, text)] * (CALLERS - len(people))

        results = at_once([*machines, *(partial(write, text, by) for by in people)])

        assert not [one for one in results if isinstance(one, Exception)]
        standing = Translation.objects.current().get(dossier=text.dossier, language="pl")
        assert standing.state == State.HUMAN
        assert standing.words == WORDS
        assert Translation.objects.filter(state=State.REPLACED).count() == len(people) - 1


class TestReading:
    def test_who_reads_the_language_gets_it_with_its_label_and_the_original_beside_it(
        self, client: Client
    ):
        text = scenes.initiative(language="nl")
        write(text, messenger())

        page = body(client, page_of(text, "pl"))

        assert (
            f'<h1 class="nl-heading nl-heading--level-1" lang="pl" dir="auto">{WORDS["title"]}'
            in page
        )
        assert 'id="story" lang="pl" dir="auto"' in page
        assert 'data-lang="pl"' in page
        assert f'<div class="prose" lang="nl" dir="auto"><p><strong>{text.title}' in page

    def test_each_maker_has_a_label_of_its_own(self, client: Client):
        text = scenes.initiative(language="nl")
        told = {"title": "Zqwords", "text": "Zqwords"}
        by_machine(text, "en", **told)
        assert "Translated by a machine. There can be mistakes in it." in body(
            client, page_of(text, "en")
        )
        write(text, messenger("en"), language="en", words=told)
        assert "Translated by a contact person in your language." in body(
            client, page_of(text, "en")
        )
        made = write(text, scenes.person(), language="en", words=told)
        actions.agree_to_translation(translation=made, by=scenes.moderator())
        assert "Translated by a neighbour, read by a moderator." in body(
            client, page_of(text, "en")
        )

    def test_other_languages_and_its_own_show_the_original(self, client: Client):
        text = scenes.initiative(language="nl")
        write(text, messenger())
        for language in ("nl", "bg"):
            page = body(client, page_of(text, language))
            assert 'id="story" lang="nl"' in page
            assert WORDS["title"] not in page

    def test_a_change_of_the_original_makes_it_outdated_in_sight(self, client: Client):
        text = scenes.initiative(language="nl", author=scenes.person())
        write(text, messenger("en"), language="en", words={"title": "A", "text": "B"})
        sentence = "The original was changed since: this may not say all of it."
        assert sentence not in body(client, page_of(text, "en"))

        data = {**text.fields_of_revision(), "text": "Two benches, then."}
        actions.propose_revision(contribution=text, by=text.author, data=data)
        dossier = Dossier.objects.get(pk=text.dossier_id)
        assert sentence not in body(client, page_of(text, "en"))
        actions.accept_revision(dossier=dossier, by=scenes.moderator())

        assert sentence in body(client, page_of(text, "en"))
        assert sentence in body(client, "/en/initiatieven/")

    def test_lists_comments_news_and_answers_are_read_in_the_language_too(self, client: Client):
        author = scenes.person()
        text = scenes.initiative(author=author, language="nl")
        by = scenes.granted(Role.MESSENGER, user=messenger("pl"))
        comment, news = scenes.comment(text), scenes.update(text)
        write(text, by)
        write(comment, by, words={"text": "Zqcomment"})
        write(news, by, words={"text": "Zqnews"})

        assert WORDS["title"] in body(client, "/pl/initiatieven/")
        page = body(client, page_of(text, "pl"))
        assert "Zqcomment" in page
        assert "Zqnews" in page

    def test_a_remark_and_a_response_beside_a_figure_are_read_in_it_too(self, client: Client):
        by = messenger()
        remark = scenes.remark("I see this.", language="nl")
        given = scenes.response(by=scenes.granted(Role.PROGRAMME_OFFICE))
        write(remark, by, words={"text": "Zqremark"})
        write(given, by, words={"heard": "Zqheard", "doing": "Zqdoing"})

        page = body(client, "/pl/wijk/testwijk/rondkomen/")
        for word in ("Zqremark", "Zqheard", "Zqdoing"):
            assert word in page, word
        assert "Zqheard" in body(client, "/pl/wijk/testwijk/")

    def test_a_hidden_original_hides_all_of_it_at_once(self, client: Client):
        text = scenes.initiative(language="nl")
        comment = scenes.comment(text)
        write(text, messenger())
        write(comment, messenger(), words={"text": "Zqcomment"})
        lists = ["/pl/initiatieven/", "/pl/"]
        for path in lists:
            assert WORDS["title"] in body(client, path)
        scenes.bring(comment, Status.HIDDEN)
        assert "Zqcomment" not in body(client, page_of(text, "pl"))
        body(client, address("show", comment.dossier_id), 404)

        scenes.bring(text, Status.HIDDEN)

        for path in lists:
            assert WORDS["title"] not in body(client, path)
        body(client, page_of(text, "pl"), 404)
        body(client, address("show", text.dossier_id, language="pl"), 404)
        client.force_login(scenes.person())
        body(client, address("write", text.dossier_id, language="pl"), 404)

    def test_an_author_of_a_hidden_comment_sees_the_original_alone(self):
        text = scenes.comment(scenes.initiative())
        write(text, messenger(), words={"text": "Zqcomment"})
        scenes.bring(text, Status.HIDDEN)
        row = Comment.objects.in_language("pl").get(pk=text.pk)
        assert shown_words(row, "pl").words == {"text": text.text}

    @pytest.mark.parametrize("count", [3, 20])
    def test_a_list_with_translations_takes_no_more_queries_than_without(
        self, client: Client, count: int
    ):
        author = scenes.person()
        texts = [scenes.initiative(f"Idea {n}", author=author, language="nl") for n in range(count)]
        for one in texts:
            scenes.comment(texts[0], f"Comment {one.pk}", author=author)

        def costs(path: str) -> int:
            client.get(path)
            caches["drawings"].clear()
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            return len(captured)

        paths = ["/pl/initiatieven/", page_of(texts[0], "pl")]
        without = [costs(path) for path in paths]
        for made in [*texts, *Comment.objects.all()]:
            by_machine(made)

        assert [costs(path) for path in paths] == without
        assert body(client, paths[0]).count("Zqmaszyna</a>") == count


class TestPages:
    def test_a_neighbour_translates_through_the_page(self, client: Client):
        text, by = scenes.initiative(language="nl"), scenes.person()
        client.force_login(by)
        path = address("write", text.dossier_id)
        assert text.title in body(client, f"{path}?taal=pl")

        response = client.post(path, form_of(text), follow=True)

        assert (
            "A moderator reads your translation before others see it." in response.content.decode()
        )
        assert Translation.objects.get().words == WORDS

    def test_a_visitor_signs_in_first(self, client: Client):
        text = scenes.initiative()
        assert client.get(address("write", text.dossier_id)).status_code == 302

    def test_too_long_is_said_beside_the_field_and_nothing_is_lost(self, client: Client):
        text = scenes.initiative(language="nl", text="Twelve signs")
        client.force_login(messenger())
        response = client.post(address("write", text.dossier_id), form_of(text, text="Zqlong" * 30))
        page = response.content.decode()
        assert response.status_code == 422
        assert "A translation can be ten times as long as the text at most." in page
        assert "Zqlong" * 30 in page
        assert WORDS["title"] in page

    def test_a_language_that_is_not_granted_is_refused_with_a_sentence(self, client: Client):
        text = scenes.initiative(language="nl")
        client.force_login(messenger("ro"))
        path = address("write", text.dossier_id)
        for response in (client.get(f"{path}?taal=pl"), client.post(path, form_of(text))):
            assert response.status_code == 403
            assert "You are not a contact person for this language." in response.content.decode()
        assert WORDS["title"] in client.post(path, form_of(text)).content.decode()

    def test_a_text_that_changed_meanwhile_is_shown_anew_with_what_was_written(
        self, client: Client
    ):
        text = scenes.initiative(language="nl")
        client.force_login(messenger())
        told = form_of(text)
        Initiative.objects.filter(pk=text.pk).update(text="Zqchanged words stand here now.")

        response = client.post(address("write", text.dossier_id), told)

        page = response.content.decode()
        assert response.status_code == 409
        assert "Zqchanged" in page
        assert WORDS["text"] in page
        text.refresh_from_db()
        assert digest_of(text) in page

    def test_translating_is_limited_and_the_words_stay(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("contributions.limits.RATES_OF_TRANSLATING", {"translate": "1/h/user"})
        text = scenes.initiative(language="nl")
        client.force_login(scenes.person())
        path = address("write", text.dossier_id)
        assert client.post(path, form_of(text)).status_code == 302
        response = client.post(path, form_of(text, title="Zqkept"))
        assert response.status_code == 429
        assert "Zqkept" in response.content.decode()

    def test_a_visitor_asks_the_machine_and_does_not_wait_for_it(
        self, client: Client, settings: Any
    ):
        # Nobody answers there: the page does not even try.
        settings.TRANSLATION_BACKEND, settings.TRANSLATION_URL = "deepl", "http://127.0.0.1:1"
        text = scenes.initiative(language="nl")
        path = address("show", text.dossier_id)
        page = body(client, path)
        assert "Translate by machine" in page
        assert page.count(text.text) == 1, "There is nothing beside the original yet."

        response = client.post(path, headers={"Origin": "http://testserver"}, follow=True)

        assert "A machine is translating this" in response.content.decode()
        assert TranslationRequest.objects.get().language == "en"
        assert "Translate by machine" not in body(client, path)

    def test_without_a_machine_nothing_is_offered_and_asking_says_so(self, client: Client):
        text = scenes.initiative(language="nl")
        path = address("show", text.dossier_id)
        assert "Translate by machine" not in body(client, path)
        response = client.post(path, headers={"Origin": "http://testserver"})
        assert response.status_code == 422
        assert "No machine translates this text." in response.content.decode()

    def test_asking_is_limited(
        self, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
    ):
        settings.TRANSLATION_BACKEND, settings.TRANSLATION_URL = "deepl", "http://127.0.0.1:1"
        monkeypatch.setattr("contributions.limits.RATES_OF_ASKING", {"ask_translation": "1/h/ip"})
        first, second = scenes.initiative(), scenes.initiative()
        said = [
            client.post(
                address("show", one.dossier_id), headers={"Origin": "http://testserver"}
            ).status_code
            for one in (first, second)
        ]
        assert said == [302, 429]

    def test_a_moderator_decides_through_the_pages(self, client: Client):
        text = scenes.initiative(language="nl")
        one, other = write(text, scenes.person()), write(text, scenes.person(), language="bg")
        client.force_login(scenes.moderator())
        assert address("proposed") in body(client, "/en/moderatie/")
        listed = body(client, address("proposed"))
        for made in (one, other):
            assert address("proposal", made.pk) in listed

        path = address("proposal", one.pk)
        assert WORDS["text"] in body(client, path)
        agreed = client.post(path, {"decision": "agree", "seen": one.made_at.isoformat()})
        assert agreed["Location"] == address("proposed")
        assert current(text) == one
        # The button pressed twice.
        assert client.post(path, {"decision": "agree"}).status_code == 302

        path = address("proposal", other.pk)
        assert client.post(path, {"decision": "decline"}).status_code == 422
        assert client.post(path, {"decision": "decline", "reason": "No"}).status_code == 302
        assert address("proposed") not in body(client, "/en/moderatie/")

    def test_to_others_a_proposal_does_not_exist(self, client: Client):
        made = write(scenes.initiative(), scenes.person())
        for who in (scenes.person(), messenger(), scenes.moderator(language="bg")):
            client.force_login(who)
            body(client, address("proposal", made.pk), 404)

    def test_the_list_of_what_is_proposed_pages_by_key(self, client: Client):
        now = timezone.now()
        text = scenes.initiative(language="nl")
        made = [
            write(text, scenes.person(), now=now + datetime.timedelta(minutes=number // 2))
            for number in range(23)
        ]
        client.force_login(scenes.moderator())
        seen: list[int] = []
        path = address("proposed")
        while path:
            page = body(client, path)
            seen += [one.pk for one in made if address("proposal", one.pk) in page]
            _before, found, rest = page.partition('rel="next" href="')
            path = address("proposed") + rest.partition('"')[0] if found else ""
        assert seen == [one.pk for one in made]

    def test_a_contact_person_finds_what_waits_in_their_languages_and_areas(self, client: Client):
        here, there = scenes.area(), scenes.area("elders")
        waits = scenes.initiative("Zqwaits", where=here, language="nl")
        done = scenes.initiative("Zqdone", where=here, language="nl")
        scenes.initiative("Zqown", where=here, language="pl")
        scenes.initiative("Zqthere", where=there, language="nl")
        scenes.initiative("Zqhidden", where=here, language="nl", status=Status.HIDDEN)
        machine = scenes.initiative("Zqmachine", where=here, language="nl")
        by_machine(machine)
        by = messenger(area=here)
        write(done, by)
        client.force_login(by)

        page = body(client, address("waiting"))

        assert "Zqwaits" in page
        assert "Zqmachine" in page
        for word in ("Zqdone", "Zqown", "Zqthere", "Zqhidden"):
            assert word not in page, word
        assert f"{address('write', waits.dossier_id)}?taal=pl" in page
        # What changed since comes back.
        Initiative.objects.filter(pk=done.pk).update(text="Something else.")
        assert "Zqdone" in body(client, address("waiting"))
        assert "Zqwaits" not in body(client, f"{address('waiting')}?soort=comment")
        # A language that is not theirs shows the one that is.
        assert "Zqwaits" in body(client, f"{address('waiting')}?taal=bg")

    def test_to_who_translates_by_no_role_the_list_does_not_exist(self, client: Client):
        client.force_login(scenes.person())
        body(client, address("waiting"), 404)

    def test_the_list_of_what_waits_pages_by_key(self, client: Client):
        author = scenes.person()
        texts = [scenes.initiative(f"Zq{n}q", author=author, language="nl") for n in range(23)]
        client.force_login(messenger())
        seen: list[int] = []
        path = address("waiting")
        while path:
            page = body(client, path)
            seen += [one.pk for one in reversed(texts) if f">{one.title}<" in page]
            _before, found, rest = page.partition('rel="next" href="')
            path = (
                address("waiting") + rest.partition('"')[0].replace("&amp;", "&") if found else ""
            )
        assert seen == [one.pk for one in reversed(texts)]

    def test_a_moderator_takes_it_away_through_the_page(self, client: Client):
        text = scenes.initiative(language="nl")
        by_machine(text, "en")
        client.force_login(scenes.moderator())
        assert "Take this translation away" in body(client, address("show", text.dossier_id))

        response = client.post(address("remove", text.dossier_id))

        assert response.status_code == 302
        assert current(text, "en") is None


class TestReadingAid:
    @pytest.fixture(autouse=True)
    def _a_machine(self, settings: Any) -> None:
        settings.TRANSLATION_BACKEND, settings.TRANSLATION_URL = "deepl", "http://127.0.0.1:1"

    def test_a_moderator_has_a_text_translated_to_read_it(self, client: Client):
        text = scenes.initiative(status=Status.SUBMITTED, language="pl")
        client.force_login(scenes.moderator())
        path = f"/en/moderatie/{text.dossier_id}/"
        assert "Translate by machine" in body(client, path)

        assert client.post(f"{path}vertalen/").status_code == 302

        assert "A machine is translating this." in body(client, path)
        by_machine(text, "en", text="Zqaid")
        page = body(client, path)
        assert "Zqaid" in page
        assert "Translated by a machine." in page
        # Nobody else sees it, as long as nobody sees the text.
        client.logout()
        body(client, address("show", text.dossier_id), 404)

    def test_a_text_by_somebody_young_is_not_offered_to_a_machine(self, client: Client):
        young = scenes.person(age_band="12-15")
        text = scenes.initiative(status=Status.SUBMITTED, language="pl", author=young)
        client.force_login(scenes.moderator())
        path = f"/en/moderatie/{text.dossier_id}/"
        assert "Translate by machine" not in body(client, path)
        client.post(f"{path}vertalen/")
        assert not TranslationRequest.objects.exists()


class TestLeaving:
    def test_translations_go_with_the_text(self):
        author = belongings.somebody(area=scenes.area())
        text = scenes.initiative(author=author)
        write(text, messenger())
        TranslationRequest.objects.create(dossier=text.dossier, language="ro")

        belongings.gone(author, texts_stay=False)

        assert not Translation.objects.exists()
        assert not TranslationRequest.objects.exists()

    def test_what_a_neighbour_translated_stays_without_a_name_where_texts_stay(self):
        by = messenger()
        standing, other = scenes.initiative(), scenes.initiative()
        write(standing, by)
        waits = write(other, scenes.person())
        Translation.objects.filter(pk=waits.pk).update(made_by=by)

        belongings.gone(by, texts_stay=True)

        row = current(standing)
        assert row is not None
        assert (row.words, row.made_by) == (WORDS, None)
        assert not Translation.objects.filter(pk=waits.pk).exists()

    def test_and_goes_where_they_go(self):
        by = messenger()
        write(scenes.initiative(), by)
        belongings.gone(by, texts_stay=False)
        assert not Translation.objects.exists()

    def test_a_machine_is_asked_nothing_about_a_text_whose_author_left(self, settings: Any):
        settings.TRANSLATION_BACKEND, settings.TRANSLATION_URL = "deepl", "http://127.0.0.1:1"
        author = scenes.person()
        text = scenes.initiative(author=author)
        belongings.gone(author, texts_stay=True)
        with pytest.raises(actions.NotByMachine):
            actions.ask_machine(contribution=Initiative.objects.get(pk=text.pk), language="pl")
