"""A take-out holds all of a person, is made by a worker, and is fetched by its owner alone."""

import datetime
import io
import json
import os
import time
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from accounts.freshness import FRESH_KEY
from accounts.holdings import all_holdings
from accounts.models import User
from accounts.second_factor import SHOWN_KEY
from contributions.models import Status
from ideas import actions
from participatie.privacy import making
from participatie.privacy.leaving import leave
from participatie.privacy.models import KEPT_FOR, MAX_TRIES, TakeOut
from participatie.privacy.taking_out import AlreadyAsked, LeftAlready, OneADay, ask_take_out
from participatie.tasks import forget_take_outs, make_take_out, sweep_take_outs
from tests import belongings, scenes
from tests.belongings import MARK
from tests.pages import words
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db

A_DAY = datetime.timedelta(days=1)
PAGE = "/en/account/gegevens/"
State = TakeOut.State


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path) -> Iterator[None]:
    with override_settings(MEDIA_ROOT=tmp_path / "media", EMAIL_FILE_PATH=tmp_path / "mail"):
        yield


def made(person: User, **asked: Any) -> TakeOut:
    """Ask for a take-out and let the worker make it."""
    take_out = ask_take_out(person=person, language="en", **asked)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert making.make_take_out(pk=take_out.pk)
    return TakeOut.objects.get(pk=take_out.pk)


def fetched(take_out: TakeOut, client: Client) -> zipfile.ZipFile:
    response = client.get(f"{PAGE}{take_out.key}/")
    assert response.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[arg-type]


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    session = client.session
    session[FRESH_KEY] = time.time()
    session[SHOWN_KEY] = True
    session.save()
    return client


# --- What is in it ---


def test_it_holds_every_word_of_its_owner_and_each_picture() -> None:
    person = belongings.with_everything()
    planted = {
        str(getattr(row, column))
        for holding in all_holdings()
        for row in holding.rows(person)
        for column in {*holding.words, *holding.kept} - set(holding.secret)
        if not isinstance(holding.model._meta.get_field(column), models.FileField)
        and MARK in str(getattr(row, column))
        and holding.model._meta.model_name not in ("revision", "translation")
    }
    assert len(planted) > 40
    archive = fetched(made(person), signed_in(person))
    assert archive.testzip() is None
    text = archive.read("data.json").decode()
    data = json.loads(text)
    assert data["about"]["person"] == person.pk
    told = set(_strings(data))
    assert planted <= told
    assert f"{MARK} changed" in told
    assert f"{MARK} translated" in told
    names = archive.namelist()
    for folder in ("pictures/", "papers/", "portraits/"):
        files = [name for name in names if name.startswith(folder)]
        assert files
        assert all(archive.read(name)[8:12] == b"WEBP" for name in files)
        assert set(files) <= told
    note = archive.read("README.txt").decode()
    assert "data.json" in note
    assert all(str(holding.name) in note for holding in all_holdings())


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)
    elif isinstance(data, str):
        yield data


def test_it_tells_nothing_of_others_and_no_secret() -> None:
    person, other = scenes.person(password="a long password of mine"), scenes.person("Zqothername")
    idea = scenes.initiative("Zqothertitle", author=other)
    scenes.comment(idea, "My words", author=person)
    scenes.comment(idea, "Zqotherwords", author=other)
    actions.give_support(initiative_pk=idea.pk, person=person)
    scenes.initiative(author=person, status=Status.HIDDEN)
    archive = fetched(made(person), signed_in(person))
    text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "My words" in text
    assert "Zqother" not in text
    assert other.email not in text
    assert User.objects.get(pk=person.pk).password not in text
    decided = json.loads(archive.read("data.json"))["contributions"]["decision"]
    assert decided
    assert all("decided_by" not in decision for decision in decided)


def test_an_empty_account_has_a_take_out_too() -> None:
    person = scenes.person(age_band="")
    data = json.loads(fetched(made(person), signed_in(person)).read("data.json"))
    assert data["accounts"]["user"][0]["email"] == person.email
    assert data["ideas"]["initiative"] == []


def test_a_picture_that_went_meanwhile_is_left_out() -> None:
    person = scenes.person()
    belongings._picture(scenes.draft(author=person), "A bench")
    picture = person.initiatives.get().dossier.pictures.get()
    default_storage.delete(picture.image.name)
    names = fetched(made(person), signed_in(person)).namelist()
    assert not any(name.startswith("pictures/") for name in names)


# --- Whose it is ---


def test_nobody_but_its_owner_fetches_it_whatever_they_know_of_it() -> None:
    owner, other = scenes.person(), scenes.person()
    take_out = made(owner)
    address = f"{PAGE}{take_out.key}/"
    assert Client().get(address).status_code == 302
    for key in (take_out.key, uuid.uuid4()):
        assert signed_in(other).get(f"{PAGE}{key}/").status_code == 404
    for wrong in (take_out.pk, "1", "0", "../x", f"{take_out.key}'", take_out.path):
        assert signed_in(owner).get(f"{PAGE}{wrong}/").status_code == 404
    assert signed_in(owner).get(address).status_code == 200
    assert signed_in(owner).post(address).status_code == 405


def test_it_is_sent_as_a_file_that_nobody_keeps() -> None:
    owner = scenes.person()
    response = signed_in(owner).get(f"{PAGE}{made(owner).key}/")
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Content-Encoding" not in response


def test_it_lies_under_a_name_that_says_nothing() -> None:
    owner = scenes.person("Zqowner")
    first, other = made(owner), made(scenes.person())
    assert first.path != other.path
    assert str(first.key) not in first.path
    assert len(first.path) > 40


# --- How long it is kept ---


def test_after_seven_days_it_is_gone() -> None:
    owner = scenes.person()
    take_out = made(owner)
    assert take_out.ready_at is not None
    assert take_out.expires_at == take_out.ready_at + KEPT_FOR
    TakeOut.objects.update(ready_at=timezone.now() - KEPT_FOR, expires_at=timezone.now())
    # The nightly sweep is not waited for.
    assert signed_in(owner).get(f"{PAGE}{take_out.key}/").status_code == 404
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert forget_take_outs() == 1
    assert not default_storage.exists(take_out.path)
    assert TakeOut.objects.get(pk=take_out.pk).state == State.EXPIRED


def test_a_new_one_takes_the_place_of_the_one_before() -> None:
    owner = scenes.person()
    before = made(owner, now=timezone.now() - A_DAY)
    after = made(owner)
    assert not default_storage.exists(before.path)
    assert signed_in(owner).get(f"{PAGE}{before.key}/").status_code == 404
    assert signed_in(owner).get(f"{PAGE}{after.key}/").status_code == 200


def test_a_file_that_no_row_knows_is_deleted_at_night() -> None:
    kept = made(scenes.person())
    stray = default_storage.save("take-outs/stray.zip", ContentFile(b"PK"))
    fresh = default_storage.save("take-outs/fresh.zip", ContentFile(b"PK"))
    for path in (stray, kept.path):
        os.utime(default_storage.path(path), (0, 0))
    assert forget_take_outs() == 1
    assert [default_storage.exists(path) for path in (stray, fresh, kept.path)] == [
        False,
        True,
        True,
    ]


# --- How often ---


def test_one_at_a_time_and_one_a_day() -> None:
    owner = scenes.person()
    first = ask_take_out(person=owner, language="en")
    with pytest.raises(AlreadyAsked):
        ask_take_out(person=owner, language="en")
    making.make_take_out(pk=first.pk)
    with pytest.raises(OneADay):
        ask_take_out(person=owner, language="en")
    ask_take_out(person=owner, language="en", now=timezone.now() + A_DAY)


def test_one_that_failed_does_not_count() -> None:
    owner = scenes.person()
    first = ask_take_out(person=owner, language="en")
    TakeOut.objects.filter(pk=first.pk).update(state=State.FAILED)
    ask_take_out(person=owner, language="en")


def test_who_left_asks_for_nothing_more() -> None:
    owner = scenes.person()
    leave(person=owner, texts_stay=True)
    with pytest.raises(LeftAlready):
        ask_take_out(person=owner, language="en")


# --- The worker ---


def test_a_killed_workers_take_out_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = scenes.person()
    take_out = ask_take_out(person=owner, language="en")

    class Killed(BaseException):
        """Ends a worker where it stands."""

    def die(*args: Any, **kwargs: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("participatie.privacy.making.write_archive", die)
        with pytest.raises(Killed):
            making.make_take_out(pk=take_out.pk)
    sent: list[int] = []
    monkeypatch.setattr(make_take_out, "delay", sent.append)
    assert sweep_take_outs() == 0
    # Somebody may be at work still.
    assert not making.make_take_out(pk=take_out.pk)
    TakeOut.objects.update(touched_at=timezone.now() - datetime.timedelta(minutes=6))
    assert sweep_take_outs() == 1
    assert sent == [take_out.pk]
    assert making.make_take_out(pk=take_out.pk)


def test_after_some_tries_it_is_given_up_and_the_page_says_so() -> None:
    owner = scenes.person()
    take_out = ask_take_out(person=owner, language="en")
    long_ago = timezone.now() - A_DAY
    TakeOut.objects.update(state=State.MAKING, tries=MAX_TRIES, touched_at=long_ago)
    assert not making.make_take_out(pk=take_out.pk)
    assert sweep_take_outs() == 0
    assert TakeOut.objects.get(pk=take_out.pk).state == State.FAILED
    assert "could not make your file" in words(signed_in(owner).get(PAGE))


def test_of_two_workers_one_puts_its_file_there(monkeypatch: pytest.MonkeyPatch) -> None:
    take_out = ask_take_out(person=scenes.person(), language="en")
    write = making.write_archive

    def slow(*args: Any, **kwargs: Any) -> None:
        write(*args, **kwargs)
        monkeypatch.setattr(making, "write_archive", write)
        TakeOut.objects.update(touched_at=timezone.now() - datetime.timedelta(minutes=6))
        assert making.make_take_out(pk=take_out.pk)

    monkeypatch.setattr(making, "write_archive", slow)
    assert not making.make_take_out(pk=take_out.pk)
    ready = TakeOut.objects.get(pk=take_out.pk)
    assert ready.state == State.READY
    assert default_storage.listdir("take-outs")[1] == [Path(ready.path).name]


def test_it_is_thrown_away_when_its_owner_left_while_it_was_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = scenes.person()
    take_out = ask_take_out(person=owner, language="en")
    write = making.write_archive

    def leaving_meanwhile(*args: Any, **kwargs: Any) -> None:
        write(*args, **kwargs)
        TakeOut.objects.filter(person=owner).delete()

    monkeypatch.setattr(making, "write_archive", leaving_meanwhile)
    assert not making.make_take_out(pk=take_out.pk)
    assert default_storage.listdir("take-outs")[1] == []


# --- On the page ---


def test_the_page_says_what_is_held_and_how_far_the_file_is() -> None:
    owner = scenes.person()
    scenes.initiative(author=owner)
    client = signed_in(owner)
    page = words(client.get(PAGE))
    assert "Ideas that you shared" in page
    assert "Comments that you wrote" not in page
    assert client.post(f"{PAGE}meenemen/").status_code == 302
    waiting = client.get(PAGE)
    assert "We are making your file" in words(waiting)
    assert b"hx-trigger" in waiting.content
    # A second press asks for nothing more.
    assert client.post(f"{PAGE}meenemen/").status_code == 302
    take_out = TakeOut.objects.get()
    TakeOut.objects.update(state=State.MAKING, done=3, of=12)
    assert "3 of 12" in words(client.get(PAGE))
    TakeOut.objects.update(state=State.WAITING)
    making.make_take_out(pk=take_out.pk)
    ready = client.get(PAGE)
    assert f"{PAGE}{take_out.key}/" in ready.content.decode()
    assert b"hx-trigger" not in ready.content
    # What would be refused is not offered.
    assert b"/gegevens/meenemen/" not in ready.content
    TakeOut.objects.update(asked_at=timezone.now() - A_DAY)
    assert b"/gegevens/meenemen/" in client.get(PAGE).content
    TakeOut.objects.update(asked_at=timezone.now())
    refused = client.post(f"{PAGE}meenemen/")
    assert refused.status_code == 429
    assert "once a day" in words(refused)


def test_a_take_out_is_asked_for_with_a_form_alone() -> None:
    client = signed_in(scenes.person())
    assert client.get(f"{PAGE}meenemen/").status_code == 405
    assert not TakeOut.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_is_answered() -> None:
    owner = scenes.person()
    answers = at_once([lambda: ask_take_out(person=owner, language="en")] * CALLERS)
    assert sum(isinstance(answer, TakeOut) for answer in answers) == 1
    assert sum(isinstance(answer, AlreadyAsked) for answer in answers) == CALLERS - 1
    assert TakeOut.objects.count() == 1
