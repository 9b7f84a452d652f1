"""Sample experiences: what invented neighbours answered and told beside the real figures."""

import datetime
import json
import random
from pathlib import Path
from typing import Any

from accounts.models import User
from areas.models import Area
from contributions.forms import PicturesForm
from feedback import actions
from feedback.browsers import digest
from feedback.models import Experience, Recognition, Remark, Trend
from feedback.quarters import quarter_at, quarter_before
from indicators.models import Indicator
from participatie.sampling_people import let_stand

FOLDER = Path(__file__).parent / "sample"
SEED = 2027
#: Of every figure that people are asked about, this part got answers in a neighbourhood.
ASKED_ABOUT = 0.6
MOST_ANSWERS = 70


def load(
    *, authors: list[User], people: list[User], staff: dict[str, User], now: datetime.datetime
) -> None:
    """Load the answers, the words and the responses; ``people`` are all who may have answered."""
    rng = random.Random(SEED)  # noqa: S311
    for row in _rows("remarks.json"):
        _remark(row, authors[row["author"]], staff["moderator"], now)
    _answers(rng, people, now)
    actions.recount()
    for row in _rows("responses.json"):
        _response(row, staff["programmabureau"], now)


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return rows


def _figure(row: dict[str, Any]) -> tuple[Indicator, Area]:
    return Indicator.objects.get(slug=row["figure"]), Area.objects.get(slug=row["area"])


def _remark(row: dict[str, Any], author: User, moderator: User, now: datetime.datetime) -> None:
    indicator, area = _figure(row)
    moment = max(
        now - datetime.timedelta(days=row["days_ago"]),
        # Told in the quarter that runs, whenever the sample is loaded.
        now - (now - _start_of(now)) / 2,
    )
    actions.answer(
        indicator=indicator,
        area=area,
        person=author,
        browser="",
        quarter_date=quarter_at(moment),
        recognition=row["recognition"],
        trend=row["trend"],
        now=moment,
    )
    no_pictures = PicturesForm({})
    no_pictures.is_valid()
    remark = actions.begin_remark(
        indicator=indicator,
        area=area,
        author=author,
        draft_key="",
        text=row["text"],
        language=row["language"],
        form=no_pictures,
    )
    placed = actions.hand_in_remark(remark=remark, by=author, now=moment)
    let_stand(placed, moderator, moment + datetime.timedelta(hours=2))


def _start_of(now: datetime.datetime) -> datetime.datetime:
    first = quarter_at(now)
    return now.replace(
        year=first.year, month=first.month, day=1, hour=0, minute=0, second=0, microsecond=0
    )


def _answers(rng: random.Random, people: list[User], now: datetime.datetime) -> None:
    """Give each neighbourhood answers about some figures, in this quarter and the one before."""
    told = set(Experience.objects.values_list("person", "indicator", "area", "quarter_date"))
    with_words = set(Remark.objects.values_list("indicator", "area"))
    current = quarter_at(now)
    made = []
    for area in Area.objects.accepting_contributions().order_by("pk"):
        for indicator in Indicator.objects.filter(may_be_asked=True).order_by("order"):
            if (indicator.pk, area.pk) not in with_words and rng.random() > ASKED_ABOUT:
                continue
            leaning, mood = rng.random(), rng.random()
            for quarter in (quarter_before(current), current):
                # Some figures are answered by so few that nothing of them may be shown.
                count = rng.choice((3, 12, 25, 40, MOST_ANSWERS))
                for number, person in enumerate(rng.sample(people, min(count, len(people)))):
                    without_account = rng.random() < 0.4
                    if (person.pk, indicator.pk, area.pk, quarter) in told and not without_account:
                        continue
                    key = f"{area.slug}/{indicator.slug}/{quarter}/{number}"
                    made.append(
                        Experience(
                            indicator=indicator,
                            area=area,
                            quarter_date=quarter,
                            person=None if without_account else person,
                            browser=digest(key) if without_account else "",
                            recognition=_choose(rng, leaning, Recognition.values),
                            trend=_choose(rng, mood, Trend.values) if rng.random() < 0.8 else "",
                        )
                    )
    Experience.objects.bulk_create(made, batch_size=1000)


def _choose(rng: random.Random, leaning: float, answers: list[str]) -> str:
    """Return one of three answers; the leaning says which of the outer ones is given more."""
    first = 0.15 + 0.6 * leaning
    return rng.choices(answers, [first, 0.2, 0.95 - first])[0]


def _response(row: dict[str, Any], office: User, now: datetime.datetime) -> None:
    indicator, area = _figure(row)
    due = row["due_in_days"]
    actions.respond(
        indicator=indicator,
        area=area,
        by=office,
        language="nl",
        heard=row["heard"],
        state=row["state"],
        doing=row["doing"],
        who=row["who"],
        due_date=None if due is None else now.date() + datetime.timedelta(days=due),
        not_doing=row["not_doing"],
        now=now - datetime.timedelta(days=row["days_ago"]),
    )
