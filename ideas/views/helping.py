"""Offering help with an initiative, and the conversations that follow."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import tell_age
from accounts.forms import AgeForm
from accounts.models import User
from contributions.actions import Refused
from contributions.language import guess_language
from contributions.requests import author_or_none, signed_in
from ideas import actions
from ideas.forms import MessageForm
from ideas.models import HelpMessage, HelpOffer, Initiative, Invitation
from ideas.permissions import is_co_initiator
from ideas.together import is_known_young, may_offer

SHOWN = 20


def _language_of(text: str) -> str:
    return guess_language(text, otherwise=get_language() or "nl")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def offer_help(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Say what one can do; it reaches whoever leads the initiative, without an address.

    Where no help can be offered this page does not exist, whatever the reason.
    """
    now, person = timezone.now(), author_or_none(request)
    initiative = get_object_or_404(
        Initiative.objects.visible_to(request.user)
        .published()
        .select_related("author", "on_behalf_of", "area"),
        pk=pk,
    )
    if not may_offer(request.user, initiative, now) or is_co_initiator(request.user, initiative):
        raise Http404
    if person is None:
        if request.method == "POST":
            return redirect_to_login(request.path)
        return render(request, "ideas/offer_help.html", {"initiative": initiative})
    begun = HelpOffer.objects.filter(initiative=initiative, helper=person, closed_at__isnull=True)
    if request.method != "POST" and (offer := begun.first()):
        return redirect(offer)
    data = request.POST if request.method == "POST" else None
    form = MessageForm(data, help_text=_("What can you do, and when?"))
    age_form = AgeForm(data, user=person) if person.needs_age(now) else None
    if request.method == "POST" and form.is_valid() and (age_form is None or age_form.is_valid()):
        if age_form is not None:
            person = tell_age(user=person, **age_form.cleaned_data)
        try:
            offer = _offer(initiative, person, form.cleaned_data["text"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your message is sent. You read the answer here."))
            return redirect(offer)
    return render(
        request,
        "ideas/offer_help.html",
        {
            "initiative": initiative,
            "form": form,
            "age_form": age_form,
            "readers": _names(initiative),
        },
        status=422 if request.method == "POST" else 200,
    )


def _offer(initiative: Initiative, person: User, text: str) -> HelpOffer:
    try:
        return actions.offer_help(
            initiative=initiative,
            by=person,
            text=text,
            language=_language_of(text),
            now=timezone.now(),
        )
    except actions.NotFound as gone:
        raise Http404 from gone


def _names(initiative: Initiative) -> list[str]:
    """Return under which names those speak who will read a message."""
    offer = HelpOffer(initiative=initiative)
    return [offer.name_of(one) for one in actions.initiators_of(initiative, timezone.now())]


@dataclass(frozen=True)
class Line:
    """One conversation in the list."""

    offer: HelpOffer
    name: str
    waits_for_me: bool


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """List somebody's conversations about help, the newest first, and who invited them."""
    person, now = signed_in(request), timezone.now()
    after = request.GET.get("after", "")
    newest = HelpMessage.objects.filter(offer=OuterRef("pk")).order_by("-pk")
    mine = (
        HelpOffer.objects.visible_to(person, now)
        .select_related("initiative__author", "initiative__on_behalf_of", "helper")
        .annotate(last_sender=Subquery(newest.values("sender")[:1]))
        .order_by("-pk")
    )
    if after.isascii() and after.isdigit() and len(after) < 19:
        mine = mine.filter(pk__lt=int(after))
    found = list(mine[: SHOWN + 1])
    shown = found[:SHOWN]
    invited = (
        Invitation.objects.answerable(now)
        .filter(email=person.email)
        .exclude(initiative__author=person)
        .select_related("initiative__on_behalf_of", "invited_by")
        .order_by("-pk")
    )
    may_be_invited = person.has_confirmed_address and not is_known_young(person)
    return render(
        request,
        "ideas/conversations.html",
        {
            "lines": [_line(one, person) for one in shown],
            "invitations": list(invited[:SHOWN]) if may_be_invited else [],
            "next_url": f"?after={shown[-1].pk}" if len(found) > SHOWN else "",
            "first_url": request.path if after else "",
        },
    )


def _line(offer: HelpOffer, person: User) -> Line:
    author = offer.initiative.author
    is_helper = offer.helper_id == person.pk
    assert author is not None
    by_helper = getattr(offer, "last_sender", None) == offer.helper_id
    return Line(
        offer=offer,
        name=offer.name_of(author if is_helper else offer.helper),
        waits_for_me=offer.closed_at is None and by_helper != is_helper,
    )


@dataclass(frozen=True)
class Said:
    """One message as its reader sees it."""

    message: HelpMessage
    name: str
    is_mine: bool


def _conversation(request: HttpRequest, pk: int) -> HelpOffer:
    return get_object_or_404(
        HelpOffer.objects.visible_to(signed_in(request), timezone.now()).select_related(
            "initiative__author", "initiative__on_behalf_of", "initiative__area", "helper"
        ),
        pk=pk,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a conversation to its two sides, and take a message in."""
    offer, person = _conversation(request, pk), signed_in(request)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_message(
                offer=offer,
                by=person,
                text=form.cleaned_data["text"],
                language=_language_of(form.cleaned_data["text"]),
                now=timezone.now(),
            )
        except actions.NotFound as gone:
            raise Http404 from gone
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your message is sent."))
            return redirect(offer)
    said = offer.messages.select_related("sender").order_by("pk")
    return render(
        request,
        "ideas/conversation.html",
        {
            "offer": offer,
            "initiative": offer.initiative,
            "messages_said": [
                Said(one, offer.name_of(one.sender), one.sender_id == person.pk) for one in said
            ],
            "is_helper": offer.helper_id == person.pk,
            "helper_name": offer.helper.public_name,
            "readers": _names(offer.initiative),
            "form": form,
        },
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a conversation: nobody writes in it any more."""
    offer = _conversation(request, pk)
    try:
        actions.close_conversation(offer=offer, by=signed_in(request), now=timezone.now())
    except actions.NotFound as gone:
        raise Http404 from gone
    messages.success(request, _("This conversation is closed. Nobody can write in it any more."))
    return redirect(offer)
