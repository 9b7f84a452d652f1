"""What the programme office finds on its own page: the answers that it owes."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from areas.models import Area
from ideas.models import Initiative
from tests import scenes

pytestmark = pytest.mark.django_db


def crossed(title: str, *, due_in_days: int, where: Area) -> Initiative:
    initiative = scenes.initiative(title, where=where)
    Initiative.objects.filter(pk=initiative.pk).update(
        progress="in_consideration",
        crossed_at=timezone.now(),
        answer_due_date=timezone.localdate() + datetime.timedelta(days=due_in_days),
    )
    return initiative


def test_the_office_finds_the_answers_it_owes_the_most_pressing_first() -> None:
    here, there = scenes.area("hier"), scenes.area("daar")
    crossed("Later", due_in_days=20, where=here)
    crossed("Too late", due_in_days=-1, where=here)
    crossed("Elsewhere", due_in_days=3, where=there)
    scenes.initiative("Still open", where=here)
    browser = Client()
    browser.force_login(scenes.granted(Role.PROGRAMME_OFFICE, area=here))

    page = browser.get("/en/account/").content.decode()

    assert page.index("Too late") < page.index("Later")
    assert "that date is over" in page
    assert "Elsewhere" not in page
    assert "Still open" not in page


def test_nobody_else_sees_that_list() -> None:
    crossed("Later", due_in_days=20, where=scenes.area())
    for person in (scenes.person(), scenes.moderator()):
        browser = Client()
        browser.force_login(person)
        assert b"Answers we owe" not in browser.get("/en/account/").content
