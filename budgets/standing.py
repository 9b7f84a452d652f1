"""Where an application stands, said in a sentence, with the next step."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import Application, Stage
from contributions.dates import in_words, in_words_with_year, with_weekday
from ideas.standing import Standing, Step


def standing_of(application: Application, *, is_own: bool = False) -> Standing:
    """Say where an application stands: to its applicant what to do, to others what happens."""
    if is_own and (own := _to_applicant(application)):
        return own
    sentences = {
        Stage.DRAFT: _("This is a draft. Nobody else sees it."),
        Stage.SUBMITTED: _("The secretary or the treasurer looks whether it is complete."),
        Stage.RETURNED: _("The applicant has to change something."),
        Stage.CHECKED: _("It is complete. The council has to decide."),
        Stage.IN_DELIBERATION: _("The council votes on it."),
        Stage.GRANTED: _("The council gives the money. The applicant still has to agree."),
        Stage.PARTLY_GRANTED: _(
            "The council gives part of the money. The applicant still has to agree."
        ),
        Stage.DECLINED: _("The council gives no money for this."),
        Stage.AGREED: _("It is agreed upon. The payment is being prepared."),
        Stage.ORDERED: _("The municipality has the order to pay."),
        Stage.PAID: _("The money is paid. Now it happens!"),
        Stage.REPORT_DUE: _("It has taken place. The report is being made."),
        Stage.REPORTED: _("The report is in. The council looks at it and at the receipts."),
        Stage.CLOSED: _("It is done, and the money is accounted for."),
        Stage.WITHDRAWN: _("The applicant withdrew it."),
        Stage.OVERDUE: _("The report is late. The council asks about it."),
        Stage.RECOVERY: _("The council claims money back."),
    }
    return Standing(sentences[Stage(application.stage)], _next(application))


def _next(application: Application) -> str:
    due = application.report_due_date
    if application.stage in (Stage.PAID, Stage.REPORT_DUE) and due:
        return _("The report comes by the end of %(date)s.") % {"date": in_words_with_year(due)}
    return ""


def _to_applicant(application: Application) -> Standing | None:
    due = with_weekday(application.report_due_date)
    match application.stage:
        case Stage.SUBMITTED:
            return Standing(
                _("The council has it. The secretary or the treasurer reads it first."),
                _("On this page you see what they say."),
            )
        case Stage.RETURNED:
            return Standing(
                _("The council asks you to change something."),
                _("Change it and hand it in again."),
            )
        case Stage.CHECKED:
            return Standing(
                _("It is complete."), _("The council decides. On this page you see the result.")
            )
        case Stage.GRANTED | Stage.PARTLY_GRANTED:
            return Standing(
                _("You get money from the council!"),
                _("Do you do it for this amount? Then say that you agree."),
            )
        case Stage.PAID:
            return Standing(
                _("The money is paid. Have a good time!"),
                _("Keep the receipts and take a photo. Tell how it went by the end of %(date)s.")
                % {"date": due},
            )
        case Stage.REPORT_DUE:
            return Standing(
                _("How did it go?"),
                _("Tell it with a photo, three sentences and the receipts, by the end of %(date)s.")
                % {"date": due},
            )
        case Stage.OVERDUE:
            asked = application.asked_at
            return Standing(
                _("Your report is late."),
                _("The council asked for it on %(date)s. Does something keep you? Tell them.")
                % {"date": in_words(asked)}
                if asked
                else _("Hand it in, also when not everything went well."),
            )
        case Stage.REPORTED:
            return Standing(
                _("Thank you! The council looks at your report."),
                _("On this page you see when it is done."),
            )
    return None


#: What was done, in the words of the record.
ACT_WORDS = {
    "hand_in": gettext_lazy("handed in"),
    "check": gettext_lazy("checked: it is complete"),
    "send_back": gettext_lazy("asked to change something"),
    "put_to_vote": gettext_lazy("put to the vote"),
    "vote": gettext_lazy("given after the vote"),
    "approve_fast": gettext_lazy("approved without a vote, as the first of two"),
    "fast_lane": gettext_lazy("given without a vote"),
    "decline": gettext_lazy("declined after the vote"),
    "put_back": gettext_lazy("waits for a new vote"),
    "agree": gettext_lazy("agreed with the amount"),
    "prepare_order": gettext_lazy("payment prepared"),
    "approve_order": gettext_lazy("payment approved"),
    "pay": gettext_lazy("paid by the municipality"),
    "fall_due": gettext_lazy("the plan is over"),
    "fall_overdue": gettext_lazy("the report is late"),
    "ask_for_report": gettext_lazy("asked for the report"),
    "hand_in_report": gettext_lazy("report handed in"),
    "send_report_back": gettext_lazy("asked to change the report"),
    "close": gettext_lazy("report and receipts in order"),
    "claim_back": gettext_lazy("money claimed back"),
    "settle_claim": gettext_lazy("claim closed"),
    "reword": gettext_lazy("words changed after a moderator asked for it"),
    "take_back": gettext_lazy("withdrawn by the applicant"),
}


def way(application: Application) -> list[Step]:
    """Return the steps from asking to telling, as far as they are known, each with its date."""
    reached = {
        change.to_stage: in_words(change.at) for change in application.changes.order_by("at", "pk")
    }

    def step(label: str, *stages: Stage) -> Step:
        found = next((stage for stage in stages if stage in reached), None)
        return Step(label, found is not None, reached[found] if found else "")

    steps = [step(_("Handed in"), Stage.SUBMITTED), step(_("Checked"), Stage.CHECKED)]
    if Stage.WITHDRAWN in reached:
        return [*steps, step(_("Withdrawn"), Stage.WITHDRAWN)]
    if Stage.DECLINED in reached:
        return [*steps, step(_("Declined"), Stage.DECLINED)]
    steps += [
        step(_("Money given"), Stage.GRANTED, Stage.PARTLY_GRANTED),
        step(_("Paid"), Stage.PAID),
        step(_("Report"), Stage.REPORTED),
    ]
    if Stage.RECOVERY in reached:
        steps.append(step(_("Money claimed back"), Stage.RECOVERY))
    return [*steps, step(_("Closed"), Stage.CLOSED)]
