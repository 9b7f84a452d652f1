"""The mail that tells somebody what became of their report."""

import datetime

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate

from accounts.mails import absolute, written
from contributions.dates import in_words_with_year
from contributions.kinds import kind_of
from contributions.models import Report
from contributions.reports import outcome_of
from contributions.sending import send_once


def send_outcome(pk: int, *, now: datetime.datetime) -> bool:
    """Mail the outcome of a report once, then forget the address; return whether it went."""
    return send_once(Report.objects.all(), pk, now, _outcome, email="")


def _outcome(pk: int, now: datetime.datetime) -> EmailMultiAlternatives | None:
    report = Report.objects.select_related("dossier", "decision__rule").get(pk=pk)
    if not report.email:
        # Whoever left meanwhile is told nothing any more.
        return None
    with translation.override(report.language):
        outcome = outcome_of(report)
        context = {
            "date": in_words_with_year(localdate(report.created_at)),
            "label": kind_of(report.dossier).label,
            "sentences": outcome.sentences,
            "rule": outcome.rule.title if outcome.rule else "",
            "url": absolute(reverse("reports:receipt", args=[report.token])),
        }
    return written(
        "contributions/mails/report_outcome",
        to=report.email,
        language=report.language,
        context=context,
    )
