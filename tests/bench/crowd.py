"""Fills a site with a town of people who follow, are told and wait for their letter.

    python -m tests.bench.crowd PEOPLE FILE

Rows as the actions would leave them, in bulk. Writes to FILE, as JSON, what the measuring needs.
"""

import datetime
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from tests.bench.generator import BATCH, SEED, in_batches, make_initiatives, sentence  # isort: skip

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import User
from areas.models import Area
from contributions.models import Contribution, Dossier, Status
from ideas.models import Comment, Initiative, Update
from notifications.models import Delivery, Event, Notification, Preference

T = TypeVar("T", bound=Contribution)

#: So many follow an event that is small.
FEW = 1_000
#: So often the same is told of each, so that the middle of it is measured.
TIMES = 31
INITIATIVES = 500
#: Of ten people one chose to be told at once, and another one has news for the letter.
AT_ONCE, WITH_NEWS = 3, 7
#: The mails that wait: those to who leads an initiative, and to some of those around each.
OWN_MAILS, SHARED_MAILS, READERS = 3_000, 6_000, 40
PAST = 500


def noon(now: datetime.datetime) -> datetime.datetime:
    """Return the last noon in Amsterdam: nobody's quiet hour."""
    here = timezone.localtime(now).replace(hour=12, minute=0, second=0, microsecond=0)
    return here if here <= now else here - datetime.timedelta(days=1)


def letter_hour(now: datetime.datetime) -> datetime.datetime:
    """Return when letters fell due last, of who chose nothing."""
    nothing_chosen = Preference()
    here = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
    days = (here.weekday() - nothing_chosen.letter_day) % 7
    at = here.replace(hour=nothing_chosen.letter_hour) - datetime.timedelta(days=days)
    return at if at < now - datetime.timedelta(hours=1) else at - datetime.timedelta(days=7)


def make_people(count: int) -> None:
    made = timezone.now()
    areas = list(Area.objects.accepting_contributions())
    languages = settings.LISTED_LANGUAGES
    in_batches(
        (
            User(
                email=f"persoon{number}@bench.example",
                pseudonym=f"Persoon {number}",
                display_name=f"Persoon {number}",
                age_band=User.AgeBand.FROM_27,
                age_confirmed_at=made,
                area=areas[number % len(areas)],
                language=languages[number % len(languages)],
                password="!",
            )
            for number in range(count)
        ),
        User,
    )
    run(
        "INSERT INTO notifications_preference (person_id, pace, quiet, quiet_from, quiet_until, "
        "letter_day, letter_hour, mail_stopped_why, changed_at) SELECT id, 'at_once', true, 22, 7, "
        "4, 16, '', now() FROM accounts_user WHERE id %% 10 = %s",
        AT_ONCE,
    )


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def make_texts(
    model: type[T], initiatives: Sequence[Initiative], authors: Sequence[int]
) -> list[T]:
    """Write a text that hangs on each of some initiatives, on the site."""
    chance = random.Random(SEED)
    moment = timezone.now()
    dossiers = Dossier.objects.bulk_create(
        [Dossier(kind=model.kind, language="nl", area=one.area) for one in initiatives]
    )
    return list(
        model._default_manager.bulk_create(
            [
                model(
                    dossier=dossier,
                    initiative=one,
                    author_id=author,
                    entered_by_id=author,
                    status=Status.PUBLISHED,
                    language="nl",
                    area=one.area,
                    text=f"{sentence(chance, 30)}.",
                    submitted_at=moment,
                    published_at=moment,
                )
                for one, author, dossier in zip(initiatives, authors, dossiers, strict=True)
            ]
        )
    )


def follow(initiative: Initiative, at_most: int) -> None:
    run(
        "INSERT INTO notifications_follow (person_id, kind, subject_id, created_at) "
        "SELECT id, 'initiative', %s, now() FROM accounts_user ORDER BY id LIMIT %s",
        initiative.pk,
        at_most,
    )


def make_mails(initiatives: Sequence[Initiative], people: Sequence[int]) -> None:
    """Let mails wait, of several kinds and for readers of all languages, in the order of events."""
    chance = random.Random(SEED)
    led = [initiatives[number % len(initiatives)] for number in range(OWN_MAILS)]
    comments = make_texts(Comment, led, chance.choices(people, k=len(led)))
    to_tell: list[tuple[str, int, str, list[int]]] = [
        ("comment", comment.pk, "", [initiative.author_id or 0])
        for comment, initiative in zip(comments, led, strict=True)
    ]
    told = [initiatives[number] for number in range(SHARED_MAILS // READERS)]
    updates = make_texts(Update, told, [one.author_id or 0 for one in told])
    for number, (initiative, update) in enumerate(zip(told, updates, strict=True)):
        kind, subject = (
            ("news", update.pk),
            ("new_here", initiative.pk),
            ("new_followed", initiative.pk),
        )[number % 3]
        to_tell.append((kind, subject, "", chance.sample(people, READERS)))
    chance.shuffle(to_tell)
    now = noon(timezone.now()) - datetime.timedelta(minutes=5)
    events = Event.objects.bulk_create(
        [
            Event(kind=kind, subject_id=subject, occasion="mail", created_at=now, told_at=now)
            for kind, subject, _occasion, _readers in to_tell
        ]
    )
    rows = [
        Notification(event=event, recipient_id=reader, created_at=now)
        for event, (*_what, readers) in zip(events, to_tell, strict=True)
        for reader in readers
    ]
    for start in range(0, len(rows), BATCH):
        written = Notification.objects.bulk_create(rows[start : start + BATCH])
        Delivery.objects.bulk_create(
            [
                Delivery(notification=one, channel="mail", created_at=now, next_try_at=now)
                for one in written
            ]
        )


def make_news(initiatives: Sequence[Initiative]) -> None:
    """Tell a tenth some things of the last week; the others read theirs, or they are long past."""
    hour = letter_hour(timezone.now())
    updates = make_texts(Update, initiatives, [one.author_id or 0 for one in initiatives])
    days = datetime.timedelta(days=1)
    for name, at in (("new", hour - 2 * days), ("old", hour - 40 * days)):
        Event.objects.bulk_create(
            [
                Event(kind=kind, subject_id=pk, occasion=name, created_at=at, told_at=at)
                for initiative, update in zip(initiatives, updates, strict=True)
                for kind, pk in (("news", update.pk), ("new_here", initiative.pk))
            ]
        )
    for name, read_at, condition in (
        ("new", None, f"person.id %% 10 = {WITH_NEWS}"),
        ("new", hour - days, "person.id %% 10 IN (0, 1, 2)"),
        ("old", None, "person.id %% 10 IN (3, 4, 5)"),
    ):
        # From one to eight things each, spread over the events.
        run(
            "INSERT INTO notifications_notification (event_id, recipient_id, created_at, read_at) "
            "SELECT event.id, person.id, event.created_at, %s FROM accounts_user AS person "
            "CROSS JOIN LATERAL generate_series(1, 1 + person.id / 10 %% 8) AS number "
            "JOIN (SELECT id, created_at, row_number() OVER (ORDER BY id) - 1 AS at, "
            "count(*) OVER () AS events FROM notifications_event WHERE occasion = %s) AS event "
            f"ON event.at = (person.id / 10 + number * 37) %% event.events WHERE {condition}",
            read_at,
            name,
        )


def main() -> None:
    count, file = int(sys.argv[1]), Path(sys.argv[2])
    make_people(count)
    make_initiatives(INITIATIVES)
    initiatives = list(Initiative.objects.select_related("area").order_by("pk"))
    few, everybody, *others = initiatives
    follow(few, FEW)
    follow(everybody, count)
    told = {
        name: [text.pk for text in make_texts(Update, [one] * TIMES, [one.author_id or 0] * TIMES)]
        for name, one in (("few", few), ("everybody", everybody))
    }
    at_once = User.objects.filter(preference__isnull=False).order_by("pk")
    make_mails(others, list(at_once.values_list("pk", flat=True)))
    make_news(others)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    file.write_text(json.dumps(told))


if __name__ == "__main__":
    main()
