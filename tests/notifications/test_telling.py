"""Telling very many people: for the price of one, each once, whatever happens to the workers."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from ideas import actions
from ideas.models import Initiative, OfficialAnswer, Support
from notifications.actions import choose, go_on_telling, notify, notifying
from notifications.models import Delivery, Event, Notification, Preference
from notifications.tasks import tell
from tests import scenes
from tests.notifications.hearing import hearers, let_workers_tell
from tests.races import at_once


class Killed(BaseException):
    """What stands for a worker that is killed: nobody catches it."""


def crowd(count: int) -> list[int]:
    """Return the numbers of many people."""
    first = User.objects.count()
    made = User.objects.bulk_create(
        [
            User(email=f"c{first + number}@buurten.example", pseudonym=f"Buur {first + number}")
            for number in range(count)
        ]
    )
    return [person.pk for person in made]


def supported_by(initiative: Initiative, people: list[int]) -> None:
    Support.objects.bulk_create(Support(initiative=initiative, person_id=pk) for pk in people)


@pytest.fixture
def officer() -> User:
    return scenes.granted(Role.PROGRAMME_OFFICE)


def answered(initiative: Initiative, by: User) -> OfficialAnswer:
    return actions.answer(
        initiative=initiative, by=by, outcome="adopted", text="Ja.", language="nl"
    )


@pytest.mark.django_db
class TestNotify:
    def test_it_costs_the_same_for_one_person_and_for_five_thousand(self, officer: User):
        # What the office may do is read once for the person.
        answered(scenes.initiative(), officer)
        costs = []
        for count in (1, 5_000):
            initiative = scenes.initiative()
            supported_by(initiative, crowd(count))
            with CaptureQueriesContext(connection) as queries:
                answered(initiative, officer)
            costs.append(len(queries))
        assert costs[0] == costs[1]

    def test_a_batch_costs_the_same_for_one_person_and_for_a_thousand(self, officer: User):
        costs = []
        for count in (1, 999):
            initiative = scenes.initiative()
            supported_by(initiative, crowd(count))
            made = answered(initiative, officer)
            event = Event.objects.get(kind="answer", subject_id=made.pk)
            with CaptureQueriesContext(connection) as queries:
                assert not go_on_telling(event_pk=event.pk)
            costs.append(len(queries))
            assert event.notifications.count() == count
        # SQLite takes a statement for each few hundred rows that are written.
        more = 0 if connection.vendor == "postgresql" else 6
        assert costs[1] <= costs[0] + more

    def test_what_was_told_is_not_told_again(self):
        person, initiative = scenes.person(), scenes.initiative()
        for _time in range(3):
            notify("support_first", initiative.pk, to=[person.pk])
        assert hearers("support_first") == [person.pk]

    def test_what_nobody_declared_cannot_be_told(self):
        with pytest.raises(ValueError, match="nothing_like_it"):
            notify("nothing_like_it", 1, to=[1])
        # Only for named people can it wait.
        with pytest.raises(ValueError, match="new_here"):
            notify("new_here", 1, not_before=timezone.now())

    def test_the_mail_of_what_can_be_undone_waits_while_the_site_tells_it(self):
        person, initiative = scenes.person(), scenes.initiative()
        # Else it waits for the morning where this is run at night.
        choose(person=person, fields={"quiet": False})
        later = timezone.now() + datetime.timedelta(minutes=10)
        notify("support_first", initiative.pk, to=[person.pk], not_before=later)
        assert hearers("support_first") == [person.pk]
        row = Delivery.objects.get(notification__event__kind="support_first")
        assert row.next_try_at == later

    def test_undone_with_its_transaction_nobody_hears_it(self):
        person, initiative = scenes.person(), scenes.initiative()

        def is_undone() -> None:
            with transaction.atomic():
                notify("support_first", initiative.pk, to=[person.pk])
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            is_undone()
        assert hearers("support_first") == []

    def test_what_goes_out_follows_what_each_one_wants(self, officer: User):
        initiative, people = scenes.initiative(), crowd(3)
        supported_by(initiative, people)
        Preference.objects.create(person_id=people[0], pace=Preference.Pace.AT_ONCE)
        Preference.objects.create(person_id=people[1], pace=Preference.Pace.WEEKLY)
        answered(initiative, officer)
        let_workers_tell()
        out = Delivery.objects.filter(notification__event__kind="answer")
        assert list(out.values_list("notification__recipient", flat=True)) == people[:1]


@pytest.mark.django_db
class TestGoingOn:
    @pytest.fixture(autouse=True)
    def small_batches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(notifying, "BATCH", 10)

    @pytest.fixture
    def told_of(self, officer: User) -> tuple[Event, list[int]]:
        initiative, people = scenes.initiative(), crowd(95)
        supported_by(initiative, people)
        made = answered(initiative, officer)
        return Event.objects.get(kind="answer", subject_id=made.pk), people

    def test_everybody_hears_it_once(self, told_of: tuple[Event, list[int]]):
        event, people = told_of
        batches = 1
        while go_on_telling(event_pk=event.pk):
            batches += 1
        assert batches == 10
        assert hearers("answer") == people
        event.refresh_from_db()
        assert event.told_at is not None
        assert not go_on_telling(event_pk=event.pk)

    @pytest.mark.parametrize("cut_off_in", ["_tell", "wishes_of"])
    def test_cut_off_in_the_middle_it_goes_on_where_it_was(
        self,
        told_of: tuple[Event, list[int]],
        monkeypatch: pytest.MonkeyPatch,
        cut_off_in: str,
    ):
        event, people = told_of
        real: Callable[..., Any] = getattr(notifying, cut_off_in)
        calls = iter(range(1_000))

        def breaks(*args: Any, **named: Any) -> Any:
            result = real(*args, **named)
            if next(calls) % 3 == 2:
                # As a worker that is killed: nothing of its transaction stands.
                raise Killed
            return result

        monkeypatch.setattr(notifying, cut_off_in, breaks)
        interrupted = 0
        while True:
            try:
                if not go_on_telling(event_pk=event.pk):
                    break
            except Killed:
                interrupted += 1
        assert interrupted >= 3
        monkeypatch.setattr(notifying, cut_off_in, real)
        assert hearers("answer") == people

    def test_who_came_after_it_began_hears_it_if_they_are_next(
        self, told_of: tuple[Event, list[int]]
    ):
        event, people = told_of
        go_on_telling(event_pk=event.pk)
        Support.objects.filter(person_id=people[-1]).delete()
        User.objects.filter(pk=people[-2]).update(is_active=False)
        while go_on_telling(event_pk=event.pk):
            pass
        assert hearers("answer") == people[:-2]

    def test_the_task_goes_on_by_itself(self, told_of: tuple[Event, list[int]]):
        event, people = told_of
        tell(event.pk)
        assert hearers("answer") == people

    def test_a_lost_event_is_found_again(self, told_of: tuple[Event, list[int]]):
        event, _people = told_of
        now = timezone.now()
        assert event not in Event.objects.lost_at(now)
        assert event in Event.objects.lost_at(now + datetime.timedelta(minutes=3))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_everybody_once(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifying, "BATCH", 10)
    initiative, people = scenes.initiative(), crowd(105)
    supported_by(initiative, people)
    made = answered(initiative, officer)
    event = Event.objects.get(kind="answer", subject_id=made.pk)

    def work() -> int:
        batches = 1
        while go_on_telling(event_pk=event.pk):
            batches += 1
        return batches

    results = at_once([work, work, work])

    assert all(isinstance(result, int) for result in results), results
    assert hearers("answer") == people
    rows = Notification.objects.filter(event=event)
    assert rows.values("recipient").distinct().count() == rows.count() == 105
