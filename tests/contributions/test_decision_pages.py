"""What an author reads about a decision, and another look from asking to outcome."""

import datetime
import threading
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from contributions import actions, recordings
from contributions.models import Appeal, Decision, HouseRule, Mark, Status
from contributions.privacy import empty_sealed_texts
from contributions.recordings import listen_to
from ideas.models import Initiative
from participatie.models import Page
from tests import scenes
from tests.contributions.test_appeals import last_of, why, with_picture
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def at(name: str, *args: Any, language: str = "en") -> str:
    with translation.override(language):
        return reverse(name, args=args)


def polish_rule() -> HouseRule:
    return HouseRule.objects.create(
        code="polite",
        title="Blijf vriendelijk",
        text="Scheld niet.",
        title_pl="Bądź uprzejmy",
        text_pl="Nie obrażaj innych.",
    )


def hidden(**told: Any) -> tuple[Initiative, Decision]:
    text = scenes.initiative(author=scenes.person("Ola", language="pl"))
    decision = actions.hide(
        dossier=text.dossier,
        by=scenes.moderator(),
        rule=told.pop("rule", None) or scenes.house_rule(),
        reason="In de tweede zin staat een scheldwoord.",
        facts="second sentence",
        words_language="nl",
    )
    return text, decision


def as_(client: Client, person: User | None) -> Client:
    assert person is not None
    client.force_login(person)
    return client


class TestReading:
    def test_an_author_reads_a_decision_in_polish_and_wins_another_look(self, client: Client):
        text, decision = hidden(rule=polish_rule())
        here = as_(client, text.author)

        page = here.get(at("decisions:decision", decision.pk, language="pl")).content.decode()
        assert "Bądź uprzejmy" in page
        assert "Nie obrażaj innych." in page
        assert '<blockquote class="box" dir="auto" lang="nl">' in page
        assert "scheldwoord" in page
        assert "second sentence" in page

        asked = here.post(
            at("decisions:appeal", decision.pk, language="pl"),
            {"words": "To był cytat.", "recording": scenes.recording_file()},
        )
        assert asked.status_code == 302
        made = Appeal.objects.get()
        assert made.recording_seconds == 1

        judge = Client()
        judge.force_login(scenes.moderator())
        told = judge.get(at("moderation:appeal", made.pk, language="pl"))
        assert "To był cytat." in told.content.decode()
        done = judge.post(
            at("moderation:appeal", made.pk),
            {
                "outcome": "granted",
                "reason": "Rzeczywiście, to cytat.",
                "words_language": "pl",
                "seen": told.context["form"]["seen"].value(),
            },
        )
        assert done.status_code == 302

        text.refresh_from_db()
        assert text.status == Status.PUBLISHED
        outcome = here.get(at("decisions:decision", decision.pk, language="pl")).content.decode()
        assert "Rzeczywiście, to cytat." in outcome
        assert (
            at("decisions:decision", decision.pk, language="pl")
            in here.get(at("account_home", language="pl")).content.decode()
        )

    @pytest.mark.parametrize("status", [Status.RETURNED, Status.REJECTED, Status.HIDDEN])
    def test_each_decision_against_is_told(self, client: Client, status: str):
        text = scenes.initiative(status=status)
        decision = last_of(text)

        page = words(as_(client, text.author).get(at("decisions:decision", decision.pk)))

        assert decision.reason in page
        assert "A person decided this" in page
        assert "Ask for another look" in page

    def test_so_are_a_warning_a_picture_a_change_and_a_pause(self, client: Client):
        text, picture = with_picture()
        reader = scenes.moderator()
        actions.hide_picture(dossier=text.dossier, picture=picture, by=reader, **why())
        warning = actions.warn(dossier=text.dossier, by=reader, **why())
        measure = actions.pause(decision=warning, by=reader, days=7)
        here = as_(client, text.author)

        listed = words(here.get(at("decisions:list")))
        assert "A picture with your text was taken off the site" in listed
        assert "You got a warning" in listed
        assert "Your account is paused until the end of" in listed
        assert "Not kind." in words(here.get(at("decisions:measure", measure.pk)))
        assert "paused until" in words(here.get(at("account_home")))

    def test_what_checks_had_marked_is_told(self, client: Client):
        text = scenes.initiative(status=Status.SUBMITTED)
        Mark.objects.create(dossier=text.dossier, check_name="telephone", found="06")
        decision = actions.reject(dossier=text.dossier, by=scenes.moderator(), **why())

        page = words(as_(client, text.author).get(at("decisions:decision", decision.pk)))

        assert "a telephone number" in page
        assert "It never decides." in page

    def test_for_anybody_else_it_does_not_exist(self, client: Client):
        _text, decision = hidden()

        for person in (scenes.person(), scenes.moderator(), decision.decided_by):
            here = as_(client, person)
            assert here.get(at("decisions:decision", decision.pk)).status_code == 404
            asked = here.post(at("decisions:appeal", decision.pk), {"words": "Mine!"})
            assert asked.status_code == 404

    def test_a_decision_for_somebody_has_no_such_page(self, client: Client):
        text = scenes.initiative()

        here = as_(client, text.author)
        assert here.get(at("decisions:decision", last_of(text).pk)).status_code == 404

    def test_an_end_without_a_second_yes_is_not_told(self, client: Client):
        text, reader = scenes.initiative(), scenes.moderator()
        warning = actions.warn(dossier=text.dossier, by=reader, **why())
        measure = actions.end(decision=warning, by=reader)

        here = as_(client, text.author)
        assert here.get(at("decisions:measure", measure.pk)).status_code == 404
        assert "any more" not in words(here.get(at("account_home")))

    def test_a_hidden_picture_is_seen_by_its_author_and_moderators_alone(self, client: Client):
        text, picture = with_picture()
        actions.hide_picture(dossier=text.dossier, picture=picture, by=scenes.moderator(), **why())
        url = reverse("picture", args=[picture.key, 0])

        assert client.get(url).status_code == 404
        assert as_(client, scenes.person()).get(url).status_code == 404
        assert as_(client, text.author).get(url).status_code == 200
        assert as_(client, scenes.moderator()).get(url).status_code == 200


class TestAsking:
    def ask(self, client: Client, decision: Decision, **sent: Any) -> Any:
        return client.post(at("decisions:appeal", decision.pk), sent)

    def test_what_is_no_sound_is_said_and_nothing_typed_is_lost(self, client: Client):
        text, decision = hidden()
        file = SimpleUploadedFile("memo.ogg", b"OggS" + b"no sound at all" * 50)

        response = self.ask(as_(client, text.author), decision, words="My words", recording=file)

        assert response.status_code == 422
        assert "not a recording that we can play" in words(response)
        assert "My words" in response.content.decode()
        assert not Appeal.objects.exists()

    def test_more_than_three_minutes_is_said(self, client: Client):
        text, decision = hidden()

        response = self.ask(
            as_(client, text.author), decision, recording=scenes.recording_file(seconds=185)
        )

        assert response.status_code == 422
        assert "Three minutes is the most" in words(response)

    def test_more_than_ten_megabytes_is_said_before_anybody_listens(self, client: Client):
        text, decision = hidden()
        file = SimpleUploadedFile("memo.wav", b"\0" * (10 * 1024 * 1024 + 1))

        response = self.ask(as_(client, text.author), decision, recording=file)

        assert response.status_code == 422
        assert "at most 10 MB" in words(response)

    def test_nothing_is_asked_without_words_or_a_recording(self, client: Client):
        text, decision = hidden()

        response = self.ask(as_(client, text.author), decision, words=" ")

        assert response.status_code == 422
        assert "add a recording" in words(response)

    def test_asking_twice_is_a_conflict_and_the_words_are_shown(self, client: Client):
        text, decision = hidden()
        here = as_(client, text.author)
        self.ask(here, decision, words="Once")

        response = self.ask(here, decision, words="Twice")

        assert response.status_code == 409
        assert "That can be done once" in words(response)
        assert "Twice" in words(response)
        assert Appeal.objects.get().words == "Once"

    def test_so_is_asking_about_what_was_taken_back(self, client: Client):
        text, decision = hidden()
        actions.restore(dossier=text.dossier, by=scenes.moderator())

        response = self.ask(as_(client, text.author), decision, words="Unfair")

        assert response.status_code == 409
        assert "taken back already" in words(response)


def recordings_kept() -> list[str]:
    return default_storage.listdir("recordings")[0] if default_storage.exists("recordings") else []


class TestRecordings:
    @pytest.fixture
    def made(self) -> Appeal:
        text, decision = hidden()
        return actions.appeal(
            about=decision, by=text.author, recording=listen_to(scenes.recording_file())
        )

    def test_it_is_played_to_whom_it_is_of_and_who_judges_alone(self, client: Client, made: Appeal):
        url = reverse("recording", args=[made.key])
        assert made.decision is not None

        assert client.get(url).status_code == 302
        for person, status in (
            (made.filed_by, 200),
            (scenes.moderator(), 200),
            (scenes.person(), 404),
            (made.decision.decided_by, 404),
            (scenes.moderator(area=scenes.area("elders")), 404),
            (scenes.granted("administrator"), 404),
        ):
            assert as_(client, person).get(url).status_code == status

    def test_it_comes_as_sound_that_no_page_can_be_made_of(self, client: Client, made: Appeal):
        response = as_(client, made.filed_by).get(reverse("recording", args=[made.key]))

        assert response.content[4:8] == b"ftyp"
        assert response["Content-Type"] == "audio/mp4"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response["Cache-Control"]

    def test_a_player_gets_the_part_that_it_asks_for(self, client: Client, made: Appeal):
        url = reverse("recording", args=[made.key])
        here = as_(client, made.filed_by)
        whole = here.get(url)
        size = len(whole.content)
        assert (whole.status_code, whole["Accept-Ranges"]) == (200, "bytes")
        for asked, begin, end in (
            ("bytes=0-1", 0, 1),
            ("bytes=10-", 10, size - 1),
            ("bytes=-5", size - 5, size - 1),
            (f"bytes=2-{size * 9}", 2, size - 1),
        ):
            part = here.get(url, headers={"Range": asked})
            assert part.status_code == 206
            assert part["Content-Range"] == f"bytes {begin}-{end}/{size}"
            assert part.content == whole.content[begin : end + 1]
        for outside in (f"bytes={size}-", "bytes=5-2", "bytes=-0"):
            answer = here.get(url, headers={"Range": outside})
            assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{size}")
        for odd in ("bytes=-", "bytes=0-1,3-4", "lines=1-2", "bytes=²-3"):
            assert here.get(url, headers={"Range": odd}).content == whole.content

    def test_once_it_was_judged_only_its_own_person_hears_it(self, client: Client, made: Appeal):
        judge = scenes.moderator()
        actions.judge(appeal=made, by=judge, granted=False, reason="No.")
        url = reverse("recording", args=[made.key])
        assert as_(client, judge).get(url).status_code == 404
        assert as_(client, made.filed_by).get(url).status_code == 200

    def test_a_year_after_it_was_judged_what_was_said_is_gone(
        self, client: Client, made: Appeal, settings: Any
    ):
        Appeal.objects.update(words="My words")
        actions.judge(appeal=made, by=scenes.moderator(), granted=False, reason="No.")
        now = timezone.now()
        empty_sealed_texts(now=now + datetime.timedelta(days=settings.SEALED_KEPT_DAYS - 1))
        assert Appeal.objects.get().words == "My words"
        kept = Appeal.objects.get().recording.name
        assert default_storage.exists(kept)

        empty_sealed_texts(now=now + datetime.timedelta(days=settings.SEALED_KEPT_DAYS + 1))

        left = Appeal.objects.get()
        assert (left.words, left.recording.name, left.recording_seconds) == ("", "", None)
        assert (left.outcome, left.reason) == ("refused", "No.")
        assert not default_storage.exists(kept)

    def test_many_tries_are_answered_with_a_sentence_and_lose_no_words(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("contributions.limits.RATES_OF_RECORDINGS", {"recording": "2/h/user"})
        text, decision = hidden()
        here, codes = as_(client, text.author), []
        for _again in range(3):
            file = SimpleUploadedFile("memo.ogg", b"OggS" + b"no sound at all" * 50)
            sent = {"words": "My words", "recording": file}
            answer = here.post(at("decisions:appeal", decision.pk), sent)
            codes.append(answer.status_code)
        assert codes == [422, 422, 429]
        assert "My words" in answer.content.decode()
        assert "very many recordings" in words(answer)

    def test_while_many_are_read_the_next_one_is_asked_to_come_back(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("contributions.recordings.WAIT_SECONDS", 0)
        monkeypatch.setattr("contributions.recordings._listeners", threading.BoundedSemaphore(1))
        text, decision = hidden()
        with recordings._listeners:
            answer = as_(client, text.author).post(
                at("decisions:appeal", decision.pk), {"recording": scenes.recording_file()}
            )
        assert answer.status_code == 422
        assert "Send it again in a minute" in words(answer)

    def test_an_appeal_that_is_refused_leaves_no_file(self):
        text, decision = hidden()
        encoded = listen_to(scenes.recording_file())
        actions.appeal(about=decision, by=text.author, words="Once")
        before = recordings_kept()
        with pytest.raises(actions.AppealedAlready):
            actions.appeal(about=decision, by=text.author, recording=encoded)

        assert recordings_kept() == before


class TestHouseRules:
    def test_the_page_says_which_version_holds_and_what_was_said_before(self, client: Client):
        Page.objects.get_or_create(slug="huisregels", defaults={"title": "Huisregels", "body": "."})
        rule = scenes.house_rule()
        rule.text = "Be kind to everybody."
        actions.replace_house_rule(rule=rule)

        page = words(client.get(at("page", "huisregels")))

        assert "Version 2, since" in page
        assert "Earlier versions of the house rules" in page
        assert "Be kind." in page
