"""Fills a site with made-up initiatives, comments, people and supports.

    python -m tests.bench.generator INITIATIVES SUPPORTS FILE

Rows as the actions would leave them, in bulk. Writes to FILE, as JSON, what the measuring needs:
the address of the page with fifty comments, and people with a session who can give support.
"""

import datetime
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count, Model  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from areas.models import Area  # noqa: E402
from contributions.models import Dossier, Status  # noqa: E402
from contributions.search.documents import write_documents  # noqa: E402
from ideas.models import Comment, Initiative, Progress, Support  # noqa: E402
from indicators.models import Theme  # noqa: E402
from tests.bench.bare.models import Mark, Row  # noqa: E402

SEED = 20261126
BATCH = 5_000
PEOPLE = 5_000
SIGNED_IN = 2_000
COMMENTS = 50
#: How many supports are given in one run at the most: each is another person's or initiative's.
TO_GIVE = 60_000

WORDS = [
    "bankje",
    "boom",
    "fietspad",
    "speeltuin",
    "plein",
    "straat",
    "buurthuis",
    "tuin",
    "lamp",
    "water",
    "school",
    "jongeren",
    "ouderen",
    "taal",
    "koken",
    "muziek",
    "sport",
    "markt",
    "winkel",
    "afval",
    "groen",
    "veilig",
    "licht",
    "stoep",
    "honden",
    "kinderen",
    "samen",
    "repareren",
    "lezen",
    "fiets",
    "bus",
    "halte",
    "hek",
    "bloemen",
    "muur",
    "verf",
    "kunst",
    "avond",
    "zomer",
    "winter",
    "feest",
    "ontmoeten",
    "helpen",
    "leren",
    "werk",
    "stage",
    "cursus",
    "thee",
    "koffie",
    "soep",
    "keuken",
    "zaal",
    "dak",
    "zon",
    "wind",
    "energie",
    "isolatie",
]


def sentence(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(WORDS, k=length)).capitalize()


def in_batches(rows: Iterator[Model], model: type[Model]) -> list[Any]:
    """Write rows in batches and return those of the last one."""
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            model._default_manager.bulk_create(batch)
            batch = []
    return list(model._default_manager.bulk_create(batch))


def make_people() -> None:
    made = timezone.now()
    in_batches(
        (
            User(
                email=f"persoon{number}@bench.example",
                pseudonym=f"Persoon {number}",
                display_name=f"Persoon {number}",
                age_band=User.AgeBand.FROM_27,
                age_confirmed_at=made,
                password="!",
            )
            for number in range(PEOPLE)
        ),
        User,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO account_emailaddress (email, verified, "primary", user_id) '
            "SELECT email, true, true, id FROM accounts_user"
        )


def make_initiatives(count: int) -> None:
    chance = random.Random(SEED)
    now = timezone.now()
    areas = list(Area.objects.accepting_contributions())
    themes = list(Theme.objects.all())
    authors = list(User.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        placed = [chance.choice(areas) for _number in numbers]
        dossiers = Dossier.objects.bulk_create(
            [Dossier(kind=Initiative.kind, language="nl", area=area) for area in placed]
        )
        rows = []
        for number, area, dossier in zip(numbers, placed, dossiers, strict=True):
            moment = now - datetime.timedelta(minutes=number)
            initiative = Initiative(
                dossier=dossier,
                status=Status.PUBLISHED,
                author_id=chance.choice(authors),
                language="nl",
                area=area,
                theme=chance.choice(themes),
                text="\n\n".join(f"{sentence(chance, 40)}." for _part in range(3)),
                latitude=round(float(area.latitude or 52) + chance.uniform(-0.01, 0.01), 5),
                longitude=round(float(area.longitude or 4) + chance.uniform(-0.01, 0.01), 5),
                created_at=moment,
                changed_at=moment,
                submitted_at=moment,
                published_at=moment,
                closes_on=timezone.localdate() + datetime.timedelta(days=60),
                threshold=75,
                progress=Progress.OPEN,
            )
            initiative.set_title(sentence(chance, 5))
            initiative.entered_by_id = initiative.author_id
            rows.append(initiative)
        Initiative.objects.bulk_create(rows)
        write_documents(rows)


def make_supports(count: int) -> None:
    """Spread supports evenly, each person once per initiative, and count them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ideas_support (initiative_id, person_id, channel, created_at)
            SELECT initiative.id, person.id, 'web', now()
            FROM generate_series(0, %s - 1) AS number
            JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at FROM ideas_initiative)
              AS initiative ON initiative.at = number %% %s
            JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at FROM accounts_user)
              AS person ON person.at = (number / %s + number) %% %s
            ON CONFLICT DO NOTHING
            """,
            [count, Initiative.objects.count(), Initiative.objects.count(), PEOPLE],
        )
        cursor.execute(
            """
            UPDATE ideas_initiative SET support_count = counted.number
            FROM (SELECT initiative_id, count(*) AS number FROM ideas_support GROUP BY 1) AS counted
            WHERE counted.initiative_id = ideas_initiative.id
            """
        )


def make_comments(initiative: Initiative) -> None:
    chance = random.Random(SEED)
    authors = list(User.objects.order_by("pk")[:COMMENTS])
    dossiers = Dossier.objects.bulk_create(
        [Dossier(kind=Comment.kind, language="nl", area=initiative.area) for _one in authors]
    )
    moment = timezone.now()
    Comment.objects.bulk_create(
        [
            Comment(
                dossier=dossier,
                initiative=initiative,
                author=author,
                entered_by=author,
                status=Status.PUBLISHED,
                language="nl",
                area=initiative.area,
                text=f"{sentence(chance, 30)}.",
                submitted_at=moment,
                published_at=moment,
            )
            for author, dossier in zip(authors, dossiers, strict=True)
        ]
    )
    initiative.comment_count = COMMENTS
    initiative.save(update_fields=["comment_count"])


def make_sessions() -> list[tuple[int, str]]:
    """Sign people in; return each with the key of the session."""
    signed_in = []
    rows = []
    until = timezone.now() + datetime.timedelta(days=1)
    for person in User.objects.order_by("pk")[:SIGNED_IN]:
        store = SessionStore()
        key = store._get_new_session_key()
        data = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        rows.append(Session(session_key=key, session_data=store.encode(data), expire_date=until))
        signed_in.append((person.pk, key))
    Session.objects.bulk_create(rows)
    return signed_in


def make_bare_tables() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Row)
        editor.create_model(Mark)
    in_batches((Row(text=f"Row {number}") for number in range(1_000)), Row)


def main() -> None:
    count, supports, file = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    make_people()
    make_initiatives(count)
    make_supports(supports)
    talked_about = Initiative.objects.order_by("pk")[count // 2]
    make_comments(talked_about)
    signed_in = make_sessions()
    make_bare_tables()
    with connection.cursor() as cursor:
        # As PostgreSQL does by itself within minutes: what an index holds is then read there alone.
        cursor.execute("VACUUM ANALYZE")
    chance = random.Random(SEED)
    open_ones = list(Initiative.objects.order_by("pk").values_list("pk", "slug")[:TO_GIVE])
    given = set(
        Support.objects.filter(person__in=[pk for pk, _key in signed_in]).values_list(
            "initiative_id", "person_id"
        )
    )
    pairs: set[tuple[int, str, int, str]] = set()
    while len(pairs) < min(TO_GIVE, count * 20):
        person, key = chance.choice(signed_in)
        pk, slug = chance.choice(open_ones)
        if (pk, person) not in given:
            pairs.add((pk, slug, person, key))
    # Somebody who reads: who wrote on a page has more on it than others.
    reader = next(key for pk, key in signed_in[COMMENTS:] if pk != talked_about.author_id)
    counted = Support.objects.aggregate(number=Count("pk"))["number"]
    file.write_text(
        json.dumps(
            {
                "detail": talked_about.get_absolute_url(),
                "session": reader,
                "rows": list(Row.objects.values_list("pk", flat=True)),
                "to_give": sorted(pairs),
                "supports": counted,
            }
        )
    )


if __name__ == "__main__":
    main()
