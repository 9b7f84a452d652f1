"""Sample data: neighbours who do not exist, with ideas that could.

Everything goes through the same actions as the pages, at moments in the past, so that decisions,
counters and clocks are as real as they would be.
"""

import datetime
import io
import json
import random
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.actions import grant_role, open_account, set_password
from accounts.models import Role, User
from areas.models import Area
from contributions import actions as review
from contributions.deadlines import today
from contributions.models import Contribution, HouseRule, Picture, Status
from contributions.pictures import encode, make_sizes
from ideas import actions
from ideas.models import Initiative, Support
from indicators.models import Indicator, TargetGroup, Theme
from participatie import (
    sampling_borders,
    sampling_budget,
    sampling_council,
    sampling_experiences,
    sampling_messengers,
    sampling_news,
    sampling_progress,
    sampling_queue,
    sampling_reports,
    sampling_rights,
    sampling_talks,
    sampling_together,
    sampling_told,
    sampling_translations,
)
from participatie.drawings import draw
from participatie.sampling_people import DOMAIN, let_stand, make_person

FOLDER = Path(__file__).parent / "sample"
SEED = 2026

#: role in the address → who holds it, as (role, area, language).
STAFF_GRANTS: dict[str, list[tuple[str, str, str]]] = {
    "contactpersoon": [(Role.MESSENGER, "", code) for code in ("pl", "ro")],
    "moderator": [(Role.MODERATOR, "", code) for code in ("nl", "en", "pl", "bg", "ro")],
    "moderator2": [(Role.MODERATOR, "rijswijk", code) for code in ("nl", "en")],
    "programmabureau": [(Role.PROGRAMME_OFFICE, "", "")],
    "stuurgroep": [(Role.STEERING_GROUP, "", "")],
}
STAFF_NAMES = {
    "contactpersoon": "Zofia (spreekt Pools en Roemeens)",
    "moderator": "Mo de Lezer",
    "moderator2": "Noor de Lezer",
    "jongerenraadslid": "Yara van de Raad",
    "voorzitter": "Malik van de Raad",
    "secretaris": "Eline van de Raad",
    "penningmeester": "Thuy van de Raad",
    "mentor": "Joost de Mentor",
    "programmabureau": "Bo van het Bureau",
    "stuurgroep": "Sem van de Groep",
    "beheerder": "Bea van Beheer",
}
#: Of staff who are young themselves.
AGE_BANDS = {
    "jongerenraadslid": "16-17",
    "voorzitter": "18-26",
    "secretaris": "18-26",
    "penningmeester": "18-26",
}
#: Before anything in the sample was handed in: somebody read each language by then.
GRANTED_BEFORE = datetime.timedelta(days=366)
#: Those who post themselves take the place of one of the invented neighbours.
NEIGHBOURS = ("bewoner", "ondernemer", "jongere")


@dataclass
class Cast:
    """Everybody in the sample."""

    authors: list[User]
    supporters: list[User]
    staff: dict[str, User]
    rng: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311


def is_loaded() -> bool:
    """Say whether the sample is there already."""
    return User.objects.filter(email=f"beheerder@{DOMAIN}").exists()


@transaction.atomic
def load(*, now: datetime.datetime) -> int:
    """Load the whole sample; return how many initiatives it has."""
    sampling_borders.load(now=now)
    rows = _rows("initiatives.json")
    cast = _cast(rows, now)
    made = {
        row["key"]: _initiative(row, cast, now)
        for row in sorted(rows, key=lambda row: -int(row["days_ago"]))
    }
    for number, row in enumerate(_rows("waiting_comments.json"), start=1):
        _waiting_comment(row, number, made[row["initiative"]], now)
    sampling_news.load(
        initiatives=made,
        authors=cast.authors,
        supporters=[person for person in cast.supporters if person not in cast.authors],
        staff=cast.staff,
        now=now,
    )
    sampling_progress.load(initiatives=made, office=cast.staff["programmabureau"], now=now)
    sampling_experiences.load(
        authors=cast.authors, people=cast.supporters, staff=cast.staff, now=now
    )
    council, members = sampling_council.load(staff=cast.staff, now=now)
    sampling_budget.load(
        council=council,
        people=cast.staff | members,
        authors=cast.authors,
        initiatives=made,
        now=now,
    )
    sampling_together.load(rows=_rows("help.json"), initiatives=made, authors=cast.authors, now=now)
    sampling_queue.load(staff=cast.staff, now=now)
    sampling_reports.load(
        initiatives=made, people=cast.supporters, moderator=cast.staff["moderator"], now=now
    )
    sampling_translations.load(
        rows=_rows("translations.json"),
        initiatives=made,
        staff=cast.staff,
        neighbours=cast.supporters,
        now=now,
    )
    sampling_rights.load(
        moderator=cast.staff["moderator"], second=cast.staff["moderator2"], now=now
    )
    sampling_messengers.load(staff=cast.staff, now=now)
    sampling_talks.load(
        messenger=cast.staff["contactpersoon"], moderator=cast.staff["moderator"], now=now
    )
    sampling_told.load(now=now)
    return len(rows)


def make_all_sizes() -> None:
    """Make the sizes of the sample's pictures now, so that the first visitor sees them."""
    for picture in Picture.objects.without_sizes():
        make_sizes(picture=picture)


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return rows


def _cast(rows: list[dict[str, Any]], now: datetime.datetime) -> Cast:
    """Make everybody: staff, the authors, and as many supporters as the best idea needs."""
    authors_told = _rows("authors.json")
    addresses = [f"buur{number:02}" for number in range(1, len(authors_told) + 1)]
    for address, author in _places_of_neighbours(rows, authors_told).items():
        addresses[author] = address

    staff = {
        role: make_person(role, name, now, age_band=AGE_BANDS.get(role, "27-54"))
        for role, name in STAFF_NAMES.items()
    }
    since = now - GRANTED_BEFORE
    grant_role(granted_by=None, user=staff["beheerder"], role=Role.ADMINISTRATOR, starts_at=since)
    for name, grants in STAFF_GRANTS.items():
        for role, slug, language in grants:
            grant_role(
                granted_by=staff["beheerder"],
                user=staff[name],
                role=role,
                area=Area.objects.get(slug=slug) if slug else None,
                language=language,
                starts_at=since,
            )

    authors = []
    for address, told in zip(addresses, authors_told, strict=True):
        person = make_person(
            address,
            told["name"],
            now,
            language=told["language"],
            kind=told["kind"],
            business_name=told["business_name"],
            age_band=told["age_band"],
        )
        person.area = Area.objects.get(slug=told["area"])
        person.save(update_fields=["area"])
        authors.append(person)
    for address in (*NEIGHBOURS, *STAFF_NAMES):
        set_password(
            user=User.objects.get(email=f"{address}@{DOMAIN}"), password=f"voorbeeld-{address}"
        )
    most = max(int(row["support"]) for row in rows)
    supporters = [
        open_account(email=f"steun{number:03}@{DOMAIN}", language="nl")[0]
        for number in range(1, most + 2 - len(authors) + 1)
    ]
    return Cast(authors, authors + supporters, staff)


def _places_of_neighbours(
    rows: list[dict[str, Any]], authors: list[dict[str, Any]]
) -> dict[str, int]:
    """Say which author each neighbour with a password is: those whose page shows most."""
    returned = next(
        row["author"]
        for row in rows
        if row["status"] == "returned"
        and row["language"] == "nl"
        and authors[row["author"]]["kind"] == "resident"
        and authors[row["author"]]["age_band"] not in ("12-15", "16-17")
    )
    published = [row["author"] for row in rows if row["status"] == "published"]
    entrepreneur = next(a for a in published if authors[a]["kind"] == "entrepreneur")
    young = next(a for a in published if authors[a]["age_band"] == "12-15")
    return {"bewoner": returned, "ondernemer": entrepreneur, "jongere": young}


def _initiative(row: dict[str, Any], cast: Cast, now: datetime.datetime) -> Initiative:
    author = cast.authors[row["author"]]
    # During the day, and never in the future.
    posted_at = now - datetime.timedelta(
        days=row["days_ago"], hours=cast.rng.uniform(1, 8), minutes=cast.rng.uniform(0, 59)
    )
    draft = actions.start_draft(author=author, draft_key="", language=row["language"])
    location = row["location"] or {}
    young = author.is_under_16
    actions.write(
        initiative=draft,
        by=author,
        draft_key="",
        values={
            "title": row["title"],
            "text": row["text"],
            "help_wanted": row["help_wanted"],
            "area": Area.objects.get(slug=row["area"]),
            "theme": Theme.objects.get(slug=row["theme"]),
            "indicator": Indicator.objects.filter(slug=row.get("figure")).first(),
            "target_groups": TargetGroup.objects.filter(slug__in=row["target_groups"]),
            "latitude": None if young or not location else Decimal(str(location["lat"])),
            "longitude": None if young or not location else Decimal(str(location["lon"])),
            "created_at": posted_at - datetime.timedelta(hours=1),
        },
    )
    if row["picture"]:
        _picture(draft, row, author)
    if row["status"] == "draft":
        return draft
    initiative = actions.hand_in(initiative=draft, by=author, now=posted_at)
    _decide(initiative, row, cast, posted_at + datetime.timedelta(hours=3))
    if row["status"] == "published":
        published = Initiative.objects.get(pk=initiative.pk)
        _support(published, row, cast, now)
        _answer(published, row, cast, now)
        _comments(published, row, cast, now)
    return initiative


def _picture(draft: Initiative, row: dict[str, Any], author: User) -> None:
    drawing = io.BytesIO()
    # Read back at once: smaller would only be slower.
    draw(row["picture"], seed=SEED + row["days_ago"]).save(drawing, "PNG", compress_level=1)
    encoded = encode(ContentFile(drawing.getvalue(), name="drawing.png"))
    with review.editing(draft, by=author) as locked:
        review.attach_picture(
            contribution=locked,
            encoded=encoded,
            description=row["picture_description"],
            revision=None,
        )


def _decide(
    initiative: Initiative, row: dict[str, Any], cast: Cast, when: datetime.datetime
) -> None:
    moderator = cast.staff["moderator"]
    status, dossier = row["status"], initiative.dossier
    told = row["decision"] or {}
    rule = HouseRule.objects.filter(code=told.get("rule")).first() if told.get("rule") else None
    if status == "submitted":
        _wait_for_review(initiative)
    elif status == "returned":
        _wait_for_review(initiative)
        review.send_back(dossier=dossier, by=moderator, rule=rule, reason=told["reason"], now=when)
    elif status == "rejected" and rule:
        _wait_for_review(initiative)
        review.reject(dossier=dossier, by=moderator, rule=rule, reason=told["reason"], now=when)
    else:
        let_stand(initiative, moderator, when)
        if status == "hidden" and rule:
            review.hide(
                dossier=dossier,
                by=moderator,
                rule=rule,
                reason=told["reason"],
                now=when + datetime.timedelta(hours=20),
            )
        elif status == "withdrawn" and initiative.author:
            review.withdraw(contribution=initiative, by=initiative.author, now=when)


def _wait_for_review(contribution: Contribution) -> None:
    if contribution.status != Status.SUBMITTED:
        raise ValueError(f"{contribution} was published at once: give it a newer author")


def _support(
    initiative: Initiative, row: dict[str, Any], cast: Cast, now: datetime.datetime
) -> None:
    """Give all supports at once, but the one that crosses the threshold: that one is an act."""
    people = [person for person in cast.supporters if person.pk != initiative.author_id]
    people = cast.rng.sample(people, row["support"])
    if not people or initiative.published_at is None:
        return
    # Before its last day, and early enough for an answer to have come since.
    window = min((now - initiative.published_at) * 0.6, datetime.timedelta(days=60))
    moments = sorted(initiative.published_at + window * cast.rng.random() for _person in people)
    supports = [
        Support(initiative=initiative, person=person, created_at=moment)
        for person, moment in zip(people, moments, strict=True)
    ]
    crossing = initiative.threshold - 1
    Support.objects.bulk_create(supports[:crossing])
    actions.recount(initiative_pk=initiative.pk)
    for support in supports[crossing : crossing + 1]:
        actions.give_support(
            initiative_pk=initiative.pk, person=support.person, now=support.created_at
        )
    Support.objects.bulk_create(supports[crossing + 1 :])
    actions.recount(initiative_pk=initiative.pk)


def _answer(
    initiative: Initiative, row: dict[str, Any], cast: Cast, now: datetime.datetime
) -> None:
    office = cast.staff["programmabureau"]
    told = row["answer"]
    initiative.refresh_from_db()
    if told and initiative.published_at:
        moment = initiative.published_at + (now - initiative.published_at) * 0.8
        actions.answer(
            initiative=initiative,
            by=office,
            outcome=told["outcome"],
            text=told["text"],
            language="nl",
            new_answer_date=today(now) + datetime.timedelta(days=told["new_answer_in_days"])
            if told["outcome"] == "later"
            else None,
            now=moment,
        )
    if row["progress"] == "expired":
        actions.expire(now=now)


def _comments(
    initiative: Initiative, row: dict[str, Any], cast: Cast, now: datetime.datetime
) -> None:
    moderator = cast.staff["moderator"]
    if initiative.published_at is None:
        return
    moment = initiative.published_at
    step = (now - moment) / (2 + sum(1 + len(told["replies"]) for told in row["comments"]))

    def place(told: dict[str, Any], when: datetime.datetime, parent: Any = None) -> Any:
        author = cast.authors[told["author"]]
        comment = actions.write_comment(
            initiative=initiative,
            author=author,
            draft_key="",
            text=told["text"],
            language=told["language"],
            stance=told.get("stance", ""),
            parent=parent,
        )
        comment = actions.hand_in_comment(comment=comment, by=author, now=when)
        let_stand(comment, moderator, when + step / 4)
        comment.refresh_from_db()
        return comment

    for told in row["comments"]:
        moment += step
        comment = place(told, moment)
        for reply in told["replies"]:
            moment += step
            place(reply, moment, comment)


def _waiting_comment(
    row: dict[str, Any], number: int, initiative: Initiative, now: datetime.datetime
) -> None:
    """Let somebody who is new here comment: a moderator reads it first, and finds it waiting."""
    initiative.refresh_from_db()
    author = make_person(f"nieuw{number}", row["name"], now, language=row["language"])
    comment = actions.write_comment(
        initiative=initiative,
        author=author,
        draft_key="",
        text=row["text"],
        language=row["language"],
        stance=row["stance"],
    )
    moment = now - datetime.timedelta(hours=row["hours_ago"])
    _wait_for_review(actions.hand_in_comment(comment=comment, by=author, now=moment))
