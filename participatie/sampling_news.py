"""The sample's news about ideas, and an idea that was posted twice and joined."""

import datetime
import io
import json
import random
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from contributions.forms import PicturesForm
from ideas import actions
from ideas.models import Initiative
from participatie.drawings import draw
from participatie.sampling_people import let_stand

FOLDER = Path(__file__).parent / "sample"


def load(
    *,
    initiatives: dict[str, Initiative],
    authors: list[User],
    supporters: list[User],
    staff: dict[str, User],
    now: datetime.datetime,
) -> None:
    """Tell the news, and join the doubles, at moments in the past."""
    for row in _rows("news.json"):
        if row["initiative"] not in initiatives:
            continue
        _news(row, initiatives[row["initiative"]], staff["moderator"], now)
    for row in _rows("doubles.json"):
        if row["into"] not in initiatives:
            continue
        _double(row, initiatives[row["into"]], authors, supporters, staff, now)


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return rows


def _news(
    row: dict[str, Any], initiative: Initiative, moderator: User, now: datetime.datetime
) -> None:
    initiative.refresh_from_db()
    if initiative.author is None:
        raise ValueError(f"{initiative} has nobody who could tell news")
    moment = now - datetime.timedelta(days=row["days_ago"], hours=2)
    update = actions.write_update(
        initiative=initiative,
        author=initiative.author,
        text=row["text"],
        language=row["language"],
        form=_pictures(row),
        now=moment,
    )
    update = actions.hand_in_update(update=update, by=initiative.author, now=moment)
    let_stand(update, moderator, moment + datetime.timedelta(hours=1))


def _pictures(row: dict[str, Any]) -> PicturesForm:
    data = QueryDict(mutable=True)
    files = MultiValueDict[str, Any]()
    if row["picture"]:
        drawing = io.BytesIO()
        draw(row["picture"], seed=row["days_ago"]).save(drawing, "PNG", compress_level=1)
        files["new_1"] = ContentFile(drawing.getvalue(), name="drawing.png")
        data["new_description_1"] = row["picture_description"]
    form = PicturesForm(data, files)
    if not form.is_valid():
        raise ValueError(f"The picture of {row['text']!r} was refused")
    return form


def _double(
    row: dict[str, Any],
    into: Initiative,
    authors: list[User],
    supporters: list[User],
    staff: dict[str, User],
    now: datetime.datetime,
) -> None:
    """Share the same idea again, let some support it who support the first one, and join them."""
    into.refresh_from_db()
    author = authors[row["author"]]
    posted_at = now - datetime.timedelta(days=row["days_ago"])
    draft = actions.start_draft(author=author, draft_key="", language=row["language"])
    actions.write(
        initiative=draft,
        by=author,
        draft_key="",
        values={
            "title": row["title"],
            "text": row["text"],
            "area": into.area,
            "theme": into.theme,
            "created_at": posted_at - datetime.timedelta(hours=1),
        },
    )
    double = actions.hand_in(initiative=draft, by=author, now=posted_at)
    let_stand(double, staff["moderator"], posted_at + datetime.timedelta(hours=1))
    chosen = random.Random(row["title"]).sample(supporters, row["support"])  # noqa: S311
    for number, person in enumerate(chosen, start=1):
        moment = posted_at + datetime.timedelta(hours=2 + number)
        actions.give_support(initiative_pk=double.pk, person=person, now=moment)
    _comment(row["comment"], double, authors, staff["moderator"], posted_at)
    actions.merge(
        double=double,
        into=into,
        by=staff["programmabureau"],
        reason=row["reason"],
        now=now - datetime.timedelta(days=row["joined_days_ago"]),
    )


def _comment(
    told: dict[str, Any],
    double: Initiative,
    authors: list[User],
    moderator: User,
    posted_at: datetime.datetime,
) -> None:
    author = authors[told["author"]]
    double.refresh_from_db()
    comment = actions.write_comment(
        initiative=double,
        author=author,
        draft_key="",
        text=told["text"],
        language=told["language"],
    )
    moment = posted_at + datetime.timedelta(days=1)
    comment = actions.hand_in_comment(comment=comment, by=author, now=moment)
    let_stand(comment, moderator, moment + datetime.timedelta(hours=1))
