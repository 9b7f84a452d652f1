"""Telling what came of it: report, receipts, what is left, and what is claimed back."""

import datetime
from functools import partial

import structlog
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.record import on_the_record
from budgets import documents, ledger
from budgets.actions.deciding import SaysNotWhy
from budgets.models import Account, Act, Application, Document, GrantReport, Receipt, Stage
from budgets.permissions import CHECKERS, acts_as, is_office, is_recused
from budgets.stages import changing, move, note, tell_applicant
from contributions.actions import (
    NotAllowed,
    NotPossibleNow,
    Refused,
    change_pictures,
    editing,
    submit,
    withdraw,
)
from contributions.deadlines import today
from contributions.forms import PicturesForm
from contributions.models import Dossier, Picture, Status
from jongerenraad.models import Office

log = structlog.get_logger(__name__)

MAX_RECEIPTS = 40
#: The applicant tells in these stages; a payment is reported on once its last day has come.
TOLD_IN = (Stage.PAID, Stage.REPORT_DUE, Stage.OVERDUE)


class NotBegunYet(Refused):
    message = _("You can hand in your report from the first day of your plan on.")


class ReportUnfinished(Refused):
    message = _("Something is still missing: a photo and the three sentences.")


class SameReceipt(Refused):
    message = _("This receipt is here already. Each receipt counts once.")


class ReceiptOfAnother(Refused):
    message = _("This receipt was used for another plan already. Each receipt counts once.")


class TooManyReceipts(Refused):
    message = _("You can add forty receipts at most.")


class ReferenceMissing(Refused):
    message = _("Write the reference with which the money that was left came back.")


class AmountDoesNotFit(Refused):
    message = _("This amount is more than there is. Look at the amounts on the page.")


def _tells(application: Application, by: User) -> None:
    if application.author_id != by.pk:
        raise NotAllowed
    if application.stage not in TOLD_IN:
        raise NotPossibleNow


def can_be_reworded(report: GrantReport | None, application: Application) -> bool:
    """Say whether only the words and pictures can be changed: a moderator sent them back."""
    return (
        report is not None
        and report.status == Status.RETURNED
        and application.stage in (Stage.REPORTED, Stage.CLOSED, Stage.RECOVERY)
    )


def write_report(
    *,
    application: Application,
    by: User,
    values: dict[str, str],
    language: str,
    form: PicturesForm,
    now: datetime.datetime | None = None,
) -> GrantReport:
    """Save the sentences and pictures of a report that was not handed in.

    One that was handed in and came back leaves the moderators' queue until it is handed in again.

    Raises:
        NotAllowed: it is someone else's.
        NotPossibleNow: there is nothing to report, or it was handed in.
        ReportUnfinished: a sentence of one that came back would be empty.
    """
    now = now or timezone.now()
    with changing(application) as locked:
        report = GrantReport.objects.filter(application=locked).first()
        if not (locked.author_id == by.pk and can_be_reworded(report, locked)):
            _tells(locked, by)
        if report is None:
            report = GrantReport.objects.create(
                dossier=Dossier.objects.create(kind=GrantReport.kind),
                application=locked,
                author=by,
                entered_by=by,
                area=locked.area,
                language=language,
            )
        if report.status == Status.PUBLISHED:
            report = withdraw(contribution=report, by=by, now=now)
        with editing(report, by=by, now=now) as open_report:
            for name, value in values.items():
                setattr(open_report, name, value)
            if open_report.status != Status.DRAFT:
                # What was handed in once is whole, also while it is changed.
                _check_sentences(open_report)
            open_report.language = language
            change_pictures(
                contribution=open_report,
                remove=form.removed(),
                descriptions=form.descriptions(),
                add=form.new_pictures,
                now=now,
            )
        return open_report


def add_receipt(
    *,
    application: Application,
    by: User,
    drawn: documents.Drawn,
    description: str,
    cents: int,
) -> Receipt:
    """Add a photographed receipt with its amount, in cents.

    Raises:
        SameReceipt, ReceiptOfAnother: the same picture was sent before.
        TooManyReceipts: there are forty.
        NotAllowed, NotPossibleNow: see ``write_report``.
    """
    # Under the fund's lock, so that the same file sent twice at once is noticed too.
    with changing(application, money=True) as locked:
        _tells(locked, by)
        same = Document.objects.filter(
            kind=Document.Kind.RECEIPT,
            digest=drawn.digest,
            application__fund__council=locked.fund.council,
        )
        if found := same.first():
            raise SameReceipt if found.application_id == locked.pk else ReceiptOfAnother
        if locked.receipts.count() >= MAX_RECEIPTS:
            raise TooManyReceipts
        return Receipt.objects.create(
            application=locked,
            document=documents.keep(locked, Document.Kind.RECEIPT, drawn),
            description=description,
            cents=cents,
        )


def take_receipt_away(*, receipt: Receipt, by: User) -> None:
    """Take a receipt out of a report that was not handed in."""
    with changing(receipt.application) as locked:
        _tells(locked, by)
        here = locked.receipts.filter(pk=receipt.pk).select_related("document").first()
        if here is None:
            raise NotPossibleNow
        document = here.document
        here.delete()
        document.delete()
        transaction.on_commit(partial(documents.forget, document))


def spent(application: Application) -> int:
    """Return what the receipts of an application add up to, in cents."""
    return application.receipts.aggregate(total=Sum("cents"))["total"] or 0


def left_over(application: Application) -> int:
    """Return what was granted and is on no receipt, in cents: it flows back."""
    return max(0, (application.granted or 0) - spent(application))


def hand_in_report(
    *, application: Application, by: User, now: datetime.datetime | None = None
) -> Application:
    """Hand in a report; what is left over is on its way back from now on.

    Raises:
        NotBegunYet: the first day of the plan still has to come.
        ReportUnfinished: without a photo or one of the three sentences.
        NotAllowed, NotPossibleNow: see ``write_report``.
        contributions.actions.Refused: what ``submit`` refuses.
    """
    now = now or timezone.now()
    with changing(application, money=True) as locked:
        _tells(locked, by)
        if locked.stage == Stage.PAID:
            # Some plans are over before their last day.
            if locked.starts_date is None or locked.starts_date > today(now):
                raise NotBegunYet
            move(locked, Stage.REPORT_DUE, act="fall_due", now=now)
        report = GrantReport.objects.filter(application=locked).first()
        _check_told(report)
        assert report is not None
        if report.status in (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN):
            submit(contribution=report, by=by, now=now)
        left = left_over(locked)
        change = move(locked, Stage.REPORTED, act="hand_in_report", by=by, now=now)
        if left:
            ledger.post(
                fund=locked.fund,
                act=Act.GIVE_BACK,
                cents=left,
                key=f"left:{locked.pk}:{change.pk}",
                application=locked,
                by=by,
                now=now,
            )
        return locked


def send_words_in_again(
    *, application: Application, by: User, now: datetime.datetime | None = None
) -> None:
    """Hand in the words of a report that a moderator sent back; the money is not touched.

    Raises:
        NotAllowed, NotPossibleNow: it is someone else's, or no moderator sent it back.
        ReportUnfinished: without a photo or one of the three sentences.
    """
    with changing(application) as locked:
        report = GrantReport.objects.filter(application=locked).first()
        if locked.author_id != by.pk:
            raise NotAllowed
        if report is None or not can_be_reworded(report, locked):
            raise NotPossibleNow
        _check_told(report)
        submit(contribution=report, by=by, now=now)


def _check_told(report: GrantReport | None) -> None:
    """Raise ``ReportUnfinished`` for a report without a photo or one of the three sentences."""
    if report is None:
        raise ReportUnfinished
    _check_sentences(report)
    if not Picture.objects.filter(dossier=report.dossier_id).current().exists():
        raise ReportUnfinished


def _check_sentences(report: GrantReport) -> None:
    if not (report.did and report.met and report.learned):
        raise ReportUnfinished


@on_the_record
def send_report_back(
    *, application: Application, by: User, reason: str, now: datetime.datetime | None = None
) -> None:
    """Give a report back, with what to change; what was left over is worked out anew.

    Raises:
        SaysNotWhy: without a reason.
        NotAllowed, NotPossibleNow: neither secretary nor treasurer, or no report waits.
    """
    now = now or timezone.now()
    if not reason:
        raise SaysNotWhy
    with changing(application, money=True) as locked:
        seat = acts_as(by, locked, CHECKERS, now)
        if seat is None:
            raise NotAllowed
        locked.report_due_date = today(now) + datetime.timedelta(days=locked.fund.report_days)
        move(
            locked,
            Stage.REPORT_DUE,
            act="send_report_back",
            by=by,
            office=seat.office,
            reason=reason,
            now=now,
        )
        _undo_left_over(locked, by=by, note=reason, now=now)


def _undo_left_over(
    application: Application, *, by: User, note: str, now: datetime.datetime
) -> None:
    """Undo that money of a locked application is left over and on its way back, where it is."""
    given_back = (
        application.postings.filter(act=Act.GIVE_BACK, reversed_by__isnull=True)
        .order_by("-made_at")
        .first()
    )
    if given_back is not None:
        ledger.reverse(
            posting=given_back, by=by, note=note[:300], key=f"undo:{given_back.key}", now=now
        )


@on_the_record
def ask_for_report(
    *, application: Application, by: User, now: datetime.datetime | None = None
) -> None:
    """Ask the applicant for a report that is late; it stands on their own page.

    Raises:
        NotAllowed, NotPossibleNow: neither secretary nor treasurer, or nothing is late.
    """
    now = now or timezone.now()
    with changing(application) as locked:
        seat = acts_as(by, locked, CHECKERS, now)
        if seat is None:
            raise NotAllowed
        if locked.stage != Stage.OVERDUE:
            raise NotPossibleNow
        locked.asked_at = now
        locked.save(update_fields=["asked_at"])
        change = note(locked, act="ask_for_report", by=by, office=seat.office, now=now)
        tell_applicant(change)


@on_the_record
def close_report(
    *,
    application: Application,
    by: User,
    reference: str = "",
    now: datetime.datetime | None = None,
) -> None:
    """Say that report and receipts are in order, and that what was left over is back.

    Args:
        reference: the reference with which finance received what was left over.

    Raises:
        ReferenceMissing: money was left over and there is no reference.
        NotAllowed, NotPossibleNow: neither secretary nor treasurer, or no report waits.
    """
    now = now or timezone.now()
    with changing(application, money=True) as locked:
        seat = acts_as(by, locked, CHECKERS, now)
        if seat is None:
            raise NotAllowed
        back = ledger.held_for(locked)[Account.RETURNED]
        if back and not reference:
            raise ReferenceMissing
        move(locked, Stage.CLOSED, act="close", by=by, office=seat.office, now=now)
        _receive_back(locked, back, by=by, reference=reference, now=now)


def _receive_back(
    application: Application, cents: int, *, by: User, reference: str, now: datetime.datetime
) -> None:
    if cents:
        ledger.post(
            fund=application.fund,
            act=Act.RECEIVE_BACK,
            cents=cents,
            key=f"back:{application.pk}",
            application=application,
            by=by,
            note=reference,
            now=now,
        )


@on_the_record
def claim_back(
    *,
    application: Application,
    by: User,
    cents: int,
    reason: str,
    now: datetime.datetime | None = None,
) -> None:
    """Claim money back, as the chair: no report came, or it was not used as agreed.

    Args:
        cents: at most what was paid and has not come in again. What counts as left over and on
            its way back is claimed too where the amount is more than the rest.

    Raises:
        SaysNotWhy, AmountDoesNotFit: what is claimed.
        NotAllowed, NotPossibleNow: somebody else, or nothing is late or reported.
    """
    now = now or timezone.now()
    if not reason:
        raise SaysNotWhy
    with changing(application, money=True) as locked:
        seat = acts_as(by, locked, (Office.CHAIR, Office.SECRETARY), now)
        if seat is None:
            raise NotAllowed
        move(
            locked,
            Stage.RECOVERY,
            act="claim_back",
            by=by,
            office=seat.office,
            reason=reason,
            now=now,
        )
        held = ledger.held_for(locked)
        if not 1 <= cents <= held[Account.PAID] + held[Account.RETURNED]:
            raise AmountDoesNotFit
        if cents > held[Account.PAID]:
            _undo_left_over(locked, by=by, note=reason, now=now)
        ledger.post(
            fund=locked.fund,
            act=Act.CLAIM,
            cents=cents,
            key=f"claim:{locked.pk}",
            application=locked,
            by=by,
            note=reason[:300],
            now=now,
        )


@on_the_record
def settle_claim(
    *,
    application: Application,
    by: User,
    received: int,
    reference: str,
    now: datetime.datetime | None = None,
) -> None:
    """Say what of a claim came in, as the programme office; the rest is given up and stays spent.

    Args:
        received: in cents; zero where nothing came.

    Raises:
        AmountDoesNotFit: more than was claimed.
        ReferenceMissing: money came in and there is no reference.
        NotAllowed, NotPossibleNow: somebody else, or nothing was claimed.
    """
    now = now or timezone.now()
    if not is_office(by):
        raise NotAllowed
    with changing(application, money=True) as locked:
        if is_recused(by, locked):
            raise NotAllowed
        move(locked, Stage.CLOSED, act="settle_claim", by=by, office="programme_office", now=now)
        held = ledger.held_for(locked)
        claimed = held[Account.RECOVERED]
        if not 0 <= received <= claimed:
            raise AmountDoesNotFit
        if (received or held[Account.RETURNED]) and not reference:
            raise ReferenceMissing
        for act, cents in ((Act.RECEIVE_CLAIM, received), (Act.WRITE_OFF, claimed - received)):
            if cents:
                ledger.post(
                    fund=locked.fund,
                    act=act,
                    cents=cents,
                    key=f"{act}:{locked.pk}",
                    application=locked,
                    by=by,
                    note=reference,
                    now=now,
                )
        _receive_back(locked, held[Account.RETURNED], by=by, reference=reference, now=now)


def let_time_pass(*, now: datetime.datetime) -> int:
    """Bring along what the calendar moves: plans that are over, and reports that are late.

    Returns:
        How many applications moved.
    """
    day = today(now)
    moved = 0
    for stage, to, act, due in (
        (Stage.PAID, Stage.REPORT_DUE, "fall_due", {"ends_date__lt": day}),
        (Stage.REPORT_DUE, Stage.OVERDUE, "fall_overdue", {"report_due_date__lt": day}),
    ):
        for application in Application.objects.filter(stage=stage, **due).order_by("pk"):
            try:
                with changing(application) as locked:
                    # Another worker, or the applicant, may have been first.
                    if locked.stage == stage:
                        move(locked, to, act=act, now=now)
                        moved += 1
            except Exception:
                # One that fails is tried again the next night, and holds up no other one.
                log.exception("application not moved", application_id=application.pk)
    return moved
