"""What people were told is forgotten after a while."""

import datetime

import pytest
from django.utils import timezone

from notifications import retention
from notifications.models import Delivery, Event, Letter, Notification
from tests import scenes

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def told(days_ago: int) -> Notification:
    moment = NOW - datetime.timedelta(days=days_ago)
    event = Event.objects.create(kind="test", subject_id=days_ago, created_at=moment)
    return Notification.objects.create(event=event, recipient=scenes.person(), created_at=moment)


def test_what_was_told_goes_after_a_year_with_how_it_went_out() -> None:
    old, new = told(366), told(364)
    for one in (old, new):
        Delivery.objects.create(notification=one, channel="mail", state="waiting")
    assert retention.forget_notifications(now=NOW) == 1
    assert list(Notification.objects.all()) == [new]
    assert Delivery.objects.get().notification == new
    assert Event.objects.count() == 2


@pytest.mark.parametrize("state", ["sent", "failed", "dropped"])
def test_what_went_out_is_marked_for_a_month(state: str) -> None:
    one = told(40)
    month, day = (NOW - datetime.timedelta(days=days) for days in (31, 29))
    Delivery.objects.create(notification=one, channel="mail", state=state, done_at=month)
    kept = Delivery.objects.create(notification=one, channel="push", state=state, done_at=day)
    retention.forget_notifications(now=NOW)
    assert list(Delivery.objects.all()) == [kept]


def test_what_still_waits_is_never_forgotten() -> None:
    long_ago = NOW - datetime.timedelta(days=500)
    Letter.objects.create(
        recipient=scenes.person(), week_date=long_ago.date(), up_to=1, created_at=long_ago
    )
    assert retention.forget_notifications(now=NOW) == 0


def test_many_go_in_several_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(5):
        told(400 + number)
    assert retention.forget_notifications(now=NOW) == 5
