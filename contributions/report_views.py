"""Reporting a text or a picture, with or without an account, and the receipt of it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contributions import browsers
from contributions.actions import OwnText, Refused, key_of_reporter, open_report
from contributions.actions import report as make_report
from contributions.kinds import kind_of
from contributions.limits import TooManyReports, may_mail, may_report
from contributions.models import Dossier, Picture, Report
from contributions.report_forms import ReportForm
from contributions.reports import Reported, is_back, name_beside, on_the_site, outcome_of
from contributions.requests import author_or_none, without_token_for_visitors


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@without_token_for_visitors
def report_text(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Report a text; what not everybody may see is not on the site, and has no such page."""
    dossier = get_object_or_404(Dossier, pk=dossier_pk)
    return _report(request, _found(dossier))


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@without_token_for_visitors
def report_picture(request: HttpRequest, key: UUID) -> HttpResponse:
    """Report one picture of a text."""
    picture = get_object_or_404(Picture.objects.shown().select_related("dossier"), key=key)
    return _report(request, _found(picture.dossier, picture))


def _found(dossier: Dossier, picture: Picture | None = None) -> Reported:
    contribution = on_the_site(dossier)
    if contribution is None:
        raise Http404
    return Reported(contribution, picture)


def _report(request: HttpRequest, reported: Reported) -> HttpResponse:
    person = author_or_none(request)
    contribution, is_post = reported.contribution, request.method == "POST"
    if person is not None and contribution.is_of(person):
        return _page(request, reported, None, 403 if is_post else 200, is_own=True)
    browser = "" if person else browsers.key_of(request)
    earlier = open_report(contribution.dossier, reported.picture, key_of_reporter(person, browser))
    if earlier is not None:
        if is_post:
            messages.info(request, _("You reported this already. This is your receipt."))
            return redirect("reports:receipt", token=earlier.token)
        return _page(request, reported, None, 200, earlier=earlier)
    has_pictures = (
        reported.picture is not None
        or Picture.objects.shown().filter(dossier=contribution.dossier).exists()
    )
    form = ReportForm(request.POST if is_post else None, person=person, has_pictures=has_pictures)
    if not is_post or not form.is_valid():
        return _page(request, reported, form, 422 if is_post else 200)
    if person is None and not browser:
        browser = browsers.new_key()
    try:
        if not may_report(request):
            raise TooManyReports
        # Never a reason to refuse a report.
        is_mailed = not form.address or may_mail(request, form.address)
        made, is_new = make_report(
            contribution=contribution,
            picture=reported.picture,
            by=person,
            key=key_of_reporter(person, browser),
            category=form.cleaned_data["category"],
            words=form.cleaned_data["words"],
            email=form.address if is_mailed else "",
            language=get_language() or "nl",
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        status = 429 if isinstance(refused, TooManyReports) else 409
        return _page(request, reported, form, 403 if isinstance(refused, OwnText) else status)
    _tell(request, is_new=is_new, is_mailed=is_mailed)
    response = redirect("reports:receipt", token=made.token)
    if person is None:
        browsers.keep(response, browser)
    return response


def _tell(request: HttpRequest, *, is_new: bool, is_mailed: bool) -> None:
    if not is_new:
        messages.info(request, _("You reported this already. This is your receipt."))
        return
    messages.success(request, _("Thank you. A moderator reads what you reported."))
    if not is_mailed:
        messages.warning(
            request,
            _(
                "This e-mail address gets no e-mail about it: it asked for very many today. "
                "Keep the address of this page: here you read what we did."
            ),
        )


def _page(
    request: HttpRequest,
    reported: Reported,
    form: ReportForm | None,
    status: int,
    *,
    earlier: Report | None = None,
    is_own: bool = False,
) -> HttpResponse:
    return render(
        request,
        "contributions/report.html",
        {
            "reported": reported,
            "form": form,
            "earlier": earlier,
            "is_own": is_own,
            "back": reported.page,
            "name": name_beside(reported) if form else None,
        },
        status=status,
    )


@require_safe
@login_not_required
@never_cache
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was reported and what became of it, to whoever has the address of it.

    What was reported is linked as long as it is on the site, and never quoted.
    """
    report = get_object_or_404(
        Report.objects.select_related("dossier__area", "picture", "decision__rule"), token=token
    )
    contribution = on_the_site(report.dossier)
    page = Reported(contribution).page if contribution is not None else ""
    return render(
        request,
        "contributions/receipt.html",
        {
            "report": report,
            "label": kind_of(report.dossier).label,
            "outcome": outcome_of(report, is_back=is_back(report)),
            "promised_date": report.dossier.promised_date if not report.closed_at else None,
            "page": page,
            "back": page or reverse("home"),
        },
    )
