"""The second person who calls: whom, about what, and what came of it; and how people came in."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role, User
from contributions.actions import Refused, note_call_back
from contributions.models.assisted import READ_AFTER_THE_TALK
from contributions.requests import signed_in
from contributions.told import Call, calls_for, channels, listed_calls
from ideas.telling_forms import CallBackForm

#: Who may be the second person.
CALLERS = (Role.MESSENGER, Role.MODERATOR, Role.PROGRAMME_OFFICE)


def _caller(request: HttpRequest) -> User:
    person = signed_in(request)
    if not any(person.has_role(role) for role in CALLERS):
        raise Http404
    return person


@require_safe
@never_cache
def call_backs(request: HttpRequest) -> HttpResponse:
    """List the people whom somebody else than their messenger calls, the longest waiting first."""
    caller = _caller(request)
    return render(
        request,
        "ideas/call_backs.html",
        {
            "calls": listed_calls(caller),
            "reads_channels": caller.has_role(Role.PROGRAMME_OFFICE),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def call_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whom to call and what was written down, and keep what came of it."""
    caller = _caller(request)
    telling = get_object_or_404(
        calls_for(caller).select_related("dossier", "session__held_by", "session__area"), pk=pk
    )
    call = Call.of(telling)
    if call.text.status not in READ_AFTER_THE_TALK:
        raise Http404
    form = CallBackForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                note_call_back(telling=telling, by=caller, outcome=form.cleaned_data["outcome"])
            except Refused as refused:
                form.add_error(None, str(refused))
                status = HTTPStatus.CONFLICT
            else:
                messages.success(request, _("Thank you. The telephone number is gone."))
                return redirect("tellings:call_backs")
    return render(request, "ideas/call_back.html", {"call": call, "form": form}, status=status)


@require_safe
@never_cache
def by_channel(request: HttpRequest) -> HttpResponse:
    """Tell the programme office in which ways texts came in."""
    person = signed_in(request)
    if not person.has_role(Role.PROGRAMME_OFFICE):
        raise Http404
    return render(request, "ideas/by_channel.html", {"table": channels(person)})
