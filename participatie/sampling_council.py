"""The sample's council: young people who do not exist, on seats of all neighbourhoods."""

import datetime
import io
import json
import random
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from PIL import Image

from accounts.models import User
from areas.models import Area
from contributions.deadlines import today
from contributions.pictures import encode
from ideas import actions as initiatives
from indicators.models import Theme
from jongerenraad.actions.members import appoint
from jongerenraad.actions.portraits import LARGEST_SIDE, agree_to_portrait
from jongerenraad.actions.votes import cast_vote, close_vote, open_vote, write_minority_view
from jongerenraad.models import Choice, Council, Matter, Seat, Term
from participatie.drawings.faces import face
from participatie.sampling_people import let_stand, make_person

FILE = Path(__file__).parent / "sample" / "council.json"
SLUG = "jongerenraad"
SEED = 2028


def load(*, staff: dict[str, User], now: datetime.datetime) -> tuple[Council, dict[str, User]]:
    """Load seats, members and the votes that are not about money.

    Returns:
        The council, and its people by the names that the sample gives them.
    """
    told = json.loads(FILE.read_text(encoding="utf-8"))
    rng = random.Random(SEED)  # noqa: S311
    council = Council.objects.get(slug=SLUG)
    term = _term(council, now)
    areas = {area.slug: area for area in Area.objects.accepting_contributions()}
    seats = {
        number: Seat.objects.create(council=council, number=number, area=areas[slug])
        for number, slug in enumerate(told["seats"], start=1)
    }
    members = {row["key"]: _member(row, term, seats, staff, now) for row in told["members"]}
    # One password for all, so that a vote can be tried out whole.
    others = [person.pk for key, person in members.items() if key.startswith("raad")]
    User.objects.filter(pk__in=others).update(password=make_password("voorbeeld-raad"))
    for row in sorted(told["votes"], key=lambda row: -int(row["opened"])):
        _vote(council, row, members, rng, now)
    _post(council, told["idea"], members, staff["moderator"], now)
    return council, members


def _post(
    council: Council,
    row: dict[str, Any],
    members: dict[str, User],
    moderator: User,
    now: datetime.datetime,
) -> None:
    """Let the chair share an idea in the council's name."""
    chair = members[row["by"]]
    when = now - datetime.timedelta(days=int(row["days_ago"]))
    draft = initiatives.start_draft(author=chair, draft_key="", language="nl")
    written = initiatives.write(
        initiative=draft,
        by=chair,
        draft_key="",
        values={
            "title": row["title"],
            "text": row["text"],
            "area": Area.objects.get(slug=row["area"]),
            "theme": Theme.objects.get(slug=row["theme"]),
            "on_behalf_of": council.organisation,
        },
        now=when,
    )
    placed = initiatives.hand_in(initiative=written, by=chair, now=when)
    let_stand(placed, moderator, when)


def _term(council: Council, now: datetime.datetime) -> Term:
    """Begin a term of two years in September of last year: it runs on every day of this year."""
    year = today(now).year
    return Term.objects.create(
        council=council,
        starts_date=datetime.date(year - 1, 9, 1),
        ends_date=datetime.date(year + 1, 8, 31),
    )


def _member(
    row: dict[str, Any],
    term: Term,
    seats: dict[int, Seat],
    staff: dict[str, User],
    now: datetime.datetime,
) -> User:
    seat = seats[row["seat"]] if row["seat"] else None
    person = staff.get(row["key"]) or make_person(
        row["key"], row["name"], now, language=row["language"], age_band=row["age_band"]
    )
    person.area = seat.area if seat else None
    person.save(update_fields=["area"])
    membership = appoint(
        term=term,
        person=person,
        office=row["office"],
        first_name=row["first_name"],
        by=staff["programmabureau"],
        seat=seat,
        now=datetime.datetime.combine(term.starts_date, datetime.time(12), datetime.UTC),
    )
    if portrait := row.get("portrait"):
        drawing = as_file(face(**portrait, seed=row["key"]))
        encoded = encode(drawing, largest_side=LARGEST_SIDE)
        agree_to_portrait(
            membership=membership, by=person, encoded=encoded, now=membership.starts_at
        )
    return person


def as_file(image: Image.Image) -> ContentFile[bytes]:
    """Return a drawing as a file that somebody sends."""
    content = io.BytesIO()
    # Read back at once: smaller would only be slower.
    image.save(content, "PNG", compress_level=1)
    return ContentFile(content.getvalue(), name="drawing.png")


def _vote(
    council: Council,
    row: dict[str, Any],
    members: dict[str, User],
    rng: random.Random,
    now: datetime.datetime,
) -> None:
    opened_at, closes_at = (
        now - datetime.timedelta(days=row[name]) for name in ("opened", "closed")
    )
    matter = open_vote(
        council=council,
        kind=row["kind"],
        question=row["question"],
        text=row["text"],
        language="nl",
        closes_at=closes_at,
        by=members["voorzitter"],
        aside={},
        now=opened_at,
    )
    give_votes(matter, row, rng=rng, until=closes_at)
    close_vote(matter=matter, now=closes_at)
    if view := row.get("minority_view"):
        write_minority_view(
            matter=matter,
            text=view,
            language="nl",
            by=members["secretaris"],
            now=closes_at + datetime.timedelta(days=1),
        )


def give_votes(
    matter: Matter,
    row: dict[str, Any],
    *,
    rng: random.Random,
    until: datetime.datetime,
    but: User | None = None,
) -> None:
    """Let members, drawn by lot, give the votes that a row counts, some with its words.

    Args:
        row: ``counts`` of those for, against and without an opinion, and ``words``, each with the
            choice that it belongs to.
        but: who did not vote yet.
    """
    able = matter.electors.filter(stepped_aside=False).exclude(membership__person=but)
    people = [elector.membership.person for elector in able.select_related("membership__person")]
    choices = [
        choice
        for choice, count in zip(Choice.values, row["counts"], strict=True)
        for _time in range(count)
    ]
    words = list(row["words"])
    moments = sorted(
        matter.opened_at + (until - matter.opened_at) * rng.random() for _choice in choices
    )
    rng.shuffle(choices)
    for person, choice, moment in zip(
        rng.sample(people, len(choices)), choices, moments, strict=True
    ):
        said = next((pair for pair in words if pair[0] == choice), None)
        if said is not None:
            words.remove(said)
        cast_vote(matter=matter, by=person, choice=choice, word=said[1] if said else "", now=moment)
