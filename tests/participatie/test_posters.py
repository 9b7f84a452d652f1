"""Posters and cards are asked for, made by a worker, fetched by everybody, and forgotten."""

import dataclasses
import datetime
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from areas.models import Area
from contributions import actions as review
from contributions.models import Dossier, Status
from contributions.translations import digest_of, original_words
from ideas.models import Initiative
from participatie.posters import making
from participatie.posters.asking import ask_for
from participatie.posters.limits import RATES, RATES_PER_ACCOUNT
from participatie.posters.models import KEPT_FOR, LOST_AFTER, MAX_TRIES, Poster
from participatie.posters.subjects import AREA, INITIATIVE, register
from participatie.posters.words import words_on_paper
from participatie.privacy.leaving import leave
from participatie.tasks import forget_posters, make_poster, sweep_posters
from tests import belongings, scenes
from tests.pages import words
from tests.papers import read
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db

ORIGIN = {"Origin": "http://testserver"}
State = Poster.State


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield tmp_path / "media"


def page(thing: Any, word: str = "initiatief") -> str:
    return f"/en/poster/{word}/{thing.pk}/"


def chosen(sheet: str = "poster", *languages: str) -> dict[str, Any]:
    return {"sheet": sheet, "languages": languages or ("nl", "pl", "ar")}


def asked(thing: Any, client: Client | None = None, **data: Any) -> Poster:
    """Ask for a sheet as a visitor, and return its row."""
    response = (client or Client()).post(page(thing), data or chosen(), headers=ORIGIN)
    assert response.status_code == 302, words(response)
    assert response["Location"].startswith("/en/poster/vel/")
    return Poster.objects.get(key=response["Location"].split("/")[-2])


def made(thing: Any, **data: Any) -> Poster:
    """Ask for a sheet and let the worker make it."""
    poster = asked(thing, **data)
    make_poster(poster.pk)
    poster.refresh_from_db()
    assert poster.state == State.READY
    return poster


def straight(thing: Any, **told: Any) -> Poster:
    """Ask for a sheet without a page."""
    subject = AREA if isinstance(thing, Area) else INITIATIVE
    told = {"sheet": "poster", "languages": ("nl",), "may_make": lambda: True, **told}
    return ask_for(subject=subject, thing=thing, **told)


def sheet_page(poster: Poster) -> str:
    return f"/en/poster/vel/{poster.key}/"


def fetched(poster: Poster, client: Client | None = None) -> Any:
    return (client or Client()).get(f"{sheet_page(poster)}bestand/")


def files() -> list[str]:
    return default_storage.listdir("posters")[1] if default_storage.exists("posters") else []


def forgotten() -> int:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return forget_posters()


def hide(idea: Initiative) -> None:
    review.hide(
        dossier=Dossier.objects.get(pk=idea.dossier_id),
        by=scenes.moderator(),
        rule=scenes.house_rule(),
        reason="No.",
    )


# --- Asking, waiting and fetching ---


def test_a_visitor_asks_waits_and_fetches_a_poster_in_three_languages() -> None:
    idea = scenes.initiative("A bench & “more”")
    assert page(idea) in Client().get(idea.get_absolute_url()).content.decode().replace(
        "/nl/", "/en/"
    )
    visitor = Client()
    form = visitor.get(page(idea))
    assert form.status_code == 200
    assert not form.cookies, "Nothing is kept in the browser of who looks."
    with TestCase.captureOnCommitCallbacks() as sent:
        poster = asked(idea, visitor)
    assert len(sent) == 1
    assert (poster.state, poster.codes) == (State.WAITING, ("nl", "pl", "ar"))
    waiting = visitor.get(sheet_page(poster))
    assert "We are making it" in words(waiting)
    assert "hx-get" in waiting.content.decode()
    assert fetched(poster, visitor).status_code == 404
    make_poster(poster.pk)
    ready = visitor.get(sheet_page(poster))
    assert "Ready to print" in words(ready)
    assert "hx-get" not in ready.content.decode()
    response = fetched(poster, visitor)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="poster-a-bench-more-nl-pl-ar.pdf"'
    assert "no-store" in response["Cache-Control"]
    paper = read(b"".join(response.streaming_content))
    assert f"buurten.example/p/i{idea.pk}p/" in paper.text


def test_an_area_has_posters_and_cards_too() -> None:
    area = scenes.area()
    assert page(area, "wijk") in Client().get(f"/en/wijk/{area.slug}/").content.decode()
    response = Client().post(page(area, "wijk"), chosen("cards", "tr"), headers=ORIGIN)
    poster = Poster.objects.get()
    assert response["Location"] == sheet_page(poster)
    make_poster(poster.pk)
    assert b"".join(fetched(poster).streaming_content).startswith(b"%PDF")
    Area.objects.update(accepts_contributions=False)
    assert Client().get(page(area, "wijk")).status_code == 404
    assert fetched(poster).status_code == 404


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose at least one language."),
        (chosen("poster", "nl", "pl", "bg", "ro", "ar"), "Choose four languages at most"),
        (chosen("poster", "nl", "xx"), "xx"),
        (chosen("banner", "nl"), "banner"),
    ],
)
def test_a_choice_that_cannot_be_made_gets_a_sentence(data: Any, sentence: str) -> None:
    response = Client().post(page(scenes.initiative("A bench")), data, headers=ORIGIN)
    assert response.status_code == 422
    assert sentence in words(response)
    assert not Poster.objects.exists()
    if "nl" in data.get("languages", ()):
        assert 'value="nl"' in response.content.decode()
        assert response.content.decode().count("checked") >= 1, "What was chosen stays."


def test_languages_stand_in_one_order_each_once() -> None:
    idea = scenes.initiative("A bench")
    poster = asked(idea, sheet="poster", languages=["ar", "pl", "nl", "pl"])
    assert poster.languages == "nl,pl,ar"
    assert asked(idea, sheet="poster", languages=["nl", "ar", "pl"]) == poster


def test_a_form_from_another_site_is_refused() -> None:
    idea = scenes.initiative("A bench")
    for headers in ({}, {"Origin": "https://elsewhere.example"}):
        assert Client().post(page(idea), chosen(), headers=headers).status_code == 403
    member = Client(enforce_csrf_checks=True)
    member.force_login(scenes.person())
    assert member.post(page(idea), chosen(), headers=ORIGIN).status_code == 403


def test_the_old_address_leads_to_the_new_one() -> None:
    idea = scenes.initiative("A bench")
    response = Client().get(f"/en/initiatieven/{idea.pk}-a-bench/poster/")
    assert (response.status_code, response["Location"]) == (301, page(idea))


# --- Once for all ---


def test_a_second_ask_gets_the_same_sheet_and_keeps_it_longer() -> None:
    idea = scenes.initiative("A bench")
    first = made(idea)
    Poster.objects.update(asked_at=timezone.now() - datetime.timedelta(days=6))
    with TestCase.captureOnCommitCallbacks() as sent:
        again = asked(idea)
    assert sent == []
    assert again == first
    assert again.asked_at > timezone.now() - datetime.timedelta(minutes=1)
    assert len(files()) == 1


def test_other_words_are_another_sheet_and_the_old_one_is_not_given_out() -> None:
    idea = scenes.initiative("A bench")
    old = made(idea)
    idea.set_title("Two benches")
    idea.save()
    assert fetched(old).status_code == 404
    assert "The words changed" in words(Client().get(sheet_page(old)))
    new = made(idea)
    assert new != old
    assert fetched(new).status_code == 200
    assert forgotten() == 1
    assert list(Poster.objects.all()) == [new]
    assert len(files()) == 1


@pytest.mark.parametrize("status", [status for status in Status if status != Status.PUBLISHED])
def test_what_is_not_on_the_site_has_no_sheet(status: str) -> None:
    author = scenes.person()
    idea = scenes.initiative("Zqsecret", author=author, status=status)
    browser = Client()
    browser.force_login(author)
    for who in (Client(), browser):
        assert who.get(page(idea)).status_code == 404
        assert who.post(page(idea), chosen(), headers=ORIGIN).status_code == 404
    assert not Poster.objects.exists()


def test_what_was_hidden_is_gone_at_once_in_every_state() -> None:
    idea = scenes.initiative("A bench")
    ready, waiting = made(idea), asked(idea, **chosen("cards", "nl"))
    hide(idea)
    for poster in (ready, waiting):
        assert Client().get(sheet_page(poster)).status_code == 404
        assert fetched(poster).status_code == 404
    make_poster(waiting.pk)
    assert not Poster.objects.filter(pk=waiting.pk).exists(), "It is not made any more."
    assert forgotten() == 1
    assert files() == []


@pytest.mark.parametrize(
    "address", ["initiatief/999999", "wijk/999999", "niets/1", "initiatief/01"]
)
def test_what_is_nothing_has_no_sheet(address: str) -> None:
    assert Client().get(f"/en/poster/{address}/").status_code == 404
    assert Client().get(f"/en/poster/vel/{uuid.uuid4()}/").status_code == 404
    assert Client().get(f"/en/poster/vel/{uuid.uuid4()}/bestand/").status_code == 404


# --- Limits ---


def test_an_account_and_a_network_ask_for_so_many_and_get_what_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(RATES, "poster", "2/h/ip")
    monkeypatch.setitem(RATES_PER_ACCOUNT, "poster", "1/h/user")
    idea = scenes.initiative("A bench")
    asked(idea, **chosen("poster", "nl"))
    asked(idea, **chosen("poster", "pl"))
    refused = Client().post(page(idea), chosen("poster", "ar"), headers=ORIGIN)
    assert refused.status_code == 429
    assert "very many posters and cards" in words(refused)
    assert 'value="ar"' in refused.content.decode()
    asked(idea, **chosen("poster", "nl"))
    member = Client()
    member.force_login(scenes.person())
    asked(idea, member, **chosen("poster", "bg"))
    assert member.post(page(idea), chosen("poster", "ro")).status_code == 429
    assert Poster.objects.count() == 3


# --- The worker ---


def test_a_sheet_is_made_once_however_often_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    poster = made(scenes.initiative("A bench"))
    calls: list[Any] = []
    monkeypatch.setattr(making, "print_sheet", calls.append)
    assert making.make(pk=poster.pk) is False
    assert making.make(pk=10**9) is False
    assert calls == []


def test_a_dead_workers_sheet_is_made_by_the_sweep_and_given_up_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    idea = scenes.initiative("A bench")
    poster = asked(idea)
    now = timezone.now()
    assert sweep_posters() == 0, "A worker may still be about to take it."

    def dies(drawn: Any) -> bytes:
        raise RuntimeError("no fonts")

    with monkeypatch.context() as patched:
        patched.setattr(making, "print_sheet", dies)
        for number in range(MAX_TRIES):
            now += LOST_AFTER * 2
            with pytest.raises(RuntimeError):
                making.make(pk=poster.pk, now=now)
            assert making.make(pk=poster.pk, now=now) is False, "It is in somebody's hands."
            later = now + LOST_AFTER * 2
            assert making.sweep(now=later) == ([] if number == MAX_TRIES - 1 else [poster.pk])
    poster.refresh_from_db()
    assert poster.state == State.FAILED
    assert "We could not make it" in words(Client().get(sheet_page(poster)))
    assert made(idea) == poster
    assert fetched(poster).status_code == 200


def test_a_worker_that_comes_too_late_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    poster = asked(scenes.initiative("A bench"))

    def slow(drawn: Any) -> bytes:
        Poster.objects.update(tries=2)  # Another worker was given it meanwhile.
        return b"%PDF"

    monkeypatch.setattr(making, "print_sheet", slow)
    assert making.make(pk=poster.pk) is False
    assert files() == []


def test_sheets_are_forgotten_after_a_week_and_so_are_files_that_no_row_knows() -> None:
    poster = made(scenes.initiative("A bench"))
    stray = default_storage.save("posters/stray.pdf", ContentFile(b"%PDF"))
    now = timezone.now()
    assert making.forget_old(now=now + KEPT_FOR - datetime.timedelta(minutes=1)) == 1
    assert not default_storage.exists(stray)
    assert Poster.objects.get() == poster
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert making.forget_old(now=now + KEPT_FOR + datetime.timedelta(minutes=1))
    assert not Poster.objects.exists()
    assert files() == []


def test_a_file_that_is_lost_is_no_error_and_is_made_again() -> None:
    idea = scenes.initiative("A bench")
    poster = made(idea)
    default_storage.delete(poster.path)
    assert fetched(poster).status_code == 404
    assert made(idea) == poster
    assert fetched(poster).status_code == 200


@pytest.mark.parametrize("texts_stay", [True, False])
def test_who_leaves_takes_the_sheets_about_their_texts_along(texts_stay: bool) -> None:
    author = scenes.person("Zqname")
    poster, other = made(scenes.initiative("A", author=author)), made(scenes.initiative("B"))
    departure = leave(person=author, texts_stay=texts_stay)
    belongings.make_pass(departure)
    assert list(Poster.objects.all()) == [other]
    assert len(files()) == 1
    assert not default_storage.exists(poster.path)


# --- Kinds ---


def test_two_kinds_cannot_share_a_word_or_a_letter() -> None:
    for change in ({"letter": "w"}, {"word": "wijk"}):
        with pytest.raises(ValueError, match="called"):
            register(dataclasses.replace(INITIATIVE, name="other", **change))
    register(INITIATIVE, AREA)


def test_pages_take_as_many_queries_for_one_language_as_for_four(
    django_assert_max_num_queries: Any,
) -> None:
    idea = scenes.initiative("A bench")
    for languages in (["nl"], ["nl", "pl", "bg", "ro"]):
        poster = made(idea, **chosen("poster", *languages))
        with django_assert_max_num_queries(14):
            assert Client().get(sheet_page(poster)).status_code == 200


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_all_get_one_sheet() -> None:
    idea = scenes.initiative("A bench")
    answers = at_once([lambda: straight(idea)] * CALLERS)
    assert {answer.pk for answer in answers} == {Poster.objects.get().pk}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    poster = straight(scenes.initiative("A bench"))
    calls: list[Any] = []
    monkeypatch.setattr(making, "print_sheet", lambda drawn: calls.append(drawn) or b"%PDF")
    answers = at_once([lambda: making.make(pk=poster.pk)] * CALLERS)
    assert sorted(map(bool, answers)) == [False] * (CALLERS - 1) + [True]
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert (len(calls), len(files())) == (1, 1)


# --- In translation ---


def translated(idea: Initiative, *, by: Any = None) -> None:
    told = original_words(idea)
    review.write_translation(
        contribution=idea,
        language="pl",
        words={**dict.fromkeys(told, "Dużo miejsca"), "title": "Ławka"},
        by=by or scenes.granted("messenger", language="pl"),
        seen=digest_of(idea),
    )


def test_a_sheet_says_it_in_the_words_of_a_translation() -> None:
    idea = scenes.initiative("Een bankje", language="nl")
    translated(idea)
    said = words_on_paper(idea.dossier, "pl")
    assert (said.language, said.title, said.by_machine) == ("pl", "Ławka", False)
    assert words_on_paper(idea.dossier, "ro").title == "Een bankje"


def test_words_that_the_original_left_behind_stay_off_paper() -> None:
    idea = scenes.initiative("Een bankje", language="nl")
    translated(idea)
    Initiative.objects.filter(pk=idea.pk).update(text="Nu iets heel anders.")
    assert words_on_paper(idea.dossier, "pl").title == "Een bankje"
