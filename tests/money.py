"""Scenes of a council's money: a fund with money in it, and an application in any stage."""

import datetime
import itertools
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from areas.models import Area
from budgets import documents
from budgets.actions import applying, deciding, funding, paying, reporting
from budgets.models import Application, Fund, Stage
from contributions.forms import PicturesForm
from jongerenraad.actions.votes import cast_vote, close_vote
from jongerenraad.models import Choice, Council, Office
from tests import scenes
from tests.councils import electorate, fund, holder

_numbers = itertools.count(1)

#: How an application comes to each stage, by the names of the steps below.
WAYS: dict[str, list[str]] = {
    Stage.DRAFT: [],
    Stage.SUBMITTED: ["hand_in"],
    Stage.RETURNED: ["hand_in", "send_back"],
    Stage.CHECKED: ["hand_in", "check"],
    Stage.IN_DELIBERATION: ["hand_in", "check", "put_to_vote"],
    Stage.GRANTED: ["hand_in", "check", "put_to_vote", "adopt"],
    Stage.PARTLY_GRANTED: ["hand_in", "check", "put_part_to_vote", "adopt"],
    Stage.DECLINED: ["hand_in", "check", "put_to_vote", "reject", "decline"],
    Stage.WITHDRAWN: ["hand_in", "take_back"],
    Stage.AGREED: ["hand_in", "check", "put_to_vote", "adopt", "agree"],
    Stage.ORDERED: ["hand_in", "check", "put_to_vote", "adopt", "agree", "order"],
    Stage.PAID: ["hand_in", "check", "put_to_vote", "adopt", "agree", "order", "pay"],
}
WAYS[Stage.REPORT_DUE] = [*WAYS[Stage.PAID], "be_over"]
WAYS[Stage.OVERDUE] = [*WAYS[Stage.REPORT_DUE], "be_late"]
WAYS[Stage.REPORTED] = [*WAYS[Stage.REPORT_DUE], "report"]
WAYS[Stage.CLOSED] = [*WAYS[Stage.REPORTED], "close"]
WAYS[Stage.RECOVERY] = [*WAYS[Stage.OVERDUE], "claim"]


def office() -> User:
    return scenes.granted(Role.PROGRAMME_OFFICE)


def filled(of: Council, cents: int = 40_000_00, **by_laws: int) -> Fund:
    """Return this year's fund of a council, with money in it; every area may get all of it."""
    by_laws.setdefault("share_per_area_percent", 100)
    made = of.funds.of_year(timezone.localdate().year).first() or fund(of, **by_laws)
    funding.put_in(fund=made, cents=cents, key=str(next(_numbers)), by=office(), note="Besluit 1")
    return made


def draft(
    of: Council,
    title: str = "Voetbaltoernooi",
    *,
    author: User | None = None,
    cents: int = 500_00,
    where: Area | None = None,
    **values: Any,
) -> Application:
    """Return a whole application that was not handed in."""
    author = author or scenes.person(age_band="18-26")
    started = applying.start(council=of, by=author, language=values.pop("language", "nl"))
    day = timezone.localdate()
    return applying.write(
        application=started,
        by=author,
        values={
            "title": title,
            "what": "Wij willen een toernooi op het plein, met prijzen.",
            "area": where or scenes.area(),
            "starts_date": day,
            "ends_date": day,
            "recipient": "organisation",
            "recipient_name": "Stichting Plein",
            "recipient_email": "plein@voorbeeld.test",
            **values,
        },
        costs=[applying.Cost("Ballen", cents)],
    )


def application(
    of: Council, stage: str = Stage.SUBMITTED, title: str = "Voetbaltoernooi", **fields: Any
) -> Application:
    """Return an application in a stage, brought there by the actions that lead to it."""
    made = draft(of, title, **fields)
    for step in WAYS[stage]:
        STEPS[step](made)
        made.refresh_from_db()
    return made


def vote(of: Application, choice: str, *, voters: int | None = None) -> None:
    """Let members vote the same on what the council votes on about an application, and count."""
    matter = deciding.vote_on(of)
    assert matter is not None
    aside = set(
        matter.electors.filter(stepped_aside=True).values_list("membership__person", flat=True)
    )
    people = [one for one in electorate(of.fund.council) if one.pk not in aside]
    for person in people[:voters]:
        cast_vote(matter=matter, by=person, choice=choice)
    close_vote(matter=matter, now=matter.closes_at)


def chairing(of: Application) -> User:
    """Return the chair, or the secretary where the chair is the applicant."""
    chair = holder(of.fund.council, Office.CHAIR)
    return chair if chair.pk != of.author_id else holder(of.fund.council, Office.SECRETARY)


def put_to_vote(of: Application, cents: int | None = None) -> None:
    """Put an application to the vote, until tomorrow or the end of the year."""
    now = timezone.now()
    deciding.put_to_vote(
        application=of,
        by=chairing(of),
        cents=cents or of.requested or 0,
        text="",
        language="nl",
        closes_at=now + datetime.timedelta(hours=1),
    )


def order(of: Application) -> None:
    """Prepare and approve the payment of an application."""
    council = of.fund.council
    made = paying.prepare_order(application=of, by=holder(council, Office.TREASURER))
    paying.approve_order(application=of, by=chairing(of))
    if paying.approvals_needed(made, of.fund) == 2:
        paying.approve_order(application=of, by=holder(council, Office.SECRETARY))


def paid_file(*rows: tuple[str, str, str, str]) -> bytes:
    """Return a file of payments: order, amount, reference and date on each line."""
    lines = ["order;amount;reference;date", *(";".join(row) for row in rows)]
    return "\r\n".join(lines).encode()


def pay(of: Application, reference: str = "") -> None:
    """Let finance pay the order of an application."""
    of = Application.objects.select_related("order", "fund__council").get(pk=of.pk)
    amount = f"{of.order.cents // 100},{of.order.cents % 100:02d}"
    row = (
        of.order.number,
        amount,
        reference or f"KENMERK-{of.pk}",
        timezone.localdate().isoformat(),
    )
    run = paying.read_paid(
        council=of.fund.council, file_name="betaald.csv", content=paid_file(row), by=office()
    )
    assert not run.refused, run.refused


def receipt(of: Application, cents: int, *, colour: str = "white") -> None:
    """Add a receipt, whose photo looks different for each colour."""
    assert of.author is not None
    reporting.add_receipt(
        application=of,
        by=of.author,
        drawn=documents.draw(scenes.picture_file(colour=colour, size=(60, 80))),
        description="Ballen",
        cents=cents,
    )


def report(of: Application, *, spent: int | None = None) -> None:
    """Report on an application, with a receipt for all or part of it."""
    assert of.author is not None
    form = PicturesForm(
        {"new_description_1": "Een bal"}, {"new_1": scenes.picture_file(size=(120, 80))}
    )
    assert form.is_valid(), form.errors
    reporting.write_report(
        application=of,
        by=of.author,
        values={"did": "We speelden.", "met": "Dertig kinderen.", "learned": "Meer water."},
        language="nl",
        form=form,
    )
    if spent != 0:
        number = next(_numbers)
        receipt(of, of.granted if spent is None else spent, colour=f"#{number * 4099 % 16**6:06x}")
    reporting.hand_in_report(application=of, by=of.author)


def be_over(of: Application) -> None:
    """Let the last day of an application lie behind."""
    assert of.ends_date is not None
    day_after = datetime.datetime.combine(
        of.ends_date + datetime.timedelta(days=1), datetime.time(12), datetime.UTC
    )
    reporting.let_time_pass(now=day_after)


def be_late(of: Application) -> None:
    """Let the day before which a report was promised lie behind."""
    of.report_due_date = timezone.localdate() - datetime.timedelta(days=1)
    of.save(update_fields=["report_due_date"])
    reporting.let_time_pass(now=timezone.now())


STEPS: dict[str, Any] = {
    "hand_in": lambda of: applying.hand_in(application=of, by=of.author),
    "send_back": lambda of: deciding.send_back(
        application=of,
        by=holder(of.fund.council, Office.SECRETARY),
        reason="Welke straat?",
    ),
    "check": lambda of: deciding.check(
        application=of, by=holder(of.fund.council, Office.SECRETARY)
    ),
    "put_to_vote": put_to_vote,
    "put_part_to_vote": lambda of: put_to_vote(of, of.requested // 2),
    "adopt": lambda of: vote(of, Choice.AGREE),
    "reject": lambda of: vote(of, Choice.DISAGREE),
    "decline": lambda of: deciding.decline(
        application=of, by=holder(of.fund.council, Office.SECRETARY), reason="Te duur."
    ),
    "take_back": lambda of: applying.take_back(application=of, by=of.author),
    "agree": lambda of: applying.agree(application=of, by=of.author),
    "order": order,
    "pay": pay,
    "be_over": be_over,
    "be_late": be_late,
    "report": report,
    "close": lambda of: reporting.close_report(
        application=of, by=holder(of.fund.council, Office.TREASURER)
    ),
    "claim": lambda of: reporting.claim_back(
        application=of,
        by=chairing(of),
        cents=of.granted,
        reason="Er kwam geen verslag.",
    ),
}
