"""What waits to go out: taken in order by one worker, tried ever later, at a price that stands."""

import datetime
import smtplib
from typing import Any

import pytest
import requests
from anymail.exceptions import (
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
)
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from notifications import sending, tasks
from notifications.actions import notify, open_rounds, write_letters
from notifications.letters import send_letters
from notifications.models import Delivery, Letter
from notifications.models.delivery import LOST_AFTER
from notifications.refusals import Away, Broken, Never, NotNow, refusal_of
from notifications.sending import send_waiting
from tests import scenes
from tests.notifications import happenings
from tests.notifications.happenings import DECIDED, NEAR, delivery, told
from tests.notifications.mailbox import Mailbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("happening")]

ADDRESS = "iemand@buurten.example"


def refused(code: int) -> Exception:
    return smtplib.SMTPRecipientsRefused({ADDRESS: (code, b"<iemand@buurten.example> nee")})


def of_a_service(status: int) -> Exception:
    answer = requests.Response()
    answer.status_code = status
    return AnymailRequestsAPIError("no", response=answer)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (refused(451), NotNow),
        (refused(550), Never),
        (refused(421), Away),
        (smtplib.SMTPDataError(452, b"full"), NotNow),
        (smtplib.SMTPDataError(554, b"spam"), Never),
        (smtplib.SMTPSenderRefused(552, b"full", "noreply@buurten.example"), Away),
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), Never),
        (smtplib.SMTPServerDisconnected("gone"), Broken),
        (TimeoutError("slow"), Broken),
        (of_a_service(400), Never),
        (of_a_service(422), Never),
        (of_a_service(401), Away),
        (of_a_service(429), Away),
        (of_a_service(503), Away),
        (AnymailRecipientsRefused("no"), Never),
        (AnymailInvalidAddress("no"), Never),
    ],
    ids=repr,
)
def test_what_an_answer_means_and_that_no_address_is_kept_of_it(
    error: Exception, meaning: type[Exception]
):
    found = refusal_of(error)

    assert type(found) is meaning
    assert ADDRESS not in str(found)


def test_what_one_worker_took_no_other_takes_before_it_is_lost():
    told(scenes.person(), DECIDED)
    now = timezone.now()
    waiting = Delivery.objects.all()

    (pk,) = waiting.take(now, 10)
    assert waiting.take(now, 10) == []
    assert waiting.take(now + LOST_AFTER - datetime.timedelta(seconds=1), 10) == []
    assert waiting.take(now + LOST_AFTER, 10) == [pk]
    assert Delivery.objects.get().tries == 0


def test_a_slow_worker_does_not_begin_what_another_took_meanwhile():
    told(scenes.person(), DECIDED)
    now = timezone.now()
    Delivery.objects.take(now, 10)
    slow = Delivery.objects.get()
    Delivery.objects.take(now + LOST_AFTER, 10)
    other = Delivery.objects.get()

    assert not Delivery.objects.begin(slow, now + LOST_AFTER)
    assert not Delivery.objects.held([slow]).exists()
    assert Delivery.objects.begin(other, now + LOST_AFTER)
    assert Delivery.objects.held([other]).exists()
    assert Delivery.objects.get().tries == 1


def taken_together(count: int) -> list[Delivery]:
    """Return what one worker took just now."""
    for subject in range(count):
        told(scenes.person(), DECIDED, subject=subject)
    Delivery.objects.take(timezone.now(), count)
    return list(Delivery.objects.order_by("pk"))


def test_as_one_is_marked_as_sent_the_next_is_begun_and_no_other():
    sent, begun, untouched = taken_together(3)
    now = timezone.now()
    Delivery.objects.begin(sent, now)

    assert Delivery.objects.went(sent, begun, now)

    rows = list(Delivery.objects.order_by("pk"))
    assert [(row.state, row.tries) for row in rows] == [
        ("sent", 1),
        ("in_flight", 1),
        ("in_flight", 0),
    ]
    assert rows[0].done_at == now
    assert rows[1].done_at is None
    assert rows[1].next_try_at == now + LOST_AFTER == begun.next_try_at
    assert rows[2].next_try_at == untouched.next_try_at
    assert Delivery.objects.held([begun]).exists()


@pytest.mark.parametrize("lost", ["the one that went", "the next"])
def test_what_another_worker_took_is_neither_marked_nor_begun(lost: str):
    sent, following = taken_together(2)
    Delivery.objects.begin(sent, timezone.now())
    later = timezone.now() + LOST_AFTER
    taken_by_another = sent if lost == "the one that went" else following
    Delivery.objects.filter(pk=taken_by_another.pk).update(taken_at=later)

    begun = Delivery.objects.went(sent, following, timezone.now())

    assert begun == (taken_by_another is sent)
    assert Delivery.objects.get(pk=taken_by_another.pk).state == "in_flight"
    assert Delivery.objects.get(pk=taken_by_another.pk).taken_at == later
    assert Delivery.objects.get(pk=following.pk).tries == int(begun)
    assert (Delivery.objects.get(pk=sent.pk).state == "sent") == (taken_by_another is not sent)


def test_what_kills_its_worker_lets_the_others_go_first():
    first, second = told(scenes.person(), DECIDED), told(scenes.person(), DECIDED, subject=2)
    now = timezone.now()
    Delivery.objects.take(now, 10)
    Delivery.objects.begin(delivery(first), now + datetime.timedelta(seconds=1))

    later = now + datetime.timedelta(hours=1)
    assert Delivery.objects.take(later, 10) == [delivery(second).pk, delivery(first).pk]


def test_what_is_begun_belongs_to_its_worker_for_as_long_as_it_is_not_lost():
    row = told(scenes.person(), DECIDED)
    now = timezone.now()
    Delivery.objects.take(now, 10)
    begun_at = now + datetime.timedelta(minutes=1)
    assert Delivery.objects.begin(delivery(row), begun_at)

    almost = begun_at + LOST_AFTER - datetime.timedelta(seconds=1)
    assert not Delivery.objects.due(almost).exists()
    assert Delivery.objects.due(begun_at + LOST_AFTER).exists()


def plan_of(rows: Any) -> str:
    """Return how the database would read some rows, where there are many."""
    if connection.vendor != "postgresql":
        return str(rows.explain())
    with connection.cursor() as cursor:
        # Few rows are read one after the other, whatever index there is.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    return str(rows.explain())


@pytest.mark.parametrize(
    ("rows", "index"),
    [(Delivery.objects.filter(channel="mail"), "delivery_due"), (Letter.objects, "letter_due")],
    ids=["deliveries", "letters"],
)
def test_what_is_due_is_read_from_an_index_in_its_order(rows: Any, index: str):
    plan = plan_of(rows.due(timezone.now()).order_by("next_try_at", "pk")[:100])

    assert index in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def queries_of(work: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert work()
    return len(queries)


def test_of_a_slow_servers_batch_it_is_asked_anew_what_may_be_seen(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    ones = [told(person, DECIDED, subject=pk) for pk, person in enumerate(a_crowd(3), start=1)]
    monkeypatch.setattr(sending, "FRESH_SECONDS", -1)

    send_waiting("mail")
    happenings.hidden.add(2)
    assert [delivery(one).tries for one in ones] == [1, 0, 0]
    tasks.send("mail")

    assert [delivery(one).state for one in ones] == ["sent", "dropped", "sent"]
    assert len(mailbox.received) == 2


def a_crowd(count: int) -> list[User]:
    return happenings.a_crowd(count, language="en")


def test_a_batch_takes_one_query_for_each_mail_and_a_few_for_them_all(mailbox: Mailbox):
    found = []
    for subject, count in enumerate((5, 40), start=1):
        notify(DECIDED.name, subject, to=[person.pk for person in a_crowd(count)])
        found.append(queries_of(lambda: send_waiting("mail")) - count)

    assert len(mailbox.received) == 45
    assert found[0] == found[1] <= 16


def test_a_batch_of_letters_takes_one_query_for_each_and_a_few_for_them_all(
    mailbox: Mailbox, time_machine: Any
):
    time_machine.move_to("2026-12-02T12:00:00Z", tick=False)
    open_rounds()
    found = []
    for subject, count in enumerate((5, 40), start=1):
        # Each Friday another crowd has news.
        time_machine.move_to(f"2026-12-{4 + 7 * (subject - 1):02}T14:00:00Z", tick=False)
        notify(NEAR.name, subject, to=[person.pk for person in a_crowd(count)])
        time_machine.shift(datetime.timedelta(hours=1, minutes=2))
        for pk in open_rounds():
            while write_letters(round_pk=pk):
                pass
        found.append(queries_of(send_letters) - count)

    assert len(mailbox.received) == 45
    assert found[0] == found[1] <= 16
