"""Texts read aloud: by their author or a messenger, heard by whoever may read the text."""

import datetime
from functools import partial
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, RoleAct, RoleGrant, User
from contributions import actions, limits, recordings, retention
from contributions.audio import Encoded
from contributions.models import Decision, Dossier, SpokenText, Status
from contributions.recordings import listen_to
from contributions.voices import digest_of, languages_to_read_in
from ideas import actions as ideas
from ideas.models import Comment, Initiative, OfficialAnswer, Update
from moderation.queue import can_go_together
from tests import scenes
from tests.contributions.changing import revise
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def captured_commits() -> Any:
    return TestCase.captureOnCommitCallbacks(execute=True)


SOUND = Encoded(b"sound", 7)


def messenger(language: str = "pl", **told: Any) -> User:
    return scenes.granted(Role.MESSENGER, language=language, **told)


def why() -> dict[str, Any]:
    return {"rule": scenes.house_rule(), "reason": "Somebody is called names in it."}


def speak(text: Any, by: User, language: str = "", **told: Any) -> SpokenText:
    return actions.speak(
        contribution=text, by=by, language=language or text.language, encoded=SOUND, **told
    )


def dossier_of(text: Any) -> Dossier:
    return Dossier.objects.get(pk=text.dossier_id)


def address(spoken: SpokenText) -> str:
    return f"/voorgelezen/{spoken.key}.m4a"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_of(text: Any) -> str:
    return f"/en/bericht/{text.dossier_id}/voorlezen/"


@pytest.fixture
def idea() -> Initiative:
    return scenes.initiative()


class TestWhoMay:
    def test_a_messenger_reads_in_the_languages_and_areas_of_their_grants(self, idea: Initiative):
        assert languages_to_read_in(idea, messenger("pl", area=idea.area)) == ["pl"]
        both = messenger("bg")
        scenes.granted(Role.MESSENGER, language="pl", user=both)
        assert languages_to_read_in(idea, User.objects.get(pk=both.pk)) == ["bg", "pl"]
        elsewhere = messenger("pl", area=scenes.area("Elsewhere"))
        assert languages_to_read_in(idea, elsewhere) == []
        with pytest.raises(actions.NotAllowed):
            speak(idea, elsewhere, "pl")
        with pytest.raises(actions.NotAllowed):
            speak(idea, messenger("pl"), "bg")
        assert not SpokenText.objects.exists()

    def test_its_author_reads_in_its_own_language_from_sixteen_on(self, idea: Initiative):
        assert languages_to_read_in(idea, idea.author) == ["nl"]
        young = scenes.initiative(author=scenes.person(age_band="12-15"))
        assert languages_to_read_in(young, young.author) == []
        assert client_of(young.author).get(form_of(young)).status_code == 404

    @pytest.mark.parametrize("role", [role for role in Role.values if role != Role.MESSENGER])
    def test_no_other_role_reads_aloud(self, idea: Initiative, role: str):
        assert languages_to_read_in(idea, scenes.granted(role)) == []

    @pytest.mark.parametrize("status", [one for one in Status.values if one != Status.PUBLISHED])
    def test_only_what_is_on_the_site(self, status: str):
        text = scenes.initiative(status=status)
        for reader in (text.author, messenger("nl")):
            assert languages_to_read_in(text, reader) == []
            with pytest.raises(actions.NotPossibleNow):
                speak(text, reader, "nl")

    def test_a_paused_author_does_not(self, idea: Initiative):
        decision = actions.warn(dossier=dossier_of(idea), by=scenes.moderator(), **why())
        actions.pause(decision=decision, by=decision.decided_by, days=3)
        with pytest.raises(actions.MeasureHolds):
            speak(idea, idea.author)


class TestAMessengers:
    def test_is_heard_at_once_and_a_moderator_listens_afterwards(self, idea: Initiative):
        reader = messenger("pl")
        spoken = speak(idea, reader, "pl")
        assert spoken.heard_at is not None
        assert Client().get(address(spoken)).content == SOUND.content
        dossier = dossier_of(idea)
        assert (dossier.review, dossier.review_reasons) == ("after", ["recording"])
        act = RoleAct.objects.get(act="contributions.speak")
        assert (act.by, act.about_pk) == (reader, idea.pk)

    def test_is_listened_to_by_somebody_else_than_who_made_it(self, idea: Initiative):
        both = scenes.granted(Role.MODERATOR, user=messenger("pl"))
        speak(idea, both, "pl")
        with pytest.raises(actions.HasAPart):
            actions.keep(dossier=dossier_of(idea), by=both)
        actions.keep(dossier=dossier_of(idea), by=scenes.moderator())

    def test_stands_with_its_text_in_the_language_of_the_page_first(self, idea: Initiative):
        first, second = speak(idea, messenger("bg"), "bg"), speak(idea, messenger("pl"), "pl")
        page = page_of(Client(), f"/pl/initiatieven/{idea.pk}-{idea.address_slug}/")
        assert page.index(str(second.key)) < page.index(str(first.key))
        # Before what the device reads.
        assert page.index(str(second.key)) < page.index("data-read-aloud")
        assert second.made_by.public_name in page

    def test_a_new_one_takes_the_place_of_the_old_one_whose_file_goes_a_day_later(
        self, idea: Initiative
    ):
        old = speak(idea, messenger("pl"), "pl")
        new = speak(idea, messenger("pl"), "pl")
        assert list(SpokenText.objects.heard()) == [new]
        assert Client().get(address(old)).status_code == 404
        path = old.recording.name
        assert retention.forget_recordings(now=timezone.now()) == 0
        assert default_storage.exists(path)
        later = timezone.now() + datetime.timedelta(days=1, minutes=1)
        with captured_commits():
            assert retention.forget_recordings(now=later) == 1
        assert not default_storage.exists(path)
        assert retention.forget_recordings(now=later) == 0
        assert Client().get(address(new)).status_code == 200

    def test_never_takes_the_place_of_the_author_who_reads_the_words_of_now(self, idea: Initiative):
        spoken = speak(idea, idea.author)
        actions.keep(dossier=dossier_of(idea), by=scenes.moderator())
        with pytest.raises(actions.AuthorReadsIt):
            speak(idea, messenger("nl"), "nl")
        accept_change(idea, text="Two benches, and a tree.")
        idea.refresh_from_db()
        assert speak(idea, messenger("nl"), "nl").heard_at is not None
        spoken.refresh_from_db()
        assert spoken.removed_at is not None

    def test_comes_not_again_after_a_moderator_took_one_off_the_site(self, idea: Initiative):
        reader = messenger("pl")
        spoken = speak(idea, reader, "pl")
        hide(idea, spoken)
        actions.take_recording_away(spoken=spoken, by=reader)
        for one in (reader, messenger("pl")):
            with pytest.raises(actions.TakenOffBefore):
                speak(idea, one, "pl")

    @pytest.mark.parametrize("make", ["comment", "update", "answer"])
    def test_other_texts_are_read_aloud_too(self, idea: Initiative, make: str):
        text: Comment | Update | OfficialAnswer
        if make == "comment":
            text = scenes.comment(idea)
        elif make == "update":
            text = scenes.update(idea)
        else:
            text = ideas.answer(
                initiative=idea,
                by=scenes.granted(Role.PROGRAMME_OFFICE),
                outcome="adopted",
                text="Yes, we do this.",
                language="nl",
            )
            assert isinstance(text, OfficialAnswer)
        spoken = speak(text, messenger("pl"), "pl")
        page = page_of(Client(), idea.get_absolute_url().replace("/nl/", "/en/"))
        assert str(spoken.key) in page
        reviewed = make != "answer"
        assert (dossier_of(text).review == "after") == reviewed


def test_an_offices_text_is_read_aloud_by_who_works_there_now(idea: Initiative):
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    answer = ideas.answer(
        initiative=idea, by=office, outcome="adopted", text="Yes, we do this.", language="nl"
    )
    spoken = speak(answer, office)
    assert spoken.heard_at is not None
    hide(answer, spoken)
    with pytest.raises(actions.TakenOffBefore):
        speak(answer, office)
    RoleGrant.objects.filter(user=office).update(ends_at=timezone.now())
    assert languages_to_read_in(answer, User.objects.get(pk=office.pk)) == []


class TestAnAuthors:
    def test_waits_until_a_moderator_listened(self, idea: Initiative):
        spoken = speak(idea, idea.author)
        assert spoken.heard_at is None
        other, reader = client_of(scenes.person()), scenes.moderator()
        for client in (Client(), other, client_of(messenger("nl"))):
            assert client.get(address(spoken)).status_code == 404
        for client in (client_of(idea.author), client_of(reader)):
            assert client.get(address(spoken)).status_code == 200
        assert str(spoken.key) not in page_of(Client(), idea.get_absolute_url())
        seen = actions.version_of(Initiative.objects.get(pk=idea.pk))
        actions.keep(dossier=dossier_of(idea), by=reader, seen=seen)
        assert dossier_of(idea).review == "none"
        assert Client().get(address(spoken)).status_code == 200
        assert str(spoken.key) in page_of(Client(), idea.get_absolute_url())

    def test_is_never_kept_by_who_did_not_see_it(self, idea: Initiative):
        scenes.trusted(idea.author)
        text = scenes.initiative(author=idea.author)
        assert dossier_of(text).review == "after"
        seen = actions.version_of(Initiative.objects.get(pk=text.pk))
        assert can_go_together(Initiative.objects.get(pk=text.pk))
        spoken = speak(text, text.author)
        with pytest.raises(actions.TextChanged):
            actions.keep(dossier=dossier_of(text), by=scenes.moderator(), seen=seen)
        assert not can_go_together(Initiative.objects.get(pk=text.pk))
        spoken.refresh_from_db()
        assert spoken.heard_at is None

    def test_goes_on_waiting_after_a_change_of_the_text_was_decided_about(self, idea: Initiative):
        revise(idea, title="Two benches")
        spoken = speak(idea, idea.author)
        assert dossier_of(idea).review == "revision"
        actions.accept_revision(dossier=dossier_of(idea), by=scenes.moderator())
        dossier = dossier_of(idea)
        assert (dossier.review, dossier.review_reasons) == ("after", ["recording"])
        assert dossier.waiting_since == spoken.made_at
        actions.keep(dossier=dossier, by=scenes.moderator())
        spoken.refresh_from_db()
        assert spoken.heard_at is not None
        # It was read before the words changed.
        assert "This recording is of an earlier version" in english_page(idea)

    def test_a_second_one_takes_the_place_of_the_one_that_waits(self, idea: Initiative):
        first = speak(idea, idea.author)
        path = first.recording.name
        with captured_commits():
            second = speak(idea, idea.author)
        assert list(SpokenText.objects.waiting()) == [second]
        assert not default_storage.exists(path)

    def test_that_waits_goes_with_a_text_that_its_author_takes_away(self, idea: Initiative):
        spoken = speak(idea, idea.author)
        path = spoken.recording.name
        with captured_commits():
            actions.withdraw(contribution=idea, by=idea.author)
        assert dossier_of(idea).review == "none"
        assert not default_storage.exists(path)
        assert client_of(idea.author).get(address(spoken)).status_code == 404

    def test_waits_for_nothing_while_its_text_is_hidden_and_again_when_it_is_back(
        self, idea: Initiative
    ):
        speak(idea, idea.author)
        actions.hide(dossier=dossier_of(idea), by=scenes.moderator(), **why())
        assert dossier_of(idea).review == "none"
        actions.restore(dossier=dossier_of(idea), by=scenes.moderator())
        assert dossier_of(idea).review == "after"


def accept_change(idea: Initiative, **values: Any) -> None:
    revise(idea, **values)
    actions.accept_revision(dossier=dossier_of(idea), by=scenes.moderator())


def hide(text: Any, spoken: SpokenText, by: User | None = None) -> Decision:
    return actions.hide_recording(
        dossier=dossier_of(text), recording=spoken, by=by or scenes.moderator(), **why()
    )


def english_page(idea: Initiative) -> str:
    idea.refresh_from_db()
    return page_of(Client(), idea.get_absolute_url().replace("/nl/", "/en/"))


class TestWhenTheTextChanges:
    def test_the_page_says_so_and_a_new_recording_says_no_more(self, idea: Initiative):
        speak(idea, messenger("pl"), "pl")
        sentence = "This recording is of an earlier version of the text."
        assert sentence not in english_page(idea)
        accept_change(idea, text="Two benches, and a tree.")
        assert sentence in english_page(idea)
        speak(Initiative.objects.get(pk=idea.pk), messenger("pl"), "pl")
        assert sentence not in english_page(idea)

    def test_what_is_not_read_aloud_changes_nothing(self, idea: Initiative):
        before = digest_of(idea)
        speak(idea, messenger("pl"), "pl")
        accept_change(idea, text=f"{idea.text}\n", help_wanted="Wood")
        assert "earlier version" not in english_page(idea)
        assert digest_of(Initiative.objects.get(pk=idea.pk)) == before

    def test_while_somebody_reads_it_aloud_it_counts_as_the_words_that_they_read(
        self, idea: Initiative
    ):
        read = digest_of(idea)
        accept_change(idea, text="Two benches, and a tree.")
        speak(Initiative.objects.get(pk=idea.pk), messenger("pl"), "pl", read=read)
        assert "earlier version" in english_page(idea)


class TestServing:
    def test_a_hidden_text_is_silent_at_once(self, idea: Initiative):
        spoken = speak(idea, messenger("pl"), "pl")
        etag = Client().get(address(spoken))["ETag"]
        actions.hide(dossier=dossier_of(idea), by=scenes.moderator(), **why())
        for headers in ({}, {"If-None-Match": etag}, {"Range": "bytes=0-1"}):
            assert Client().get(address(spoken), headers=headers).status_code == 404

    def test_no_browser_keeps_it_without_asking_again(self, idea: Initiative):
        spoken = speak(idea, messenger("pl"), "pl")
        first = Client().get(address(spoken))
        assert first["Cache-Control"] == "private, no-cache"
        assert first["X-Content-Type-Options"] == "nosniff"
        assert first["Content-Type"] == "audio/mp4"
        again = Client().get(address(spoken), headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_players_get_the_part_that_they_ask_for(self, idea: Initiative):
        spoken = speak(idea, messenger("pl"), "pl")
        part = Client().get(address(spoken), headers={"Range": "bytes=1-2"})
        assert (part.status_code, part.content) == (206, b"ou")

    def test_a_file_that_is_lost_is_not_found(self, idea: Initiative):
        spoken = speak(idea, messenger("pl"), "pl")
        default_storage.delete(spoken.recording.name)
        assert Client().get(address(spoken)).status_code == 404


class TestModerators:
    def test_take_one_off_the_site_and_play_it_again(self, idea: Initiative):
        spoken, reader = speak(idea, messenger("pl"), "pl"), scenes.moderator()
        hide(idea, spoken, reader)
        assert Client().get(address(spoken)).status_code == 404
        assert client_of(spoken.made_by).get(address(spoken)).status_code == 200
        assert dossier_of(idea).review == "none"
        assert str(spoken.key) not in english_page(idea)
        actions.play_recording(dossier=dossier_of(idea), recording=spoken, by=reader)
        assert Client().get(address(spoken)).status_code == 200

    def test_one_that_waits_is_never_heard_then(self, idea: Initiative):
        spoken = speak(idea, idea.author)
        hide(idea, spoken)
        assert dossier_of(idea).review == "none"
        assert not SpokenText.objects.waiting().exists()
        assert Client().get(address(spoken)).status_code == 404

    def test_the_text_itself_goes_on_waiting_where_nobody_read_it(self, idea: Initiative):
        scenes.trusted(idea.author)
        text = scenes.initiative(author=idea.author)
        hide(text, speak(text, messenger("pl"), "pl"))
        dossier = dossier_of(text)
        assert (dossier.review, dossier.review_reasons) == ("after", [])

    def test_nobody_decides_about_what_they_read_aloud_themselves(self, idea: Initiative):
        both = messenger("pl")
        scenes.granted(Role.MODERATOR, user=both)
        both = User.objects.get(pk=both.pk)
        spoken = speak(idea, both, "pl")
        with pytest.raises(actions.NotAllowed):
            hide(idea, spoken, both)
        with pytest.raises(actions.NotAllowed):
            hide(idea, spoken, scenes.moderator(language="bg"))

    def test_a_decision_needs_a_rule_and_a_reason_and_a_recording_that_is_there(
        self, idea: Initiative
    ):
        spoken, reader = speak(idea, messenger("pl"), "pl"), scenes.moderator()
        told = {"dossier": dossier_of(idea), "recording": spoken, "by": reader}
        with pytest.raises(actions.ReasonMissing):
            actions.hide_recording(**told, rule=scenes.house_rule(), reason=" ")
        with pytest.raises(actions.NotPossibleNow):
            actions.play_recording(**told)
        other = scenes.initiative()
        with pytest.raises(actions.NotPossibleNow):
            hide(other, spoken, reader)

    def test_the_author_reads_why_asks_for_another_look_and_it_is_put_right(self, idea: Initiative):
        spoken = speak(idea, idea.author)
        decision = hide(idea, spoken)
        author = client_of(idea.author)
        page = page_of(author, f"/en/beslissingen/{decision.pk}/")
        assert "A recording of your text was taken off the site" in page
        assert "Somebody is called names in it." in page
        asked = actions.appeal(about=decision, by=idea.author, words="That is my own name.")
        judged = actions.judge(
            appeal=asked, by=scenes.moderator(), granted=True, reason="You are right."
        )
        assert judged.put_right_by.outcome == "recording_restored"
        assert Client().get(address(spoken)).status_code == 200

    def test_the_screen_plays_it_and_decides(self, idea: Initiative):
        spoken, reader = speak(idea, idea.author), scenes.moderator()
        client = client_of(reader)
        screen = f"/en/moderatie/{idea.dossier_id}/"
        page = page_of(client, screen)
        assert address(spoken) in page
        assert "Somebody reads it aloud: listen to the recording." in page
        seen = actions.version_of(Initiative.objects.get(pk=idea.pk))
        form = {
            "decision": "hide_recording",
            "seen": seen,
            "rule": scenes.house_rule().pk,
            "reason": "No names, please.",
        }
        assert client.post(screen, form).status_code == 422
        assert client.post(screen, {**form, "recording": spoken.pk}).status_code == 302
        assert Decision.objects.get(outcome="recording_hidden").spoken == spoken
        seen = actions.version_of(Initiative.objects.get(pk=idea.pk))
        again = {"decision": "play_recording", "seen": seen, "recording": spoken.pk}
        assert client.post(screen, again).status_code == 302
        assert Client().get(address(spoken)).status_code == 200


class TestUndoing:
    def test_recordings_wait_again_when_keeping_the_text_is_undone(self, idea: Initiative):
        reader = scenes.moderator()
        old = speak(idea, idea.author)
        actions.keep(dossier=dossier_of(idea), by=reader)
        new = speak(idea, idea.author)
        decision = actions.keep(dossier=dossier_of(idea), by=reader)
        actions.undo(decision=decision, by=reader)
        assert list(SpokenText.objects.heard()) == [old]
        assert list(SpokenText.objects.waiting()) == [new]
        assert dossier_of(idea).review_reasons == ["recording"]

    @pytest.mark.parametrize("was_heard", [True, False])
    def test_a_hidden_one_is_as_it_was(self, idea: Initiative, was_heard: bool):
        reader = scenes.moderator()
        spoken = speak(idea, messenger("nl") if was_heard else idea.author, "nl")
        decision = hide(idea, spoken, reader)
        actions.undo(decision=decision, by=reader)
        spoken.refresh_from_db()
        assert (spoken.heard_at is not None) == was_heard
        assert spoken.hidden_at is None
        assert dossier_of(idea).review_reasons == ["recording"]

    @pytest.mark.parametrize("was_heard", [True, False])
    def test_one_that_was_played_again_is_silent_again(self, idea: Initiative, was_heard: bool):
        reader = scenes.moderator()
        spoken = speak(idea, messenger("nl") if was_heard else idea.author, "nl")
        hidden = hide(idea, spoken, reader)
        decision = actions.play_recording(dossier=dossier_of(idea), recording=spoken, by=reader)
        actions.undo(decision=decision, by=reader)
        spoken.refresh_from_db()
        assert spoken.hidden_at == hidden.decided_at
        assert (spoken.heard_at is not None) == was_heard

    def test_not_where_another_one_took_its_place(self, idea: Initiative):
        reader = scenes.moderator()
        decision = hide(idea, speak(idea, idea.author), reader)
        speak(idea, idea.author)
        with pytest.raises(actions.GoneOnSince):
            actions.undo(decision=decision, by=reader)


class TestThePage:
    def test_shows_the_words_and_takes_the_recording_in(self, idea: Initiative):
        reader = messenger("pl")
        client = client_of(reader)
        page = client.get(form_of(idea))
        assert idea.title in page.content.decode()
        assert "microphone=(self)" in page["Permissions-Policy"]
        assert "blob:" in page["Content-Security-Policy"]
        sent = client.post(
            form_of(idea),
            {
                "language": "pl",
                "read": digest_of(idea),
                "recording": scenes.recording_file(seconds=2),
            },
        )
        assert sent.status_code == 302
        said = [str(message) for message in get_messages(sent.wsgi_request)]
        assert said == ["Everybody can hear your recording now."]
        made = SpokenText.objects.get()
        assert (made.seconds, made.language, made.by_author) == (2, "pl", False)
        played = Client().get(address(made)).content
        # Made anew: what came in was a WAV.
        assert played[4:8] == b"ftyp"

    def test_exists_for_nobody_else(self, idea: Initiative):
        assert Client().get(form_of(idea)).status_code == 302
        for user in (scenes.person(), scenes.moderator(), messenger("pl", area=scenes.area("X"))):
            assert client_of(user).get(form_of(idea)).status_code == 404
            assert client_of(user).post(form_of(idea)).status_code == 404
        assert client_of(messenger()).get("/en/bericht/999999/voorlezen/").status_code == 404

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (None, "Record the text, or choose a recording."),
            (b"", "This is not a recording that we can play."),
            (b"<html>no sound</html>" * 50, "This is not a recording that we can play."),
            (b"RIFF\x00\x00\x00\x00WAVEbroken", "This is not a recording that we can play."),
        ],
    )
    def test_says_what_is_wrong_with_a_file(
        self, idea: Initiative, content: bytes | None, sentence: str
    ):
        sent: dict[str, Any] = {"language": "pl"}
        if content is not None:
            sent["recording"] = SimpleUploadedFile("x.m4a", content, content_type="audio/mp4")
        answer = client_of(messenger()).post(form_of(idea), sent)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not SpokenText.objects.exists()

    def test_says_that_one_is_too_long_or_too_large(
        self, idea: Initiative, monkeypatch: pytest.MonkeyPatch
    ):
        client = client_of(messenger())
        sent = {"language": "pl", "recording": scenes.recording_file(seconds=184)}
        answer = client.post(form_of(idea), sent)
        assert answer.status_code == 422
        assert "This recording is too long." in answer.content.decode()
        monkeypatch.setattr(recordings, "MAX_BYTES", 1000)
        answer = client.post(form_of(idea), {**sent, "recording": scenes.recording_file()})
        assert answer.status_code == 422
        assert "This recording is too large." in answer.content.decode()

    def test_a_language_that_is_not_granted_is_refused(self, idea: Initiative):
        sent = {"language": "bg", "recording": scenes.recording_file()}
        assert client_of(messenger("pl")).post(form_of(idea), sent).status_code == 422
        assert not SpokenText.objects.exists()

    def test_so_many_an_hour(self, idea: Initiative, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(limits, "RATES_OF_SPOKEN", {"spoken": "2/h/user"})
        client = client_of(messenger())
        bad = {"language": "pl"}
        for _number in range(2):
            file = SimpleUploadedFile("x", b"no sound")
            assert client.post(form_of(idea), {**bad, "recording": file}).status_code == 422
        file = scenes.recording_file()
        assert client.post(form_of(idea), {**bad, "recording": file}).status_code == 429

    def test_is_found_by_who_may_and_by_nobody_else(self, idea: Initiative):
        path = idea.get_absolute_url()
        link = f"/bericht/{idea.dossier_id}/voorlezen/"
        assert link in page_of(client_of(messenger("pl")), path)
        assert link in page_of(client_of(idea.author), path)
        assert link not in page_of(Client(), path)
        assert link not in page_of(client_of(scenes.person()), path)

    def test_its_maker_takes_it_away_and_the_file_goes(self, idea: Initiative):
        reader = messenger("pl")
        spoken = speak(idea, reader, "pl")
        path = spoken.recording.name
        url = f"{form_of(idea)}{spoken.key}/weg/"
        for user in (scenes.person(), messenger("pl"), idea.author):
            assert client_of(user).post(url).status_code == 404
        with captured_commits():
            assert client_of(reader).post(url).status_code == 302
        assert not default_storage.exists(path)
        assert Client().get(address(spoken)).status_code == 404
        # Nothing is left to listen to.
        assert dossier_of(idea).review == "none"
        assert client_of(reader).post(url).status_code == 404
        with pytest.raises(actions.NotPossibleNow):
            actions.take_recording_away(spoken=spoken, by=reader)


def test_a_hidden_one_is_deleted_when_nobody_can_ask_any_more(idea: Initiative):
    spoken = speak(idea, idea.author)
    decision = hide(idea, spoken)
    path = spoken.recording.name
    appeal = actions.appeal(about=decision, by=idea.author, words="It is my name.")
    late = timezone.now() + datetime.timedelta(days=366)
    assert retention.forget_recordings(now=late) == 0
    actions.judge(appeal=appeal, by=scenes.moderator(), granted=False, reason="It is not.")
    assert retention.forget_recordings(now=timezone.now()) == 0
    with captured_commits():
        assert retention.forget_recordings(now=late) == 1
    assert not default_storage.exists(path)


def test_a_file_goes_when_its_row_could_not_be_written(
    idea: Initiative, monkeypatch: pytest.MonkeyPatch
):
    written = []

    def refuse(**_told: Any) -> None:
        written.append(SpokenText.objects.get().recording.name)
        raise RuntimeError

    monkeypatch.setattr("contributions.actions.speaking.show_names", refuse)
    with pytest.raises(RuntimeError):
        speak(idea, messenger("pl"), "pl")
    assert not SpokenText.objects.exists()
    assert not default_storage.exists(written[0])


def test_it_takes_no_more_queries_when_all_texts_are_read_aloud(
    idea: Initiative,
):
    texts = [scenes.comment(idea, f"Comment {number}") for number in range(4)]
    page_of(Client(), idea.get_absolute_url())
    with CaptureQueriesContext(connection) as before:
        page_of(Client(), idea.get_absolute_url() + "?a=1")
    for text in texts:
        speak(text, messenger("pl"), "pl")
        speak(text, messenger("bg"), "bg")
    with CaptureQueriesContext(connection) as after:
        page_of(Client(), idea.get_absolute_url() + "?a=2")
    assert len(after) == len(before)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_stands(idea: Initiative):
    readers = [messenger("pl") for _number in range(CALLERS)]
    made = at_once([partial(speak, idea, reader, "pl") for reader in readers])
    assert all(isinstance(one, SpokenText) for one in made)
    assert SpokenText.objects.heard().count() == 1
    assert SpokenText.objects.count() == CALLERS


def test_what_comes_in_is_made_anew(idea: Initiative):
    encoded = listen_to(scenes.recording_file())
    assert encoded.content[4:8] == b"ftyp"


def test_whoever_may_no_more_still_takes_their_recording_away(idea: Initiative):
    reader = messenger("pl")
    spoken = speak(idea, reader, "pl")
    reader.grants.update(ends_at=timezone.now())
    client = client_of(reader)
    assert form_of(idea)[3:] in page_of(client, idea.get_absolute_url())
    page = page_of(client, form_of(idea))
    assert "You can't read this text aloud any more." in page
    assert f"{spoken.key}/weg/" in page
    sent = {"language": "pl", "recording": scenes.recording_file()}
    assert client.post(form_of(idea), sent).status_code == 409
    assert client.post(f"{form_of(idea)}{spoken.key}/weg/").status_code == 302
    assert client.get(form_of(idea)).status_code == 404
