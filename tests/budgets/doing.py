"""Every act on an application by its name, with whatever else it needs to know."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from budgets import documents, ledger
from budgets.actions import applying, deciding, paying, reporting
from budgets.models import Account, Application, Approval, PaymentOrder, Posting, StageChange
from contributions.actions import Refused
from contributions.forms import PicturesForm
from jongerenraad.models import Choice, Council, Membership, Office, Seat, Term
from tests import councils, money, scenes

SOON = datetime.timedelta(hours=1)
Act = Callable[[Application, User], Any]


def _claim(of: Application, by: User) -> None:
    cents = max(1, ledger.held_for(of)[Account.PAID])
    reporting.claim_back(application=of, by=by, cents=cents, reason="Er kwam niets.")


def _settle(of: Application, by: User) -> None:
    cents = ledger.held_for(of)[Account.RECOVERED] // 2
    reporting.settle_claim(application=of, by=by, received=cents, reference=f"TERUG-{of.pk}")


def _add_receipt(of: Application, by: User) -> None:
    reporting.add_receipt(
        application=of,
        by=by,
        drawn=documents.Drawn(b"picture", f"digest-{of.pk}-{of.receipts.count()}"),
        description="Ballen",
        cents=1_00,
    )


def write_report(of: Application, by: User, **values: str) -> None:
    form = PicturesForm({"new_description_1": "Bal"}, {"new_1": scenes.picture_file()})
    if hasattr(of, "report"):
        form = PicturesForm({})
    assert form.is_valid()
    told = {"did": "We speelden.", "met": "Dertig.", "learned": "Meer water.", **values}
    reporting.write_report(application=of, by=by, values=told, language="nl", form=form)


def _put_to_vote(of: Application, by: User) -> None:
    deciding.put_to_vote(
        application=of,
        by=by,
        cents=of.requested or 0,
        text="",
        language="nl",
        closes_at=timezone.now() + SOON,
    )


def read_paid(of: Application, by: User, *, reference: str = "") -> None:
    """Read a file with the payment of an application; what is refused in it raises."""
    order = PaymentOrder.objects.filter(application=of).first()
    row = (
        order.number if order else "NIETS-1",
        f"{order.cents // 100},{order.cents % 100:02d}" if order else "1,00",
        reference or f"KENMERK-{of.pk}",
        timezone.localdate().isoformat(),
    )
    run = paying.read_paid(
        council=of.fund.council, file_name="betaald.csv", content=money.paid_file(row), by=by
    )
    if run.refused:
        raise paying.DoesNotFit(run.refused[0]["why"])


def _aside(of: Application, by: User) -> None:
    deciding.step_aside(application=of, person=by, ground="household", reason="", by=by)


#: Each act of a person on an application.
ACTS: dict[str, Act] = {
    "write": lambda of, by: applying.write(application=of, by=by, values={"for_whom": "Allen"}),
    "hand_in": lambda of, by: applying.hand_in(application=of, by=by),
    "agree": lambda of, by: applying.agree(application=of, by=by),
    "take_back": lambda of, by: applying.take_back(application=of, by=by),
    "check": lambda of, by: deciding.check(application=of, by=by),
    "send_back": lambda of, by: deciding.send_back(application=of, by=by, reason="Waar?"),
    "put_to_vote": _put_to_vote,
    "give_after_vote": lambda of, by: deciding.give_after_vote(application=of, by=by),
    "decline": lambda of, by: deciding.decline(application=of, by=by, reason="Te duur."),
    "put_back": lambda of, by: deciding.put_back(application=of, by=by),
    "approve_fast": lambda of, by: deciding.approve_fast(application=of, by=by),
    "prepare_order": lambda of, by: paying.prepare_order(application=of, by=by),
    "approve_order": lambda of, by: paying.approve_order(application=of, by=by),
    "read_paid": read_paid,
    "write_report": write_report,
    "add_receipt": _add_receipt,
    "hand_in_report": lambda of, by: reporting.hand_in_report(application=of, by=by),
    "send_report_back": lambda of, by: reporting.send_report_back(
        application=of, by=by, reason="De bon is onleesbaar."
    ),
    "ask_for_report": lambda of, by: reporting.ask_for_report(application=of, by=by),
    "close_report": lambda of, by: reporting.close_report(
        application=of, by=by, reference=f"OVER-{of.pk}"
    ),
    "claim_back": _claim,
    "settle_claim": _settle,
}


@contextmanager
def undone() -> Iterator[None]:
    """Undo in the end what is done meanwhile."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fresh(of: Application) -> Application:
    """Return an application as a page would load it."""
    return Application.objects.select_related("fund__council", "author", "area").get(pk=of.pk)


def try_it(act: str, of: Application, by: User) -> Refused | None:
    """Do an act, and return why it was refused; whatever else it raises is a fault."""
    try:
        ACTS[act](fresh(of), by)
    except Refused as refused:
        return refused
    return None


def everything(of: Application) -> dict[str, Any]:
    """Return all that an act may change, so that one that changed nothing is known."""
    return {
        "application": Application.objects.filter(pk=of.pk).values().get(),
        "changes": list(StageChange.objects.order_by("pk").values()),
        "postings": list(Posting.objects.order_by("pk").values()),
        "balances": ledger.balances(of.fund),
        "approvals": list(Approval.objects.order_by("pk").values()),
        "orders": list(PaymentOrder.objects.order_by("pk").values()),
        "receipts": list(of.receipts.order_by("pk").values()),
        "documents": list(of.documents.order_by("pk").values()),
        "recusals": list(of.recusals.order_by("pk").values()),
        "votes": list(of.deliberations.order_by("pk").values()),
    }


def people_around(council: Council, of: Application) -> dict[str, User]:
    """Return somebody in each role that an act could be tried in."""
    term = council.terms.get()
    before = Term.objects.create(
        council=council,
        starts_date=term.starts_date - datetime.timedelta(days=400),
        ends_date=timezone.localdate() - datetime.timedelta(days=1),
    )
    elsewhere = councils.council("partnerraad")
    found = {
        "applicant": of.author,
        "resident": scenes.person(),
        "member": councils.holder(council, Office.MEMBER),
        "mentor": councils.seated(None, term=term, office=Office.MENTOR).person,
        "chair": councils.holder(council, Office.CHAIR),
        "secretary": councils.holder(council, Office.SECRETARY),
        "treasurer": councils.holder(council, Office.TREASURER),
        "programme office": money.office(),
        "office of one area": scenes.granted("programme_office", area=scenes.area()),
        "moderator": scenes.moderator(),
    }
    for office in (Office.CHAIR, Office.SECRETARY, Office.TREASURER):
        found[f"{office} until yesterday"] = councils.seated(
            Seat.objects.create(council=council, number=90 + len(found), area=None),
            term=before,
            office=office,
        ).person
        found[f"{office} elsewhere"] = councils.holder(elsewhere, office)
    return found


def end(membership: Membership) -> None:
    """Let somebody stop as a member a moment ago."""
    membership.ends_at = timezone.now() - datetime.timedelta(minutes=1)
    membership.ended_by = membership.appointed_by
    membership.save()


def vacate(council: Council, office: str) -> None:
    """Let an office stand empty."""
    end(Membership.objects.current(timezone.now()).get(term__council=council, office=office))


def count(of: Application, choice: str = Choice.AGREE, *, voters: int | None = None) -> None:
    """Let members vote on the open vote about an application, and count it."""
    money.vote(of, choice, voters=voters)
