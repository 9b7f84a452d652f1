"""The sample's work budget: a fund of this year, and an application in each stage."""

import datetime
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User
from areas.models import Area
from budgets import documents
from budgets.actions import applying, deciding, funding, paying, reporting
from budgets.models import Application, ClosingDate, Fund
from contributions.deadlines import today
from contributions.forms import PicturesForm
from ideas.models import Initiative
from jongerenraad.actions.votes import close_vote
from jongerenraad.models import Council
from participatie.drawings import draw
from participatie.drawings.papers import paper
from participatie.sampling_council import as_file, give_votes
from participatie.sampling_people import DOMAIN, let_stand

FILE = Path(__file__).parent / "sample" / "applications.json"
SEED = 2029
#: What the programme office puts in, in cents.
MONEY = 40_000_00
#: Before anything else that has to do with the fund.
DAYS_TOLD = 215
#: The last days of the rounds of a year, as month and day.
ROUNDS = ((3, 31), (6, 30), (9, 30), (12, 31))
#: How long the vote stays open that is not over yet.
STILL_OPEN = datetime.timedelta(days=4)
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Moments:
    """When it all happened: so many days ago, and in a year that is young as many parts of it.

    Money is given in the year of its fund alone, so nothing here lies in last year.
    """

    now: datetime.datetime

    def ago(self, days: float) -> datetime.datetime:
        """Return a moment in this year; the order of moments is that of their days."""
        begin = timezone.localtime(self.now).replace(
            month=1, day=1, hour=0, minute=0, second=0, microsecond=0
        )
        share = (self.now - begin) / datetime.timedelta(days=DAYS_TOLD)
        return self.now - datetime.timedelta(days=days) * min(1, share)

    def date(self, days: int) -> datetime.date:
        """Return the date of so many days ago; below zero it still has to come."""
        return today(self.ago(days)) if days > 0 else today(self.now) - days * DAY

    def end_of_year(self) -> datetime.datetime:
        return timezone.localtime(self.now).replace(
            month=12, day=31, hour=23, minute=59, second=59, microsecond=999_999
        )


@dataclass
class Turn:
    """One step of an application: its row, who is around, and when."""

    row: dict[str, Any]
    of: Application
    by: User
    people: dict[str, User]
    moments: Moments
    now: datetime.datetime
    rng: random.Random

    def said(self, step: str) -> str:
        words: str = self.row["said"].get(step, "")
        return words


def load(
    *,
    council: Council,
    people: dict[str, User],
    authors: list[User],
    initiatives: dict[str, Initiative],
    now: datetime.datetime,
) -> None:
    """Load the fund and the applications, each step of all of them in the order of their days.

    Args:
        people: staff and members, by the names that the sample gives them.
    """
    rows = {row["key"]: row for row in json.loads(FILE.read_text(encoding="utf-8"))}
    rng = random.Random(SEED)  # noqa: S311
    moments = Moments(now)
    steps = [(days, key, step) for key, row in rows.items() for step, days in row["way"]]
    made: dict[str, int] = {}
    # Some steps write words down, such as an amount: those are in the site's own language.
    with translation.override(settings.LANGUAGE_CODE):
        _fund(council, people["programmabureau"], moments)
        for days, key, step in sorted(steps, key=lambda one: -one[0]):
            row, at = rows[key], moments.ago(days)
            if step == "start":
                by = _applicant(row["author"], people, authors)
                idea = initiatives.get(row.get("initiative", ""))
                made[key] = _start(council, row, by, idea, moments, at).pk
                continue
            of = Application.objects.select_related("fund__council", "author").get(pk=made[key])
            assert of.author is not None
            STEPS[step](Turn(row, of, of.author, people, moments, at, rng))


def _fund(council: Council, office: User, moments: Moments) -> Fund:
    year = today(moments.now).year
    fund = Fund.objects.create(
        council=council, year=year, last_grant_date=datetime.date(year, *ROUNDS[-1])
    )
    ClosingDate.objects.bulk_create(
        ClosingDate(fund=fund, date=datetime.date(year, *day)) for day in ROUNDS
    )
    funding.put_in(
        fund=fund,
        cents=MONEY,
        key="sample",
        by=office,
        note="Besluit werkbudget (voorbeeld)",
        now=moments.ago(DAYS_TOLD),
    )
    return fund


def _applicant(told: int | str, people: dict[str, User], authors: list[User]) -> User:
    """Return who applies: one of the neighbours by number, or anybody by address or name."""
    if isinstance(told, int):
        return authors[told]
    return people.get(told) or User.objects.get(email=f"{told}@{DOMAIN}")


def _start(
    council: Council,
    row: dict[str, Any],
    by: User,
    initiative: Initiative | None,
    moments: Moments,
    at: datetime.datetime,
) -> Application:
    started = applying.start(
        council=council, by=by, language=row["language"], initiative=initiative, now=at
    )
    for_another = row["recipient"] not in ("", Application.Recipient.APPLICANT)
    starts, ends = row["plan"] or (None, None)
    written = applying.write(
        application=started,
        by=by,
        values={
            **{
                name: row[name]
                for name in (
                    "title", "what", "for_whom", "own_contribution",
                    "recipient", "recipient_name", "shows_name",
                )
            },
            "recipient_email": f"ontvanger@{DOMAIN}" if for_another else "",
            "area": Area.objects.get(slug=row["area"]),
            "starts_date": None if starts is None else moments.date(starts),
            "ends_date": None if ends is None else moments.date(ends),
        },
        costs=[applying.Cost(what, cents) for what, cents in row["costs"]],
        now=at,
    )  # fmt: skip
    for shop, lines in row.get("quotes", ()):
        drawn = documents.draw(as_file(paper(shop, lines, below="Offerte")))
        applying.add_quote(application=written, by=by, drawn=drawn)
    return written


def _hand_in(turn: Turn) -> None:
    handed_in = applying.hand_in(application=turn.of, by=turn.by, now=turn.now)
    let_stand(handed_in, turn.people["moderator"], min(turn.now + DAY / 8, turn.moments.now))


def _send_back(turn: Turn) -> None:
    deciding.send_back(
        application=turn.of,
        by=turn.people["secretaris"],
        reason=turn.said("send_back"),
        now=turn.now,
    )


def _step_aside(turn: Turn) -> None:
    name, ground = turn.row["aside"]
    member = turn.people[name]
    deciding.step_aside(
        application=turn.of,
        person=member,
        ground=ground,
        reason=turn.said("step_aside"),
        by=member,
        now=turn.now,
    )


def _check(turn: Turn) -> None:
    deciding.check(application=turn.of, by=turn.people["secretaris"], now=turn.now)


def _put_to_vote(turn: Turn) -> None:
    """Open the vote; one that is not counted in the sample stays open, with votes to be given."""
    vote = turn.row["vote"]
    counted = dict(turn.row["way"]).get("count")
    closes_at = (
        min(turn.moments.now + STILL_OPEN, turn.moments.end_of_year())
        if counted is None
        else turn.moments.ago(counted)
    )
    matter = deciding.put_to_vote(
        application=turn.of,
        by=turn.people["voorzitter"],
        cents=vote.get("cents") or turn.of.requested or 0,
        text=vote["text"],
        language="nl",
        closes_at=closes_at,
        now=turn.now,
    )
    give_votes(
        matter,
        vote,
        rng=turn.rng,
        until=min(closes_at, turn.moments.now),
        but=turn.people["jongerenraadslid"] if counted is None else None,
    )


def _count(turn: Turn) -> None:
    matter = deciding.vote_on(turn.of)
    assert matter is not None
    close_vote(matter=matter, now=turn.now)


def _decline(turn: Turn) -> None:
    deciding.decline(
        application=turn.of,
        by=turn.people["voorzitter"],
        reason=turn.said("decline"),
        now=turn.now,
    )


def _approve_fast(turn: Turn) -> None:
    for name in ("penningmeester", "voorzitter"):
        deciding.approve_fast(application=turn.of, by=turn.people[name], now=turn.now)


def _agree(turn: Turn) -> None:
    applying.agree(application=turn.of, by=turn.by, now=turn.now)


def _take_back(turn: Turn) -> None:
    applying.take_back(application=turn.of, by=turn.by, reason=turn.said("take_back"), now=turn.now)


def _prepare(turn: Turn) -> None:
    paying.prepare_order(application=turn.of, by=turn.people["penningmeester"], now=turn.now)


def _approve(turn: Turn) -> None:
    for name in ("voorzitter", "secretaris"):
        if paying.approve_order(application=turn.of, by=turn.people[name], now=turn.now):
            return


def _pay(turn: Turn) -> None:
    """Let the office hand over what was approved, and read what finance paid of it."""
    office, council = turn.people["programmabureau"], turn.of.fund.council
    paying.hand_over(council=council, by=office, now=turn.now)
    order = turn.of.order
    line = (
        order.number,
        f"{order.cents // 100},{order.cents % 100:02d}",
        f"KENMERK-{order.number[-4:]}",
        today(turn.now).isoformat(),
    )
    run = paying.read_paid(
        council=council,
        file_name=f"betaald-{today(turn.now).isoformat()}.csv",
        content="\r\n".join(["opdracht;bedrag;kenmerk;datum", ";".join(line)]).encode(),
        by=office,
        now=turn.now,
    )
    if run.refused:
        raise ValueError(f"{turn.of} was not paid: {run.refused}")


def _fall_due(turn: Turn) -> None:
    """Let the plan be over; in the first days of a year its days are set back for that."""
    yesterday = today(turn.now) - DAY
    if turn.of.ends_date and turn.of.ends_date > yesterday:
        turn.of.starts_date = turn.of.ends_date = yesterday
        turn.of.save(update_fields=["starts_date", "ends_date"])
    reporting.let_time_pass(now=turn.now)


def _fall_overdue(turn: Turn) -> None:
    """Let the report be late; early in a year, when none can be, its date is set back for that."""
    yesterday = today(turn.now) - DAY
    if turn.of.report_due_date and turn.of.report_due_date > yesterday:
        turn.of.report_due_date = yesterday
        turn.of.save(update_fields=["report_due_date"])
    reporting.let_time_pass(now=turn.now)


def _ask(turn: Turn) -> None:
    reporting.ask_for_report(application=turn.of, by=turn.people["penningmeester"], now=turn.now)


def _report(turn: Turn) -> None:
    """Tell how it went, with a picture and receipts, and let a moderator read it."""
    told = turn.row["report"]
    drawing = draw(told["picture"], seed=SEED)
    drawing.thumbnail((960, 960))
    form = PicturesForm(
        {"new_description_1": told["picture_description"]}, {"new_1": as_file(drawing)}
    )
    if not form.is_valid():
        raise ValueError(f"The picture of {turn.of} was refused: {form.errors}")
    report = reporting.write_report(
        application=turn.of,
        by=turn.by,
        values={name: told[name] for name in ("did", "met", "learned")},
        language=turn.row["language"],
        form=form,
        now=turn.now,
    )
    for shop, what, cents in told["receipts"]:
        drawn = documents.draw(as_file(paper(shop, [(what, cents)], below="Dank u wel!")))
        reporting.add_receipt(
            application=turn.of, by=turn.by, drawn=drawn, description=what, cents=cents
        )
    reporting.hand_in_report(application=turn.of, by=turn.by, now=turn.now)
    report.refresh_from_db()
    let_stand(report, turn.people["moderator"], min(turn.now + DAY / 8, turn.moments.now))


def _close(turn: Turn) -> None:
    reporting.close_report(
        application=turn.of,
        by=turn.people["penningmeester"],
        reference=turn.said("close"),
        now=turn.now,
    )


def _claim_back(turn: Turn) -> None:
    reporting.claim_back(
        application=turn.of,
        by=turn.people["voorzitter"],
        cents=turn.row["claimed"],
        reason=turn.said("claim_back"),
        now=turn.now,
    )


STEPS: dict[str, Callable[[Turn], None]] = {
    "hand_in": _hand_in,
    "send_back": _send_back,
    "step_aside": _step_aside,
    "check": _check,
    "put_to_vote": _put_to_vote,
    "count": _count,
    "decline": _decline,
    "approve_fast": _approve_fast,
    "agree": _agree,
    "take_back": _take_back,
    "prepare": _prepare,
    "approve": _approve,
    "pay": _pay,
    "fall_due": _fall_due,
    "fall_overdue": _fall_overdue,
    "ask": _ask,
    "report": _report,
    "close": _close,
    "claim_back": _claim_back,
}
