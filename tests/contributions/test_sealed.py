"""Sealed texts keep their words until their time is over; decisions and numbers stay."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from contributions import actions
from contributions.models import Decision, Picture, Status
from contributions.privacy import empty_sealed_texts
from contributions.tasks import empty_sealed_texts as task
from ideas.models import Initiative
from tests import scenes
from tests.contributions.test_appeals import appealed, why, with_picture

pytestmark = pytest.mark.django_db

YEAR = datetime.timedelta(days=366)


def later() -> datetime.datetime:
    return timezone.now() + YEAR


@pytest.mark.parametrize("status", [Status.REJECTED, Status.HIDDEN])
def test_after_a_year_the_words_go_and_the_decision_stays(status: str):
    text = scenes.initiative(status=status)
    decided = Decision.objects.filter(dossier=text.dossier).values("outcome", "reason")
    before = list(decided)

    assert empty_sealed_texts(now=later()) == 1

    text.refresh_from_db()
    assert "bench" not in f"{text.title} {text.text}"
    assert (text.status, text.author_id) == (status, text.author_id)
    assert list(decided) == before
    assert empty_sealed_texts(now=later()) == 0


def test_before_that_they_stay():
    text = scenes.initiative(status=Status.REJECTED)

    assert task() == 0
    assert empty_sealed_texts(now=timezone.now() + datetime.timedelta(days=364)) == 0
    text.refresh_from_db()
    assert "bench" in text.title


@pytest.mark.parametrize(
    "status", [Status.DRAFT, Status.SUBMITTED, Status.PUBLISHED, Status.RETURNED, Status.WITHDRAWN]
)
def test_nothing_else_is_emptied(status: str):
    text = scenes.initiative(status=status)

    assert empty_sealed_texts(now=later()) == 0
    text.refresh_from_db()
    assert "bench" in text.title


def test_while_somebody_waits_for_another_look_the_words_wait_too():
    text = scenes.initiative(status=Status.HIDDEN)
    made = appealed(text)
    assert empty_sealed_texts(now=later()) == 0

    actions.judge(appeal=made, by=scenes.moderator(), granted=False, reason="It stays.")

    assert empty_sealed_texts(now=later()) == 1


def test_its_pictures_go_with_their_files_and_it_cannot_come_back(
    django_capture_on_commit_callbacks,
):
    text, picture = with_picture(status=Status.SUBMITTED)
    reader = scenes.moderator()
    actions.hide_picture(dossier=text.dossier, picture=picture, by=reader, **why())
    actions.publish(dossier=text.dossier, by=reader)
    actions.hide(dossier=text.dossier, by=reader, **why())
    path = picture.image.name

    with django_capture_on_commit_callbacks(execute=True):
        assert empty_sealed_texts(now=later()) == 1

    assert not default_storage.exists(path)
    assert Picture.objects.get().description == ""
    with pytest.raises(actions.NotAllowed):
        actions.restore(dossier=text.dossier, by=reader)
    assert Initiative.objects.get().status == Status.HIDDEN
