"""What this app holds of people, and how it lets go of it: amounts stay, names go."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Case, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.holdings import (
    GONE,
    HeldFile,
    Holding,
    Leaving,
    register,
    register_nothing,
    register_obstacle,
)
from accounts.models import User
from budgets import documents
from budgets.actions.applying import take_back
from budgets.models import (
    Application,
    Approval,
    CostLine,
    Document,
    GrantReport,
    PaymentImport,
    PaymentOrder,
    Posting,
    Receipt,
    Recusal,
    Stage,
    StageChange,
)
from contributions.privacy import text_holding

#: From the order on until all is accounted for, the money is somebody's to answer for.
UNDER_WAY = (
    Stage.ORDERED,
    Stage.PAID,
    Stage.REPORT_DUE,
    Stage.REPORTED,
    Stage.OVERDUE,
    Stage.RECOVERY,
)
#: An applicant can still take these back.
TAKEN_BACK = (
    Stage.SUBMITTED,
    Stage.RETURNED,
    Stage.CHECKED,
    Stage.IN_DELIBERATION,
    Stage.GRANTED,
    Stage.PARTLY_GRANTED,
    Stage.AGREED,
)
_LEDGER = "the council's books"


def money_under_way(person: User, now: datetime.datetime) -> Iterable[Promise]:
    """Say that somebody still has to account for public money."""
    if Application.objects.filter(author=person, stage__in=UNDER_WAY).exists():
        return [
            _(
                "You have a plan that gets money from a council. Tell first how it went, with the "
                "receipts. When the council has closed it, you can leave."
            )
        ]
    return []


def take_back_applications(person: User, now: datetime.datetime) -> None:
    """Withdraw a person's applications for which no payment was ordered."""
    for application in Application.objects.filter(author=person, stage__in=TAKEN_BACK):
        take_back(application=application, by=person, now=now)


def empty_reasons(holding: Holding, person: User, leaving: Leaving) -> None:
    """Take the words out of a record; what was done, when and by which number stays."""
    written = Case(When(reason="", then=Value("")), default=Value(GONE))
    holding.rows(person).order_by().update(reason=written)


def empty_changes(holding: Holding, person: User, leaving: Leaving) -> None:
    """Take the words out of what was done with a person's applications."""
    StageChange.objects.filter(application__author=person).empty_words()


def forget_documents(holding: Holding, person: User, leaving: Leaving) -> None:
    """Delete the papers of a person's applications. What the receipts add up to stays."""
    for pk in list(holding.rows(person).values_list("pk", flat=True)):
        with transaction.atomic():
            document = Document.objects.select_for_update(no_key=True).filter(pk=pk).first()
            if document is None:
                continue
            # The file before its row: a worker that is killed in between finds it again.
            documents.forget(document)
            if Receipt.objects.filter(document=document).exists():
                document.image, document.digest = "", ""
                document.save(update_fields=["image", "digest"])
            else:
                document.delete()


def _of_own_applications(model: Any) -> Any:
    return lambda person: model._default_manager.filter(application__author=person)


def _paper(document: Document) -> Iterable[HeldFile]:
    if document.image.name:
        yield HeldFile(f"papers/{document.pk}.webp", document.image.name)


def _is_public(application: Application) -> bool:
    return application.is_public


def _report_is_public(report: GrantReport) -> bool:
    return report.is_published and report.application.stage == Stage.CLOSED


HOLDINGS = (
    # What hangs on an application comes before it: with its words it may lose its author.
    Holding(
        CostLine,
        _("What your applications for money cost"),
        through=_of_own_applications(CostLine),
        words={"description": GONE},
    ),
    Holding(
        Receipt,
        _("What you paid with the money of a council"),
        through=_of_own_applications(Receipt),
        words={"description": GONE},
    ),
    Holding(
        Document,
        _("Quotes and receipts that you added"),
        through=_of_own_applications(Document),
        words={"image": "", "digest": ""},
        secret=("key", "digest"),
        files=_paper,
        leaves=forget_documents,
    ),
    Holding(
        PaymentOrder,
        _("Payments for your plans"),
        through=_of_own_applications(PaymentOrder),
        numbers=("prepared_by",),
        words={"recipient_name": GONE},
        kept={"number": _LEDGER, "paid_reference": _LEDGER},
    ),
    Holding(
        StageChange,
        _("What was done with your applications for money"),
        through=_of_own_applications(StageChange),
        numbers=("by",),
        words={"reason": GONE},
        kept={"act": "the name of an act", "office": "the name of an office"},
        leaves=empty_changes,
    ),
    text_holding(
        GrantReport,
        _("Reports of your plans"),
        words={"did": GONE, "met": GONE, "learned": GONE},
        stands=_report_is_public,
    ),
    text_holding(
        Application,
        _("Applications for money"),
        words={"title": GONE, "what": GONE, "for_whom": "", "own_contribution": ""},
        private={"recipient_name": "", "recipient_email": "", "shows_name": False},
        stands=_is_public,
        ends=take_back_applications,
    ),
    Holding(
        Recusal,
        _("Decisions about money in which you took no part"),
        own=("person",),
        numbers=("recorded_by",),
        words={"reason": GONE},
        leaves=empty_reasons,
    ),
    Holding(
        Approval,
        _("Payments that you signed for a council"),
        own=("person",),
        kept={"office": "the name of an office"},
    ),
    Holding(
        Posting,
        _("What you wrote in the books of a council"),
        own=("made_by",),
        kept={"key": _LEDGER, "note": _LEDGER},
    ),
    Holding(
        PaymentImport,
        _("Files with payments that you read in for the office"),
        own=("read_by",),
        kept={"file_name": _LEDGER, "refused": _LEDGER},
    ),
)
NOTHING = {
    "budgets.fund": "amounts and by-laws",
    "budgets.closingdate": "dates",
    "budgets.deliberation": "amounts",
    "budgets.entry": "amounts",
    "budgets.balance": "amounts",
}


def declare() -> None:
    """Declare it, at start-up."""
    register(*HOLDINGS)
    register_nothing(NOTHING)
    register_obstacle(money_under_way)
