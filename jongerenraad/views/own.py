"""A member's own pages: what waits, and one's own seat."""

import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions.actions import Refused
from contributions.requests import signed_in
from jongerenraad.actions import members, portraits
from jongerenraad.faces import face_of
from jongerenraad.forms import FirstNameForm, PortraitForm, StepDownForm
from jongerenraad.kinds import with_subjects
from jongerenraad.models import Council, Elector, Membership
from jongerenraad.permissions import can_open_votes, membership_of
from jongerenraad.views.public import council_at
from jongerenraad.waiting import waiting_for


def _own(request: HttpRequest, slug: str) -> tuple[Council, Membership]:
    """Return the council and what the person is in it; to anyone else these pages do not exist."""
    council = council_at(slug)
    membership = membership_of(request.user, council, timezone.now())
    if membership is None:
        raise Http404
    return council, membership


@require_safe
@never_cache
def for_members(request: HttpRequest, council: str) -> HttpResponse:
    """Show a member what waits, on one screen."""
    found, membership = _own(request, council)
    now = timezone.now()
    return render(
        request,
        "jongerenraad/for_members.html",
        {
            "council": found,
            "membership": membership,
            "face": face_of(membership, found),
            "waiting": waiting_for(membership, now),
            "given": _given(membership, now),
            "may_open": can_open_votes(membership),
        },
    )


def _given(membership: Membership, now: datetime.datetime) -> list[Elector]:
    """Return the open votes that a member has given and can change still."""
    found = Elector.objects.filter(
        membership__person=membership.person_id,
        matter__council=membership.term.council_id,
        matter__closed_at__isnull=True,
        matter__closes_at__gt=now,
        has_voted=True,
    )
    given = list(found.select_related("matter__council").order_by("matter__closes_at", "pk"))
    with_subjects([elector.matter for elector in given], membership.person)
    return given


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_seat(request: HttpRequest, council: str) -> HttpResponse:
    """Show what everybody sees of a member, and let the member choose the first name."""
    found, membership = _own(request, council)
    form = FirstNameForm(
        request.POST if request.method == "POST" else None,
        initial={"first_name": membership.first_name},
    )
    if request.method == "POST" and form.is_valid():
        try:
            members.change_first_name(
                membership=membership, by=signed_in(request), **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your first name is changed."))
            return redirect("jongerenraad:my_seat", found.slug)
    return _seat_page(request, found, membership, form=form)


def _seat_page(
    request: HttpRequest,
    council: Council,
    membership: Membership,
    *,
    form: FirstNameForm,
    portrait_form: PortraitForm | None = None,
) -> HttpResponse:
    return render(
        request,
        "jongerenraad/my_seat.html",
        {
            "council": council,
            "membership": membership,
            "face": face_of(membership, council),
            "form": form,
            "portrait_form": portrait_form or PortraitForm(),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_POST
@never_cache
def agree_to_portrait(request: HttpRequest, council: str) -> HttpResponse:
    """Show one's picture to everybody."""
    found, membership = _own(request, council)
    form = PortraitForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            portraits.agree_to_portrait(
                membership=membership, by=signed_in(request), encoded=form.encoded
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your picture is on the page of the council."))
            return redirect("jongerenraad:my_seat", found.slug)
    return _seat_page(
        request,
        found,
        membership,
        form=FirstNameForm(initial={"first_name": membership.first_name}),
        portrait_form=form,
    )


@require_POST
@never_cache
def withdraw_portrait(request: HttpRequest, council: str) -> HttpResponse:
    """Take one's picture away again."""
    found, membership = _own(request, council)
    try:
        portraits.withdraw_portrait(membership=membership, by=signed_in(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your picture is gone."))
    return redirect("jongerenraad:my_seat", found.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def step_down(request: HttpRequest, council: str) -> HttpResponse:
    """Ask once more, and end one's own membership."""
    found, membership = _own(request, council)
    form = StepDownForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            members.step_down(membership=membership, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("You are no member any more. Thank you for all you did!"))
            return redirect(found.get_absolute_url())
    return render(
        request,
        "jongerenraad/end.html",
        {"council": found, "membership": membership, "form": form, "is_own": True},
        status=422 if request.method == "POST" else 200,
    )
