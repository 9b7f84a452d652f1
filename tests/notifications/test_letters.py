"""The weekly letter: one a week, at the hour of one's choice, of what is new and can be seen."""

import datetime
from typing import Any

import pytest

from accounts.models import User
from notifications.actions import choose, mark_read, open_rounds, pause, write_letters
from notifications.letters import send_letters
from notifications.models import Letter, LetterRound
from tests import scenes
from tests.notifications import happenings
from tests.notifications.happenings import FOLLOWED, LIKED, NEAR, told
from tests.notifications.mailbox import Mailbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("happening")]

WEDNESDAY = "2026-12-02T12:00:00Z"
FRIDAY_AT_FOUR = "2026-12-04T15:02:00Z"


def go_round() -> None:
    """Do what the schedule does every few minutes."""
    for pk in open_rounds():
        while write_letters(round_pk=pk):
            pass
    while send_letters():
        pass


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(WEDNESDAY, tick=False)
    go_round()
    return time_machine


def test_a_letter_comes_on_friday_and_groups_what_is_new(mailbox: Mailbox, clock: Any):
    person = scenes.person(language="en")
    told(person, NEAR)
    told(person, FOLLOWED, subject=2)
    told(person, FOLLOWED, subject=3)

    go_round()
    assert mailbox.received == []
    clock.move_to(FRIDAY_AT_FOUR, tick=False)
    go_round()
    go_round()

    assert mailbox.addresses == [person.email]
    text = mailbox.text()
    followed, near = text.index("WHAT YOU SUPPORT"), text.index("YOUR NEIGHBOURHOOD")
    assert followed < text.index("/en/idee/3/") < text.index("/en/idee/2/") < near
    assert near < text.index("/en/idee/1/")
    assert "and 2 more" in mailbox.message()["Subject"]
    assert "List-Unsubscribe=One-Click" in mailbox.message()["List-Unsubscribe-Post"]


def test_what_was_read_mailed_or_hidden_is_left_out_and_none_is_empty(mailbox: Mailbox, clock: Any):
    person = scenes.person(language="en")
    mark_read(person=person, pk=told(person, NEAR).pk)
    told(person, FOLLOWED, subject=2)

    clock.move_to(FRIDAY_AT_FOUR, tick=False)
    happenings.hidden.add(2)
    go_round()

    assert mailbox.received == []
    assert Letter.objects.get().state == "dropped"


def test_many_likes_are_one_line_and_the_rest_is_on_the_site(mailbox: Mailbox, clock: Any):
    person = scenes.person(language="en")
    for number in range(5):
        told(person, FOLLOWED, subject=10 + number)
    for number in range(8):
        told(person, LIKED, subject=20 + number)

    clock.move_to(FRIDAY_AT_FOUR, tick=False)
    go_round()

    assert f"8 people like {happenings.TITLE}" in mailbox.text()
    assert "And 3 more on the site" in mailbox.text()
    assert mailbox.text().count("* ") == 3


def test_a_worker_that_was_down_sends_late_and_once(mailbox: Mailbox, clock: Any):
    told(scenes.person(language="en"), NEAR)

    clock.move_to("2026-12-05T10:00:00Z", tick=False)
    go_round()
    go_round()

    assert len(mailbox.received) == 1


@pytest.mark.parametrize(
    ("before", "day", "hour"),
    [("2027-03-26T12:00:00Z", 6, 2), ("2027-10-29T12:00:00Z", 6, 2)],
    ids=["an hour that does not exist", "an hour that is there twice"],
)
def test_a_clock_that_is_moved_gives_one_letter(
    mailbox: Mailbox, time_machine: Any, before: str, day: int, hour: int
):
    time_machine.move_to(before, tick=False)
    go_round()
    person = scenes.person(language="en")
    choose(person=person, fields={"letter_day": day, "letter_hour": hour})
    told(person, NEAR)

    start = datetime.datetime.fromisoformat(before)
    for number in range(60):
        time_machine.move_to(start + datetime.timedelta(hours=number, minutes=2), tick=False)
        go_round()

    assert len(mailbox.received) == 1
    assert LetterRound.objects.filter(done_at__isnull=True).count() == 0


def test_another_day_in_the_same_week_gives_no_second_letter(mailbox: Mailbox, clock: Any):
    person = scenes.person(language="en")
    told(person, NEAR)
    clock.move_to(FRIDAY_AT_FOUR, tick=False)
    go_round()

    choose(person=person, fields={"letter_day": 5})
    told(person, NEAR, subject=2)
    clock.move_to("2026-12-05T15:02:00Z", tick=False)
    go_round()

    assert len(mailbox.received) == 1


def test_what_was_told_in_a_pause_is_in_no_letter_after_it(mailbox: Mailbox, clock: Any):
    person = scenes.person(language="en")
    pause(person=person, paused=True)
    told(person, NEAR)
    clock.shift(datetime.timedelta(hours=1))
    pause(person=person, paused=False)
    told(person, NEAR, subject=2)

    clock.move_to(FRIDAY_AT_FOUR, tick=False)
    go_round()

    assert "/en/idee/2/" in mailbox.text()
    assert "/en/idee/1/" not in mailbox.text()


def test_to_end_a_pause_that_is_none_loses_no_news(mailbox: Mailbox, clock: Any):
    person = scenes.person(language="en")
    told(person, NEAR)
    clock.shift(datetime.timedelta(hours=1))
    pause(person=person, paused=False)

    clock.move_to(FRIDAY_AT_FOUR, tick=False)
    go_round()

    assert "/en/idee/1/" in mailbox.text()


def test_who_may_not_sign_in_gets_none(mailbox: Mailbox, clock: Any):
    barred, barred_since = scenes.person(language="en"), scenes.person(language="en")
    told(barred, NEAR)
    told(barred_since, NEAR, subject=2)
    User.objects.filter(pk=barred.pk).update(is_active=False)
    clock.move_to(FRIDAY_AT_FOUR, tick=False)
    for pk in open_rounds():
        write_letters(round_pk=pk)
    assert [one.recipient for one in Letter.objects.all()] == [barred_since]

    User.objects.filter(pk=barred_since.pk).update(is_active=False)
    send_letters()

    assert mailbox.received == []


def test_who_paused_gets_none(mailbox: Mailbox, clock: Any):
    person = scenes.person(language="en")
    told(person, NEAR)
    clock.move_to(FRIDAY_AT_FOUR, tick=False)
    for pk in open_rounds():
        write_letters(round_pk=pk)
    choose(person=person, fields={"paused_at": datetime.datetime.now(datetime.UTC)})

    assert send_letters() == 1
    assert mailbox.received == []
    assert Letter.objects.get().why == "not wanted"
