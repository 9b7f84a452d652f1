"""Supporting an initiative, and taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from contributions.actions import Refused
from contributions.requests import signed_in
from ideas import actions
from ideas.joined import goes_on_at
from ideas.models import Initiative, supported_by


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def support(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask once more, and give support; who is not signed in does that first."""
    if request.method == "POST":
        return _change(request, pk, slug, gives=True)
    found = Initiative.objects.visible_to(request.user).published().for_cards()
    initiative = found.filter(pk=pk).first()
    if initiative is None:
        return _at_the_other(request, pk)
    return render(
        request,
        "ideas/support.html",
        {
            "initiative": initiative,
            "supported": supported_by(initiative, request.user),
            "is_open": initiative.is_open_at(timezone.now()),
        },
    )


@require_POST
@login_not_required
def take_back(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Take one's support back."""
    return _change(request, pk, slug, gives=False)


def _at_the_other(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask who supports a double once more where it was joined: the words there are others.

    Raises:
        Http404: it is no double, or one of the two is hidden.
    """
    into = goes_on_at(pk, request.user)
    if into is None:
        # Exactly as if it did not exist.
        raise Http404
    if request.method == "POST":
        messages.info(request, _("This idea was joined with another one. You can support it here."))
    there = redirect("ideas:support", pk=into.pk, slug=into.address_slug)
    is_htmx = request.htmx  # type: ignore[attr-defined]
    return HttpResponseClientRedirect(there.url) if is_htmx else there


def _change(request: HttpRequest, pk: int, slug: str, *, gives: bool) -> HttpResponse:
    if not request.user.is_authenticated:
        # The page that asks once more: taking back has no page to come back to.
        sign_in = redirect_to_login(reverse("ideas:support", kwargs={"pk": pk, "slug": slug}))
        # htmx would follow the redirect unseen and put the sign-in page inside the box.
        is_htmx = request.htmx  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(sign_in.url) if is_htmx else sign_in
    person = signed_in(request)
    change = actions.give_support if gives else actions.take_back_support
    problem = ""
    try:
        change(initiative_pk=pk, person=person)
    except actions.NotFound:
        return _at_the_other(request, pk)
    except Refused as refused:
        problem = str(refused)
    if request.htmx:  # type: ignore[attr-defined]
        initiative = get_object_or_404(Initiative.objects.visible_to(person), pk=pk)
        return render(
            request,
            "ideas/_support_box.html",
            {
                "initiative": initiative,
                "supported": supported_by(initiative, person) if problem else gives,
                "is_open": initiative.is_open_at(timezone.now()),
                "problem": problem,
                "just_changed": not problem,
            },
        )
    if problem:
        messages.error(request, problem)
    elif gives:
        messages.success(request, _("Thank you: your support counts."))
    else:
        messages.success(request, _("You took your support back."))
    # An old title in the address is put right there.
    return redirect("ideas:detail", pk=pk, slug=slug)
