"""What each person can do with an application as it stands: the buttons of its page.

One table says for each act in which stages it is offered, to whom, and what it needs to know. The
actions check all of it again, under a lock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from budgets.actions import applying, deciding, paying, reporting
from budgets.forms import (
    ActForm,
    AsideForm,
    ClaimForm,
    CloseForm,
    NothingForm,
    ReasonForm,
    SettleForm,
    VoteForm,
)
from budgets.models import Application, Approval, Stage
from budgets.permissions import CHECKERS, FAST_LANE
from budgets.standpoint import Standpoint
from jongerenraad.models import Office, Outcome

BOARD = (Office.CHAIR, Office.SECRETARY)


@dataclass(frozen=True)
class Act:
    """One thing that can be done with an application.

    Args:
        name: in the address.
        label: on the button.
        done: what the page says afterwards.
        stages: in which it is offered.
        offered_to: whether a person may do it now.
        form: what it needs to know; one without fields is done with the button alone.
        run: the action, with what the form says.
        explained: a sentence above the form or beside the button.
        against: whether the button stands apart, since it takes something away.
    """

    name: str
    label: Promise
    done: Promise
    stages: tuple[Stage, ...]
    offered_to: Callable[[Standpoint], bool]
    run: Callable[..., Any]
    form: type[ActForm] = NothingForm
    explained: Promise | str = ""
    against: bool = False

    @property
    def needs_words(self) -> bool:
        """Whether it has a page of its own with something to fill in."""
        return self.form is not NothingForm


def _the_applicant(at: Standpoint) -> bool:
    return at.is_applicant


def _the_office(at: Standpoint) -> bool:
    return at.is_office and not at.is_recused


def _in(*offices: Office) -> Callable[[Standpoint], bool]:
    return lambda at: at.acts_as(*offices)


def _voted(*outcomes: Outcome) -> Callable[[Standpoint], bool]:
    def so(at: Standpoint) -> bool:
        return at.acts_as(*BOARD) and at.vote is not None and at.vote.outcome in outcomes

    return so


def _can_step_aside(at: Standpoint) -> bool:
    if at.seat is None or not at.seat.votes:
        return False
    # The chair may record it of another member, also when stepping aside.
    return at.seat.office == Office.CHAIR or not at.is_recused


def _fast_lane(at: Standpoint) -> bool:
    small = (at.application.requested or 0) <= at.application.fund.fast_lane_limit
    return small and at.acts_as(*FAST_LANE) and not at.has_approved(Approval.Purpose.FAST_LANE)


def _prepares(at: Standpoint) -> bool:
    return at.may_prepare and at.order is None


def _approves(at: Standpoint) -> bool:
    return at.may_approve


def _step_aside(
    *, application: Application, by: User, person: User | None, ground: str, reason: str
) -> None:
    deciding.step_aside(
        application=application, by=by, person=person or by, ground=ground, reason=reason
    )


ACTS = [
    Act(
        "akkoord",
        _("I agree: we do it for this amount"),
        _("Thank you. The treasurer prepares the payment."),
        (Stage.GRANTED, Stage.PARTLY_GRANTED),
        _the_applicant,
        applying.agree,
    ),
    Act(
        "controleren",
        _("Say that it is complete"),
        _("Checked. The council can decide about it now."),
        (Stage.SUBMITTED,),
        _in(*CHECKERS),
        deciding.check,
    ),
    Act(
        "terugsturen",
        _("Ask to change something"),
        _("The applicant reads what to change."),
        (Stage.SUBMITTED, Stage.CHECKED),
        _in(*CHECKERS),
        deciding.send_back,
        ReasonForm,
        _("Write what is missing or has to change. The applicant reads it."),
    ),
    Act(
        "snel-geven",
        _("Give it without a vote"),
        _("Approved. Chair and treasurer do this together."),
        (Stage.CHECKED,),
        _fast_lane,
        deciding.approve_fast,
        explained=_("A small amount: chair and treasurer both approve it, and it is given."),
    ),
    Act(
        "in-stemming",
        _("Put it to the vote"),
        _("The vote is open."),
        (Stage.CHECKED,),
        _in(*BOARD),
        deciding.put_to_vote,
        VoteForm,
    ),
    Act(
        "geven",
        _("Give what was voted for"),
        _("Granted. The applicant can agree now."),
        (Stage.IN_DELIBERATION,),
        _voted(Outcome.ADOPTED),
        deciding.give_after_vote,
        explained=_("The council voted for it, but it could not be given when the vote closed."),
    ),
    Act(
        "afwijzen",
        _("Write why it was declined"),
        _("The applicant reads why."),
        (Stage.IN_DELIBERATION,),
        _voted(Outcome.REJECTED),
        deciding.decline,
        ReasonForm,
        _("The council voted against it. Write why, in words that help. The applicant reads it."),
    ),
    Act(
        "opnieuw",
        _("Let it wait for a new vote"),
        _("It waits for a new vote."),
        (Stage.IN_DELIBERATION,),
        _voted(Outcome.NO_QUORUM, Outcome.ADOPTED),
        deciding.put_back,
        explained=_(
            "For when the vote was not valid, or cannot be carried out. A second vote is opened on "
            "the page of the vote."
        ),
    ),
    Act(
        "betaling-klaarzetten",
        _("Prepare the payment"),
        _("The order is ready. Somebody else approves it."),
        (Stage.AGREED,),
        _prepares,
        paying.prepare_order,
    ),
    Act(
        "betaling-goedkeuren",
        _("Approve the payment"),
        _("Approved."),
        (Stage.AGREED,),
        _approves,
        paying.approve_order,
    ),
    Act(
        "vragen",
        _("Ask for the report"),
        _("The applicant sees that you ask for it."),
        (Stage.OVERDUE,),
        lambda at: at.acts_as(*CHECKERS) and at.application.asked_at is None,
        reporting.ask_for_report,
    ),
    Act(
        "afronden",
        _("Say that report and receipts are in order"),
        _("Closed. Everybody sees what came of it once a moderator has read the report."),
        (Stage.REPORTED,),
        _in(*CHECKERS),
        reporting.close_report,
        CloseForm,
    ),
    Act(
        "verslag-terugsturen",
        _("Ask to change the report"),
        _("The applicant reads what to change."),
        (Stage.REPORTED,),
        _in(*CHECKERS),
        reporting.send_report_back,
        ReasonForm,
        _("Write what is missing or not right. The applicant reads it."),
    ),
    Act(
        "terugvorderen",
        _("Claim money back"),
        _("It is on the record. The programme office claims it back."),
        (Stage.OVERDUE, Stage.REPORTED),
        _in(*BOARD),
        reporting.claim_back,
        ClaimForm,
        _("Only where nothing else helped. Ask for the report first, and talk with each other."),
        against=True,
    ),
    Act(
        "vordering-afronden",
        _("Close the claim"),
        _("Closed."),
        (Stage.RECOVERY,),
        _the_office,
        reporting.settle_claim,
        SettleForm,
        _("Write what came in. What did not come in stays spent."),
    ),
    Act(
        "opzij",
        _("I step aside"),
        _("It is on the record who takes no part in this."),
        (Stage.SUBMITTED, Stage.RETURNED, Stage.CHECKED),
        _can_step_aside,
        _step_aside,
        AsideForm,
        _(
            "Is it by somebody of your household, or are you in it in another way? Then you take "
            "no part in what is decided."
        ),
        against=True,
    ),
    Act(
        "intrekken",
        _("Withdraw the application"),
        _("Withdrawn. Nobody else sees your text any more."),
        (
            Stage.SUBMITTED,
            Stage.RETURNED,
            Stage.CHECKED,
            Stage.IN_DELIBERATION,
            Stage.GRANTED,
            Stage.PARTLY_GRANTED,
            Stage.AGREED,
        ),
        _the_applicant,
        applying.take_back,
        against=True,
    ),
]
BY_NAME = {act.name: act for act in ACTS}


def offered_to(at: Standpoint) -> list[Act]:
    """Return what somebody can do with an application now, in order."""
    return [act for act in ACTS if at.application.stage in act.stages and act.offered_to(at)]
