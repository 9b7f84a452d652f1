"""How applications and reports take part in what all contributions share."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets import documents
from budgets.actions.deciding import MONEY, follow_vote, subjects, vote_again
from budgets.models import Application, GrantReport
from contributions.kinds import FreeField, Kind, Part
from jongerenraad.kinds import Majority, MatterKind


def _title(contribution: Any) -> str:
    return str(contribution)


def _filled(*parts: Part) -> list[Part]:
    return [part for part in parts if part.text]


def _application_parts(application: Application) -> list[Part]:
    return _filled(
        Part(_("Title"), application.title),
        Part(_("What they want to do"), application.what),
        Part(_("For whom"), application.for_whom),
        Part(_("What they bring in themselves"), application.own_contribution),
    )


def _cost_lines(application: Application) -> list[Part]:
    return [Part(_("What it costs"), line.description) for line in application.lines.all()]


def _report_parts(report: GrantReport) -> list[Part]:
    return _filled(
        Part(_("For the plan"), report.application.title),
        Part(_("What did you do?"), report.did),
        Part(_("Who came?"), report.met),
        Part(_("What would you do again, and what not?"), report.learned),
    )


def _delete_documents(application: Application) -> None:
    for document in application.documents.all():
        document.delete()
        transaction.on_commit(partial(documents.forget, document))


APPLICATION = Kind(
    name=Application.kind,
    label=gettext_lazy("application"),
    model=Application,
    title=_title,
    parts=_application_parts,
    said=lambda application: str(application.what),
    on_draft_deleted=_delete_documents,
    free_fields=(
        FreeField("title", gettext_lazy("Title")),
        FreeField("what", gettext_lazy("What they want to do")),
        FreeField("for_whom", gettext_lazy("For whom")),
        FreeField("own_contribution", gettext_lazy("What they bring in themselves")),
    ),
    words_beside=_cost_lines,
)
REPORT = Kind(
    name=GrantReport.kind,
    label=gettext_lazy("report of a plan"),
    model=GrantReport,
    title=_title,
    parts=_report_parts,
    free_fields=(
        FreeField("did", gettext_lazy("What did you do?")),
        FreeField("met", gettext_lazy("Who came?")),
        FreeField("learned", gettext_lazy("What would you do again, and what not?")),
    ),
    said=lambda report: "\n\n".join((report.did, report.met, report.learned)),
)
MONEY_MATTER = MatterKind(
    name=MONEY,
    label=gettext_lazy("money for a plan"),
    is_secret=False,
    majority=Majority.SIMPLE,
    on_closed=follow_vote,
    again=vote_again,
    subjects=subjects,
    # It is opened where the application stands.
    opened_here=False,
)
