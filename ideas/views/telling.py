"""Talks of a trusted messenger: opening one, writing down what people tell, and their slips."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role, User
from contributions import actions, slips
from contributions.actions import AnotherEntry, NotAllowed, Refused, Slip
from contributions.codes import as_source
from contributions.models import AssistedSession
from contributions.requests import signed_in
from contributions.told import calls_for, entries_of
from ideas.actions import tell_initiative
from ideas.telling_forms import SessionForm, TellingForm

#: So many talks stand on the page of a messenger.
TALKS_SHOWN = 20


def is_from_script(request: HttpRequest) -> bool:
    """Say whether the page sends what it kept, and waits for an answer that it can read."""
    return request.headers.get("X-Entry") in ("new", "kept")


def messenger_of(request: HttpRequest) -> User:
    """Return the messenger behind a request; for everybody else there is no such page."""
    person = signed_in(request)
    if not person.has_role(Role.MESSENGER):
        raise Http404
    return person


def _own(request: HttpRequest, pk: int) -> AssistedSession:
    return get_object_or_404(
        AssistedSession.objects.select_related("area"), pk=pk, held_by=messenger_of(request)
    )


@require_safe
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """List a messenger's own talks, the newest first."""
    messenger, now = messenger_of(request), timezone.now()
    talks = AssistedSession.objects.filter(held_by=messenger).select_related("area")
    return render(
        request,
        "ideas/talks.html",
        {
            "talks": [(talk, talk.is_open_at(now)) for talk in talks[:TALKS_SHOWN]],
            "calls": calls_for(messenger).count(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Open a talk."""
    messenger = messenger_of(request)
    if request.method != "POST":
        form = SessionForm(messenger=messenger, initial={"area": messenger.area_id})
        return render(request, "ideas/talk_new.html", {"form": form})
    form = SessionForm(request.POST, messenger=messenger)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.is_valid():
        try:
            talk = actions.open_session(by=messenger, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
            status = HTTPStatus.CONFLICT
        else:
            messages.success(request, _("The talk is open."))
            return redirect("tellings:session", pk=talk.pk)
    return render(request, "ideas/talk_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a talk, and write down what somebody tells there."""
    talk = _own(request, pk)
    if request.method != "POST":
        return _talk(request, talk, TellingForm())
    form = TellingForm(request.POST)
    if not form.is_valid():
        if "key" in form.errors:
            form = _with_new_key(request, form)
        return _refused(request, talk, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        slip = tell_initiative(
            session=talk,
            by=signed_in(request),
            entry=form.entry(is_late=request.headers.get("X-Entry") == "kept"),
            values=form.values(),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        if isinstance(refused, AnotherEntry):
            form = _with_new_key(request, form)
        status = HTTPStatus.FORBIDDEN if isinstance(refused, NotAllowed) else HTTPStatus.CONFLICT
        return _refused(request, talk, form, status)
    address = reverse("tellings:slip", args=[talk.pk, slip.telling.pk])
    if is_from_script(request):
        return JsonResponse(_told(slip, address), status=201 if slip.is_new else 200)
    messages.success(request, _("It is in. Here is the slip for who told it."))
    return redirect(address)


def _told(slip: Slip, address: str) -> dict[str, str]:
    return {"slip": address, "code": slips.in_groups(slip.code)}


def _with_new_key(request: HttpRequest, form: TellingForm) -> TellingForm:
    """Return the same words under another key, so that they can be sent as something new."""
    data = request.POST.copy()
    data["key"] = str(TellingForm().initial["key"])
    fresh = TellingForm(data)
    fresh.is_valid()
    for sentence in (*form.non_field_errors(), *form.errors.get("key", ())):
        fresh.add_error(None, str(sentence))
    return fresh


def _refused(
    request: HttpRequest, talk: AssistedSession, form: TellingForm, status: int
) -> HttpResponse:
    if is_from_script(request):
        return JsonResponse({"errors": list(_sentences(form))}, status=status)
    return _talk(request, talk, form, status=status)


def _sentences(form: TellingForm) -> Iterable[str]:
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            yield f"{label}: {error}" if label else str(error)


def _talk(
    request: HttpRequest, talk: AssistedSession, form: TellingForm, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "talk": talk,
        "form": form,
        "is_open": talk.is_open_at(now),
        "can_reopen": talk.closed_at is not None and talk.date == timezone.localdate(now),
        "entries": entries_of(talk),
    }
    return render(request, "ideas/talk.html", context, status=status)


@require_safe
@never_cache
def slip(request: HttpRequest, pk: int, telling_pk: int) -> HttpResponse:
    """Show a slip, to be printed or written down, for as long as its code is kept."""
    talk = _own(request, pk)
    telling = get_object_or_404(talk.tellings, pk=telling_pk)
    code = slips.code_to_show(telling)
    address = slips.address_of(code, talk.language) if code else ""
    return render(
        request,
        "ideas/talk_slip.html",
        {
            "talk": talk,
            "telling": telling,
            "code": slips.in_groups(code),
            "code_to_scan": as_source(address) if code else "",
            "enter_address": slips.enter_address(talk.language),
            "slip_language": slips.page_language(talk.language),
        },
    )


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a talk."""
    talk = _own(request, pk)
    actions.close_session(session=talk, by=signed_in(request))
    messages.success(request, _("The talk is closed. Thank you for listening!"))
    return redirect("tellings:sessions")


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a talk again, on its own day."""
    talk = _own(request, pk)
    try:
        actions.reopen_session(session=talk, by=signed_in(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("tellings:session", pk=talk.pk)
    messages.success(request, _("The talk is open."))
    return redirect("tellings:session", pk=talk.pk)
