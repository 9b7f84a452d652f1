"""Leaving while something of the same person is under way, with real connections."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Role, User
from contributions.actions import Refused
from ideas import actions
from ideas.models import Initiative, Support
from participatie.privacy import emptying
from participatie.privacy.leaving import CannotLeaveYet, leave
from participatie.privacy.models import Departure
from tests import belongings, scenes
from tests.races import CALLERS, at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

LATER = datetime.timedelta(minutes=11)


def leave_wholly(person: User) -> bool:
    departure = leave(person=person, texts_stay=True)
    return emptying.make_pass(pk=departure.pk)


def test_what_is_posted_and_supported_while_one_leaves_is_gone_in_the_end() -> None:
    person = belongings.somebody()
    ideas = [scenes.initiative(f"Idea {number}") for number in range(8)]

    def write(number: int) -> Callable[[], Any]:
        return lambda: scenes.draft(f"{belongings.MARK} late {number}", author=person)

    def support(idea: Initiative) -> Callable[[], Any]:
        return lambda: actions.give_support(initiative_pk=idea.pk, person=person)

    calls = [lambda: leave_wholly(person)]
    calls += [write(number) for number in range(8)]
    calls += [support(idea) for idea in ideas]
    calls += [support(idea) for idea in ideas[:7]]
    answers = at_once(calls)
    assert answers[0] is True
    assert all(
        isinstance(answer, Refused) for answer in answers if isinstance(answer, Exception)
    ), answers
    departure = Departure.objects.get(person=person)
    assert emptying.make_pass(pk=departure.pk, now=timezone.now() + LATER)
    assert belongings.found_in_tables() == set()
    assert not Support.objects.filter(person=person).exists()
    assert set(Initiative.objects.values_list("support_count", flat=True)) == {0}


def test_many_presses_are_one_departure() -> None:
    person = scenes.person()
    answers = at_once([lambda: leave(person=person, texts_stay=True)] * CALLERS)
    assert all(isinstance(answer, Departure) for answer in answers), answers
    assert Departure.objects.count() == 1


def test_of_administrators_who_all_leave_at_once_one_stays() -> None:
    people = [scenes.granted(Role.ADMINISTRATOR) for _ in range(CALLERS)]
    answers = at_once([lambda one=one: leave(person=one, texts_stay=True) for one in people])  # type: ignore[misc]
    assert sum(isinstance(answer, CannotLeaveYet) for answer in answers) == 1, answers
    assert User.objects.filter(pk__in=[one.pk for one in people], is_active=True).count() == 1


def test_two_workers_on_one_departure_count_each_support_once() -> None:
    person = scenes.person()
    ideas = [scenes.initiative(f"Idea {number}") for number in range(5)]
    for idea in ideas:
        scenes.supporters(2, of=idea)
        actions.give_support(initiative_pk=idea.pk, person=person)
    departure = leave(person=person, texts_stay=True)
    answers = at_once([lambda: emptying.make_pass(pk=departure.pk)] * CALLERS)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert set(Initiative.objects.values_list("support_count", flat=True)) == {2}
