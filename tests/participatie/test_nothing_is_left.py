"""A mark in all that a person can fill: after leaving it is found nowhere, but in what stays."""

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from accounts.holdings import all_holdings
from accounts.models import User
from budgets.models import Application, Document, PaymentOrder, Receipt, StageChange
from contributions.models import Picture, Status
from ideas.models import Comment, Initiative
from jongerenraad.actions.votes import recount
from jongerenraad.models import Elector, Membership, Vote
from participatie.privacy import emptying
from participatie.privacy.leaving import leave
from participatie.privacy.models import Departure, TakeOut
from tests import belongings
from tests.belongings import ADDRESS, MARK, PUBLISHED, again, gone, make_pass
from tests.neighbourhood import undone

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[User, Path]]:
    """Build the person with everything once, with folders of their own for files and mail."""
    folder = tmp_path_factory.mktemp("built")
    with (
        override_settings(MEDIA_ROOT=folder / "media", EMAIL_FILE_PATH=folder / "mail"),
        django_db_blocker.unblock(),
        undone(),
    ):
        yield belongings.with_everything(), folder


@pytest.fixture
def marked(built: tuple[User, Path], tmp_path: Path, settings: Any) -> Iterator[User]:
    """Return the person with everything; what a test does to rows and files, the next finds not."""
    person, folder = built
    for name, setting in (("media", "MEDIA_ROOT"), ("mail", "EMAIL_FILE_PATH")):
        shutil.copytree(folder / name, tmp_path / name)
        setattr(settings, setting, tmp_path / name)
    with undone():
        belongings.look_around(person)
        yield User.objects.get(pk=person.pk)


#: Columns in which nobody can put a word: a hash, a code, the name of a file.
WITHOUT_A_MARK = {
    ("User", "password"),
    ("User", "language"),
    ("Session", "session_key"),
    ("Session", "session_data"),
    ("Picture", "image"),
    ("Appeal", "recording"),
    ("SpokenText", "recording"),
    ("SpokenText", "words_digest"),
    ("Membership", "portrait"),
    ("Document", "image"),
    ("Application", "shows_name"),
    ("Initiative", "latitude"),
    ("Initiative", "longitude"),
}


def test_the_mark_stands_in_every_column_that_a_person_fills(marked: User) -> None:
    person = marked
    for holding in all_holdings():
        rows = list(holding.rows(person))
        for column in holding.words:
            name = holding.model.__name__
            if (name, column) not in WITHOUT_A_MARK:
                assert any(MARK in str(getattr(row, column)) for row in rows), (name, column)
    assert belongings.found_in_files()
    assert "drawings" in belongings.found_in_caches()


def test_nothing_is_left_of_who_leaves_with_their_texts(marked: User) -> None:
    person = marked
    departure = gone(person, texts_stay=False)
    assert belongings.found_anywhere() == set()
    again(departure)
    assert belongings.found_anywhere() == set()
    assert belongings.found_anywhere(PUBLISHED) == set()


def test_of_who_lets_texts_stay_the_published_words_are_left_and_no_name(marked: User) -> None:
    person = marked
    again(gone(person, texts_stay=True))
    # In SQLite the index of search is tables as well.
    left = {place for place in belongings.found_in_tables(PUBLISHED) if "search_index" not in place}
    assert left == {
        "contributions_searchdocument.title",
        "contributions_searchdocument.text",
        "contributions_searchdocument.folded",
        "contributions_searchdocument.terms",
        "contributions_searchdocument.pairs",
        "contributions_searchspelling.spelling",
        "contributions_searchspelling.word",
        "ideas_initiative.title",
        "ideas_initiative.slug",
        "ideas_initiative.text",
        "ideas_initiative.help_wanted",
        "ideas_comment.text",
        "ideas_update.text",
        "feedback_remark.text",
        "contributions_picture.description",
        # What it says in another language stays beside what it says.
        "contributions_translation.words",
        # What a neighbour reported about it, and nobody answered yet.
        "contributions_report.words",
        "budgets_application.title",
        "budgets_application.what",
        "budgets_application.for_whom",
        "budgets_application.own_contribution",
        "budgets_grantreport.did",
        "budgets_grantreport.met",
        "budgets_grantreport.learned",
    }
    # What holds the mark holds it as part of the published words.
    with_the_mark = belongings.found_in_tables()
    assert with_the_mark == belongings.found_in_tables(PUBLISHED)
    for initiative in Initiative.objects.filter(title__contains=MARK):
        assert PUBLISHED in initiative.title
        assert not initiative.address_line
        assert initiative.latitude is None
    for model in (Comment, Initiative, Application):
        assert not model.objects.filter(author=person).exclude(status=Status.PUBLISHED).exists()
    assert belongings.found_in_files() == set()


def test_the_pictures_of_what_goes_are_deleted_in_every_size(marked: User) -> None:
    person = marked
    files = [
        path
        for picture in Picture.objects.filter(dossier__initiative__author=person)
        for path in (picture.image.name, *(picture.size_path(w) for w in picture.widths))
    ]
    portrait = Membership.objects.exclude(portrait="").get(person=person).portrait.name
    quotes = list(
        Document.objects.filter(application__author=person).values_list("image", flat=True)
    )
    files += [portrait, *quotes]
    assert len(quotes) > 4
    assert all(map(default_storage.exists, files))
    gone(person, texts_stay=False)
    assert not any(map(default_storage.exists, files))


def test_what_was_written_in_the_name_of_an_organisation_stays_with_it(marked: User) -> None:
    person = marked
    gone(person, texts_stay=False)
    assert Initiative.objects.get(title="In a name").status == Status.PUBLISHED


def test_a_council_keeps_its_counts_and_loses_a_name(marked: User) -> None:
    person = marked
    gone(person, texts_stay=True)
    seat = Membership.objects.filter(person=person).latest("pk")
    assert seat.ends_at is not None
    assert not seat.portrait
    assert recount() == []
    assert set(Vote.objects.filter(elector__membership__person=person).values_list("word")) == {
        ("",)
    }
    aside = Elector.objects.filter(membership__person=person, stepped_aside=True)
    assert set(aside.values_list("reason")) == {("–",)}


def test_the_books_keep_their_amounts_and_lose_the_names(marked: User) -> None:
    person = marked
    order = PaymentOrder.objects.get(application__author=person)
    receipt = Receipt.objects.get(application__author=person)
    gone(person, texts_stay=True)
    after = PaymentOrder.objects.get(pk=order.pk)
    assert (after.cents, after.number) == (order.cents, order.number)
    assert after.recipient_name != order.recipient_name
    kept = Receipt.objects.get(pk=receipt.pk)
    assert kept.cents == receipt.cents
    assert not kept.document.image
    assert not StageChange.objects.filter(reason__contains=MARK).exists()


def test_a_killed_worker_loses_nothing(monkeypatch: pytest.MonkeyPatch, marked: User) -> None:
    person = marked
    departure = leave(person=person, texts_stay=False)

    class Killed(BaseException):
        """Ends a worker where it stands."""

    def die(*args: Any, **kwargs: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("contributions.privacy.delete_draft", die)
        with pytest.raises(Killed):
            make_pass(departure)
    assert belongings.found_anywhere() != set()
    soon = timezone.now() + datetime.timedelta(minutes=3)
    assert emptying.sweep(now=timezone.now()) == []
    assert emptying.sweep(now=soon) == [departure.pk]
    assert make_pass(departure, soon)
    assert belongings.found_anywhere() == set()


def test_what_fails_in_one_place_is_tried_again_and_empties_the_rest(
    monkeypatch: pytest.MonkeyPatch, marked: User
) -> None:
    person = marked
    departure = leave(person=person, texts_stay=False)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr("contributions.privacy.delete_draft", fail)
        with pytest.raises(emptying.PassNotDone):
            make_pass(departure)
    assert Departure.objects.get(pk=departure.pk).first_pass_at is None
    # The row by which the rest is found goes last; it shows nobody's name all the same.
    assert User.objects.get(pk=person.pk).public_name != person.public_name
    assert make_pass(departure)
    assert User.objects.get(pk=person.pk).display_name == ""
    assert belongings.found_in_tables() == set()


def test_of_a_closed_vote_only_the_words_can_go(marked: User) -> None:
    vote = Vote.objects.exclude(word="").get()
    for change in ("word = 'Other words'", "word = '', choice = 'abstain'"):
        with (
            pytest.raises(DatabaseError, match="closed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE jongerenraad_vote SET {change} WHERE id = %s", [vote.pk])
    with (
        pytest.raises(DatabaseError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE budgets_stagechange SET reason = 'Other words'")


def test_a_take_out_goes_with_its_owner(marked: User) -> None:
    person = marked
    path = TakeOut.objects.get(person=person).path
    assert default_storage.exists(path)
    gone(person, texts_stay=True)
    assert not TakeOut.objects.filter(person=person).exists()
    assert not default_storage.exists(path)
    assert ADDRESS not in str(list(User.objects.values_list("email", flat=True)))
