"""What the programme office does with a council: appoint its members, and end memberships."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions.actions import Refused
from contributions.deadlines import today
from contributions.requests import signed_in
from jongerenraad.actions import members as actions
from jongerenraad.actions import portraits
from jongerenraad.faces import face_of, faces_of
from jongerenraad.forms import AppointForm, EndForm, OfficeForm
from jongerenraad.models import Council, Membership
from jongerenraad.permissions import can_manage_members
from jongerenraad.views.public import council_at


def _council(request: HttpRequest, slug: str) -> Council:
    """Let in the programme office; to anyone else these pages do not exist."""
    council = council_at(slug)
    if not can_manage_members(request.user):
        raise Http404
    return council


def _membership(council: Council, pk: int) -> Membership:
    return get_object_or_404(
        Membership.objects.select_related("person", "seat__area", "term__council"),
        term__council=council,
        pk=pk,
        ends_at=None,
        term__ends_date__gte=today(timezone.now()),
    )


@require_safe
@never_cache
def members(request: HttpRequest, council: str) -> HttpResponse:
    """Show the seats: who sits there, and which are free."""
    found = _council(request, council)
    now = timezone.now()
    day = today(now)
    coming = Membership.objects.filter(
        term__council=found, term__starts_date__gt=day, ends_at__isnull=True
    ).select_related("person", "seat__area", "term")
    return render(
        request,
        "jongerenraad/members.html",
        {
            "council": found,
            "faces": faces_of(found, now),
            "term": found.terms.on(day).first(),
            "has_terms": found.terms.filter(ends_date__gte=day).exists(),
            "coming": [face_of(one, found) for one in coming.order_by("seat__number", "pk")],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def appoint(request: HttpRequest, council: str) -> HttpResponse:
    """Give somebody a seat, or let them help as a mentor."""
    found = _council(request, council)
    form = AppointForm(
        request.POST if request.method == "POST" else None,
        council=found,
        day=today(timezone.now()),
        initial={"seat": request.GET.get("seat", ""), "office": "member"},
    )
    if request.method == "POST" and form.is_valid() and form.person:
        told = form.cleaned_data
        try:
            actions.appoint(
                term=told["term"],
                seat=told["seat"],
                person=form.person,
                office=told["office"],
                first_name=told["first_name"],
                by=signed_in(request),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(name)s is appointed.") % {"name": told["first_name"]})
            return redirect("jongerenraad:members", found.slug)
    return render(
        request,
        "jongerenraad/appoint.html",
        {"council": found, "form": form},
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def membership(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Show one membership, and give the member another office."""
    found = _council(request, council)
    one = _membership(found, pk)
    form = OfficeForm(
        request.POST if request.method == "POST" else None, initial={"office": one.office}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_office(membership=one, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The office is changed."))
            return redirect("jongerenraad:members", found.slug)
    return render(
        request,
        "jongerenraad/membership.html",
        {"council": found, "membership": one, "face": face_of(one, found), "form": form},
        status=422 if request.method == "POST" else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def end(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Ask why, and end a membership."""
    found = _council(request, council)
    one = _membership(found, pk)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.step_down(membership=one, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The membership is ended. The seat is free."))
            return redirect("jongerenraad:members", found.slug)
    return render(
        request,
        "jongerenraad/end.html",
        {"council": found, "membership": one, "form": form},
        status=422 if request.method == "POST" else 200,
    )


@require_POST
@never_cache
def take_portrait_away(request: HttpRequest, council: str, pk: int) -> HttpResponse:
    """Take a picture away that must not stand there."""
    found = _council(request, council)
    one = _membership(found, pk)
    try:
        portraits.withdraw_portrait(membership=one, by=signed_in(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The picture is gone."))
    return redirect("jongerenraad:membership", found.slug, one.pk)
