"""Doing an initiative together: its page for who leads it, and the invitation."""

from django.contrib import messages
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
from contributions.actions import MeasureHolds, Refused
from contributions.requests import signed_in
from ideas import actions
from ideas.forms import InvitationForm
from ideas.limits import may_mail
from ideas.models import CoInitiator, Initiative, Invitation
from ideas.models.together import MAX_TOGETHER
from ideas.permissions import can_invite, is_co_initiator


def _led(request: HttpRequest, pk: int) -> Initiative:
    """Return an initiative on the site that the person leads; any other does not exist."""
    person = signed_in(request)
    initiative = get_object_or_404(
        Initiative.objects.visible_to(person)
        .published()
        .select_related("author", "on_behalf_of", "area"),
        pk=pk,
    )
    if not can_invite(person, initiative, timezone.now()) and not is_co_initiator(
        person, initiative
    ):
        raise Http404
    return initiative


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def together(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show who does it together; its author invites somebody."""
    initiative, person, now = _led(request, pk), signed_in(request), timezone.now()
    is_writer = can_invite(person, initiative, now)
    if request.method == "POST" and not is_writer:
        raise Http404
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _invite(request, initiative, form.cleaned_data["email"])
        except Refused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, _("Your invitation is on its way."))
            return redirect(request.path)
    invitations = Invitation.objects.filter(initiative=initiative)
    open_ones = list(invitations.open_at(now).order_by("pk")) if is_writer else []
    joined = list(initiative.co_initiators.select_related("user").order_by("pk"))
    return render(
        request,
        "ideas/together.html",
        {
            "initiative": initiative,
            "form": form,
            "is_writer": is_writer,
            "joined": joined,
            "invitations": open_ones,
            "declined": is_writer
            and invitations.filter(outcome=Invitation.Outcome.DECLINED).exists(),
            "has_room": len(open_ones) + len(joined) < MAX_TOGETHER,
        },
        status=422 if request.method == "POST" else 200,
    )


def _invite(request: HttpRequest, initiative: Initiative, address: str) -> None:
    if not may_mail(request, address):
        raise actions.EnoughToday
    actions.invite(
        initiative=initiative,
        by=signed_in(request),
        email=address,
        language=get_language() or "nl",
        now=timezone.now(),
    )


@require_POST
def withdraw_invitation(
    request: HttpRequest, pk: int, slug: str, invitation_pk: int
) -> HttpResponse:
    """Take an open invitation back."""
    initiative, person, now = _led(request, pk), signed_in(request), timezone.now()
    if not can_invite(person, initiative, now):
        raise Http404
    invitation = get_object_or_404(initiative.invitations, pk=invitation_pk)
    try:
        actions.withdraw_invitation(invitation=invitation, by=person, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("You took it back. The link in that e-mail is dead now."))
    return redirect("ideas:together", pk=pk, slug=slug)


@require_POST
def end_co_initiator(request: HttpRequest, pk: int, slug: str, joined_pk: int) -> HttpResponse:
    """Step down oneself, or as its author let somebody go."""
    initiative, person, now = _led(request, pk), signed_in(request), timezone.now()
    joined = get_object_or_404(
        CoInitiator.objects.filter(initiative=initiative).select_related(
            "initiative__author", "initiative__on_behalf_of", "user"
        ),
        pk=joined_pk,
    )
    if joined.user_id != person.pk and not can_invite(person, initiative, now):
        raise Http404
    actions.end_co_initiator(co_initiator=joined, by=person, now=now)
    if joined.user_id == person.pk:
        messages.success(request, _("You stepped down. Your name does not stand there any more."))
        return redirect(initiative.get_absolute_url())
    messages.success(request, _("That name does not stand beside your idea any more."))
    return redirect("ideas:together", pk=pk, slug=slug)


@require_POST
def switch_help(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Take offers of help, or no longer."""
    initiative, person, now = _led(request, pk), signed_in(request), timezone.now()
    if not can_invite(person, initiative, now):
        raise Http404
    takes_offers = request.POST.get("offers") == "yes"
    actions.switch_help(initiative=initiative, by=person, takes_offers=takes_offers, now=now)
    if takes_offers:
        messages.success(request, _("People can offer you help again."))
    else:
        messages.success(request, _("The button “I want to help” is gone."))
    return redirect("ideas:together", pk=pk, slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation to whom it was sent, and take the answer; looking changes nothing."""
    person, now = signed_in(request), timezone.now()
    found = actions.invitation_for(token, person, now)
    if found is None:
        return _not_there(request, token, person)
    accepts = request.method == "POST" and request.POST.get("answer") == "yes"
    # Whoever says no needs to tell nothing.
    data = request.POST if accepts else None
    age_form = AgeForm(data, user=person) if person.needs_age(now) else None
    is_young, problem = person.age_band == User.AgeBand.FROM_12, ""
    try:
        if accepts and (age_form is None or age_form.is_valid()):
            return _accept(request, token, person, age_form)
        if request.method == "POST" and request.POST.get("answer") == "no":
            actions.decline_invitation(token=token, by=person, now=now)
            messages.success(request, _("You said no. This invitation is over now."))
            return redirect("account_home")
    except actions.InvitationGone:
        return _not_there(request, token, person)
    except (actions.Under16, MeasureHolds) as refused:
        is_young, problem = True, str(refused)
    return render(
        request,
        "ideas/invitation.html",
        {
            "invitation": found,
            "initiative": found.initiative,
            "age_form": None if is_young else age_form,
            "is_young": is_young,
            "problem": problem,
        },
        status=422 if request.method == "POST" else 200,
    )


def _accept(
    request: HttpRequest, token: str, person: User, age_form: AgeForm | None
) -> HttpResponse:
    if age_form is not None:
        person = tell_age(user=person, **age_form.cleaned_data)
    joined = actions.accept_invitation(token=token, by=person, now=timezone.now())
    messages.success(request, _("You do this together now. Your name stands beside it."))
    return redirect(joined.get_absolute_url())


def _not_there(request: HttpRequest, token: str, person: User) -> HttpResponse:
    """Lead who accepted it before to the idea; tell everybody else the same, whatever it is."""
    accepted = (
        Invitation.objects.by_token(token)
        .filter(answered_by=person, initiative__in=Initiative.objects.published())
        .select_related("initiative")
        .first()
    )
    if accepted is not None:
        return redirect(accepted.initiative.get_absolute_url())
    return render(request, "ideas/invitation_gone.html", status=404)
