"""Asking for money in three short steps: the plan, what it costs, who receives it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import tell_age
from accounts.forms import AgeForm
from accounts.models import User
from budgets import by_laws
from budgets.actions import applying
from budgets.forms import CostsForm, PlanForm, RecipientForm, WordsForm
from budgets.limits import may_send_papers
from budgets.models import Application, Document, Stage
from budgets.models.application import EDITED_IN
from budgets.views.finding import (
    asked_to_change,
    council_named,
    last_decision,
    own_application,
)
from contributions.actions import Refused
from contributions.advice import looked_over, page_after_sending
from contributions.language import guess_language
from contributions.requests import signed_in
from contributions.retention import delete_draft
from ideas.limits import TooOften
from ideas.models import Initiative

IDEAS_OFFERED = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def new(request: HttpRequest, council: str) -> HttpResponse:
    """Say how asking works, and begin: by itself, or for an idea of one's own."""
    found = council_named(council)
    now = timezone.now()
    refused = ""
    try:
        fund = applying.fund_to_apply_to(found, now)
    except Refused as why:
        fund, refused = None, str(why)
    ideas = _own_ideas(request)
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        person = signed_in(request)
        initiative = next((one for one in ideas if str(one.pk) == request.POST.get("idea")), None)
        try:
            application = applying.start(
                council=found,
                by=person,
                language=get_language() or "nl",
                initiative=initiative,
                now=now,
            )
        except Refused as why:
            refused = str(why)
        else:
            return redirect("budgets:plan", council=council, pk=application.pk)
    return render(
        request,
        "budgets/new.html",
        {
            "council": found,
            "fund": fund,
            "refused": refused,
            "ideas": ideas,
            "closing_date": fund.next_closing_date(timezone.localdate(now)) if fund else None,
            "free": by_laws.free(fund) if fund else 0,
        },
        status=422 if request.method == "POST" else 200,
    )


def _own_ideas(request: HttpRequest) -> list[Initiative]:
    """Return the newest of a person's ideas that are on the site: an application may be for one."""
    if not request.user.is_authenticated:
        return []
    own = Initiative.objects.published().filter(author=request.user).select_related("area")
    return list(own.order_by("-published_at", "-pk")[:IDEAS_OFFERED])


def _to_write(request: HttpRequest, council: str, pk: int) -> tuple[User, Application]:
    person = signed_in(request)
    return person, own_application(council, pk, person, stage__in=EDITED_IN)


def _page(
    request: HttpRequest, step: str, application: Application, context: dict[str, Any]
) -> HttpResponse:
    refused = request.method == "POST"
    return render(
        request,
        f"budgets/{step}.html",
        {
            "application": application,
            "council": application.fund.council,
            "asked_to_change": asked_to_change(application),
            **context,
        },
        status=422 if refused else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def plan(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Step one: the plan."""
    person, application = _to_write(request, council, pk)
    names = ("title", "what", "for_whom", "starts_date", "ends_date", "language")
    initial = {name: getattr(application, name) for name in names} | {"area": application.area_id}
    form = PlanForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        good = form.is_valid()
        told = dict(form.cleaned_data)
        words = f"{told.get('title', '')} {told.get('what', '')}"
        told["language"] = told.get("language") or guess_language(
            words, otherwise=get_language() or "nl"
        )
        first = told.get("starts_date", application.starts_date)
        last = told.get("ends_date", application.ends_date)
        if first and last and last < first:
            # A day that is right by itself does not fit the other one, as it was kept before.
            told.pop("starts_date", None)
            told.pop("ends_date", None)
        try:
            applying.write(application=application, by=person, values=told)
        except Refused as refused:
            form.add_error(None, str(refused))
            good = False
        if good:
            return redirect("budgets:costs", council=council, pk=pk)
    return _page(request, "plan", application, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def costs(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Step two: what it costs; ``more`` saves and gives more lines, ``remove`` drops a quote."""
    person, application = _to_write(request, council, pk)
    if request.method == "POST":
        may_send = may_send_papers(request)
        form = CostsForm(request.POST, request.FILES if may_send else None)
        good = form.is_valid() and may_send
        if not may_send:
            form.add_error("quote", TooOften.message)
        try:
            _keep_costs(request, application, person, form)
        except Refused as refused:
            form.add_error(None, str(refused))
            good = False
        if good and {"more", "remove"} & set(request.POST):
            return redirect("budgets:costs", council=council, pk=pk)
        if good:
            return redirect("budgets:recipient", council=council, pk=pk)
    else:
        form = CostsForm(
            costs=[applying.Cost(line.description, line.cents) for line in application.lines.all()],
            initial={"own_contribution": application.own_contribution},
        )
    return _page(
        request,
        "costs",
        application,
        {
            "form": form,
            "quotes": application.documents.filter(kind=Document.Kind.QUOTE),
            "total": applying.cost_of(application),
            "most": application.fund.largest_grant,
        },
    )


def _keep_costs(
    request: HttpRequest, application: Application, person: User, form: CostsForm
) -> None:
    """Keep what is right in the form, so that an error beside one line loses none of the others."""
    own = form.cleaned_data.get("own_contribution")
    applying.write(
        application=application,
        by=person,
        values={} if own is None else {"own_contribution": own},
        costs=form.costs(),
    )
    if drawn := form.cleaned_data.get("quote"):
        applying.add_quote(application=application, by=person, drawn=drawn)
    if key := request.POST.get("remove"):
        quote = get_object_or_404(
            application.documents.filter(kind=Document.Kind.QUOTE), pk=_number(key)
        )
        applying.take_quote_away(quote=quote, by=person)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def recipient(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Step three: who receives the money; and how old somebody is, where it is not known."""
    person, application = _to_write(request, council, pk)
    needs_age = person.needs_age(timezone.now())
    data = request.POST if request.method == "POST" else None
    age_form = AgeForm(data) if needs_age else None
    if age_form is not None and data is not None and age_form.is_valid():
        person = tell_age(user=person, age_band=age_form.cleaned_data["age_band"])
    names = ("recipient", "recipient_name", "recipient_email", "shows_name")
    form = RecipientForm(
        data, person=person, initial={name: getattr(application, name) for name in names}
    )
    if data is not None:
        good = form.is_valid() and (age_form is None or age_form.is_valid())
        try:
            applying.write(application=application, by=person, values=form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
            good = False
        if good:
            return redirect("budgets:check", council=council, pk=pk)
    return _page(request, "recipient", application, {"form": form, "age_form": age_form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Show the whole, and hand it in."""
    person, application = _to_write(request, council, pk)
    refused = ""
    if request.method == "POST":
        try:
            applying.hand_in(application=application, by=person)
        except Refused as why:
            refused = str(why)
        else:
            messages.success(request, _("Thank you! The council has your application."))
            return redirect(page_after_sending(application, application.get_absolute_url()))
    return _page(
        request,
        "check",
        application,
        {
            "refused": refused,
            "lines": application.lines.all(),
            "quotes": application.documents.filter(kind=Document.Kind.QUOTE),
            "total": applying.cost_of(application),
            "looked": looked_over(application),
        },
    )


@require_POST
def discard(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Throw a draft away, at once and for good."""
    person = signed_in(request)
    application = own_application(council, pk, person, stage=Stage.DRAFT)
    delete_draft(draft=application)
    messages.success(request, _("Your draft is gone."))
    return redirect("account_home")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def words(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Change the words of a plan that a moderator sent back, while the council goes on."""
    person = signed_in(request)
    application = own_application(council, pk, person)
    if not applying.can_be_reworded(application):
        raise Http404
    names = ("title", "what", "for_whom", "own_contribution")
    initial = {name: getattr(application, name) for name in names}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            applying.reword(application=application, by=person, values=form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Thank you. A moderator reads it again."))
            return redirect(application.get_absolute_url())
    return _page(
        request, "words", application, {"form": form, "decision": last_decision(application)}
    )
