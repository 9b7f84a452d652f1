"""Paying what was granted: two pairs of eyes on an order, and what finance tells about it."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.record import on_the_record
from budgets import ledger
from budgets.actions.deciding import approve, standing_approvals
from budgets.models import (
    Act,
    Application,
    Approval,
    Fund,
    PaymentImport,
    PaymentOrder,
    Posting,
    Stage,
)
from budgets.money import in_euros
from budgets.payments_file import PaidRow, Refusal, read_rows
from budgets.permissions import approves, is_office, prepares
from budgets.stages import changing, move, note
from contributions.actions import NotAllowed, NotPossibleNow, Refused
from contributions.deadlines import today
from jongerenraad.models import Council

#: More than a council's payments of many years; what is refused beyond this is counted, not named.
MOST_REFUSALS = 500


class OrderedBefore(Refused):
    message = gettext_lazy("There is a payment order for this already.")


@on_the_record
def prepare_order(
    *, application: Application, by: User, now: datetime.datetime | None = None
) -> PaymentOrder:
    """Prepare the payment of what was agreed upon, as treasurer; others approve it.

    Raises:
        NotAllowed: somebody else (see ``permissions.prepares``), or who steps aside.
        NotPossibleNow: nothing was agreed upon.
        OrderedBefore: there is an order.
    """
    now = now or timezone.now()
    # The fund's lock hands out the numbers one by one.
    with changing(application, money=True) as locked:
        seat = prepares(by, locked, now)
        if seat is None:
            raise NotAllowed
        if locked.stage != Stage.AGREED or locked.granted is None:
            raise NotPossibleNow
        if PaymentOrder.objects.filter(application=locked).exists():
            raise OrderedBefore
        order = PaymentOrder.objects.create(
            application=locked,
            number=_next_number(locked.fund),
            cents=locked.granted,
            recipient_name=_recipient(locked),
            prepared_by=by,
            prepared_at=now,
        )
        note(locked, act="prepare_order", by=by, office=seat.office, now=now)
        return order


def _next_number(fund: Fund) -> str:
    """Return the next order number of a fund that is locked: its council, year and a count."""
    count = PaymentOrder.objects.filter(application__fund=fund).count() + 1
    return f"{fund.council.slug.upper()}-{fund.year}-{count:04d}"


def _recipient(application: Application) -> str:
    if application.recipient != Application.Recipient.APPLICANT:
        return application.recipient_name
    author = application.author
    return application.recipient_name or (author.public_name if author else "")


@on_the_record
def approve_order(
    *, application: Application, by: User, now: datetime.datetime | None = None
) -> bool:
    """Approve a prepared payment; above a limit of the by-laws two people do.

    Returns:
        Whether the order goes to finance now; else it waits for the second approval.

    Raises:
        NotAllowed: the treasurer, who prepared it, who steps aside, or who holds no such office.
        ApprovedBefore: by the same person, or in the same office.
        NotPossibleNow: there is nothing to approve.
    """
    now = now or timezone.now()
    with changing(application, money=True) as locked:
        order = PaymentOrder.objects.filter(application=locked).first()
        if order is None or locked.stage != Stage.AGREED:
            raise NotPossibleNow
        seat = approves(by, order, locked, now)
        if seat is None:
            raise NotAllowed
        approve(locked, Approval.Purpose.ORDER, order.cents, by, seat.office, now)
        given = standing_approvals(locked, Approval.Purpose.ORDER).count()
        if given < approvals_needed(order, locked.fund):
            note(locked, act="approve_order", by=by, office=seat.office, now=now)
            return False
        order.approved_at = now
        order.save(update_fields=["approved_at"])
        move(locked, Stage.ORDERED, act="approve_order", by=by, office=seat.office, now=now)
        return True


def approvals_needed(order: PaymentOrder, fund: Fund) -> int:
    """Return how many people approve an order, under the by-laws of its fund."""
    return 2 if order.cents > fund.two_approvals_above else 1


@on_the_record
def hand_over(
    *, council: Council, by: User, now: datetime.datetime | None = None
) -> list[PaymentOrder]:
    """Return the approved orders that finance has not got yet, and write down that it has them now.

    Raises:
        NotAllowed: it is not the programme office.
    """
    if not is_office(by):
        raise NotAllowed
    now = now or timezone.now()
    with transaction.atomic():
        orders = list(
            PaymentOrder.objects.select_for_update(no_key=True, of=("self",))
            .filter(
                application__fund__council=council,
                approved_at__isnull=False,
                exported_at__isnull=True,
            )
            .select_related("application__fund")
        )
        for order in orders:
            order.exported_at = now
            order.save(update_fields=["exported_at"])
        return orders


@on_the_record
def read_paid(
    *,
    council: Council,
    file_name: str,
    content: bytes,
    by: User,
    now: datetime.datetime | None = None,
) -> PaymentImport:
    """Read a file of paid references: what fits is paid, what doesn't is named with the reason.

    Each row stands for itself. A row that was read before is known again, so that a file can be
    read twice.

    Raises:
        NotAllowed: it is not the programme office.
        budgets.payments_file.NotAPaymentsFile: its heading is not one of ours.
    """
    if not is_office(by):
        raise NotAllowed
    now = now or timezone.now()
    rows = read_rows(content)
    run = PaymentImport(council=council, file_name=file_name[:100], read_by=by, read_at=now)
    refused: list[dict[str, str]] = []
    for row in rows:
        run.rows_read += 1
        try:
            if isinstance(row, Refusal):
                raise DoesNotFit(row.why)
            if _pay(council, row, by, now):
                run.rows_paid += 1
            else:
                run.rows_known += 1
        except Refused as why:
            refused.append({"line": str(row.line), "order": row.order, "why": str(why)})
    run.refused = refused[:MOST_REFUSALS]
    run.save()
    return run


class DoesNotFit(Refused):
    """A row of a file that does not match an order; its message says why."""


def _pay(council: Council, row: PaidRow, by: User, now: datetime.datetime) -> bool:
    """Write one payment to the ledger; return False where it is known already."""
    order = (
        PaymentOrder.objects.filter(number=row.order, application__fund__council=council)
        .select_related("application")
        .first()
    )
    if order is None:
        raise DoesNotFit(_("There is no order with this number."))
    with changing(order.application, money=True) as locked:
        order.refresh_from_db()
        if locked.author_id == by.pk:
            raise NotAllowed
        if order.paid_reference:
            if order.paid_reference == row.reference and order.cents == row.cents:
                return False
            raise DoesNotFit(
                _("This order was paid before, with reference %(reference)s. Was it paid twice?")
                % {"reference": order.paid_reference}
            )
        if order.approved_at is None or locked.stage != Stage.ORDERED:
            raise DoesNotFit(_("This order was not approved."))
        if row.cents != order.cents:
            raise DoesNotFit(
                _("The order is for %(ordered)s, the file says %(paid)s.")
                % {"ordered": in_euros(order.cents), "paid": in_euros(row.cents)}
            )
        if row.date > today(now):
            raise DoesNotFit(_("The day of payment still has to come."))
        if row.date < today(order.approved_at):
            raise DoesNotFit(_("The day of payment comes before the day of approval."))
        order.paid_reference = row.reference
        order.paid_date = row.date
        try:
            with transaction.atomic():
                order.save(update_fields=["paid_reference", "paid_date"])
        except IntegrityError as error:
            raise DoesNotFit(_("This reference belongs to another order already.")) from error
        _post_payment(locked, order, by, now)
        return True


def _post_payment(
    application: Application, order: PaymentOrder, by: User, now: datetime.datetime
) -> Posting:
    assert application.ends_date is not None
    application.report_due_date = application.ends_date + datetime.timedelta(
        days=application.fund.report_days
    )
    if application.report_due_date < today(now):
        # Paid late: nobody is late with a report the day the money comes.
        application.report_due_date = today(now) + datetime.timedelta(
            days=application.fund.report_days
        )
    posting = ledger.post(
        fund=application.fund,
        act=Act.PAY,
        cents=order.cents,
        key=f"pay:{order.number}",
        application=application,
        by=by,
        note=order.paid_reference,
        now=now,
    )
    move(application, Stage.PAID, act="pay", by=by, office="programme_office", now=now)
    return posting
