"""What the programme office does with an initiative: answer it, and say how far it is."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from contributions.actions import Refused
from contributions.language import guess_language
from contributions.requests import signed_in
from ideas import actions
from ideas.forms import AnswerForm
from ideas.models import Initiative
from ideas.permissions import can_answer, can_report_progress


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Write the official answer; to whoever may not, this page does not exist."""
    person = signed_in(request)
    initiative = get_object_or_404(
        Initiative.objects.visible_to(person).select_related("area", "theme"), pk=pk
    )
    if not can_answer(person, initiative):
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        language = form.cleaned_data["language"] or guess_language(
            text, otherwise=get_language() or "nl"
        )
        try:
            actions.answer(
                initiative=initiative,
                by=person,
                outcome=form.cleaned_data["outcome"],
                text=text,
                language=language,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The answer is on the site."))
            return redirect(initiative.get_absolute_url())
    return render(
        request,
        "ideas/answer.html",
        {"initiative": initiative, "form": form},
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def report(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Say that work began, or that it is done."""
    person = signed_in(request)
    initiative = get_object_or_404(
        Initiative.objects.visible_to(person).select_related("area"), pk=pk
    )
    if not can_report_progress(person, initiative):
        raise Http404
    try:
        actions.report_progress(
            initiative=initiative, by=person, to=request.POST.get("progress", "")
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Everybody can see now how far this is."))
    return redirect(initiative.get_absolute_url())
