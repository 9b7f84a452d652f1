"""The pages of a shared device: a language, big buttons, thanks; and starting and ending it."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.limits import LimitReached, closed_without_limits, count
from accounts.pages import TOO_OFTEN
from contributions.requests import signed_in
from participatie.shared_devices import devices
from participatie.shared_devices.forms import EndForm, StartForm
from participatie.shared_devices.models import SharedDevice


def device_of(request: HttpRequest) -> SharedDevice:
    """Return the shared device that a request comes from; elsewhere these pages do not exist."""
    device: SharedDevice | None = getattr(request, "shared_device", None)
    if device is None:
        raise Http404
    return device


@login_not_required
@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Ask the next one for a language. Whoever was here before is signed out by it."""
    devices.end_visit(device_of(request), request)
    # What was said to them is read by nobody else.
    list(messages.get_messages(request))
    response = render(request, "participatie/shared_devices/start.html")
    devices.leave_nothing(response)
    return response


@login_not_required
@require_safe
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Offer what one can do here."""
    device_of(request)
    return render(request, "participatie/shared_devices/choose.html")


@login_not_required
@require_safe
@never_cache
def thanks(request: HttpRequest) -> HttpResponse:
    """Thank who took part, and say that they are signed out."""
    device_of(request)
    context = {"offers_help": "hulp" in request.GET}
    return render(request, "participatie/shared_devices/thanks.html", context)


@login_not_required
@require_safe
@never_cache
def go_on(request: HttpRequest) -> HttpResponse:
    """Give somebody who is still there their time again (the middleware does it)."""
    device_of(request)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@closed_without_limits
def stop(request: HttpRequest) -> HttpResponse:
    """End the shared device with the code of who started it."""
    device = device_of(request)
    form = EndForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            count(request, "shared_device", key=str(device.pk))
            if devices.end_here(device=device, code=form.cleaned_data["code"]):
                return _ended(request, device)
            form.add_error("code", _("This is not the code that was chosen for this device."))
        except LimitReached:
            form.add_error(None, TOO_OFTEN)
            status = HTTPStatus.TOO_MANY_REQUESTS
    context = {"form": form}
    return render(request, "participatie/shared_devices/stop.html", context, status=status)


def _ended(request: HttpRequest, device: SharedDevice) -> HttpResponse:
    logout(request)
    response = redirect("home")
    devices.leave_nothing(response)
    devices.unmark(response)
    device.refresh_from_db()
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Make this device a shared one; who does it is signed out of it."""
    person = signed_in(request)
    if not devices.can_share(person):
        raise Http404
    form = StartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        key = devices.new_key()
        devices.start(
            by=person, name=form.cleaned_data["name"], code=form.cleaned_data["code"], key=key
        )
        logout(request)
        response = redirect("shared_devices:start")
        devices.leave_nothing(response)
        devices.mark(response, key)
        return response
    context = {
        "form": form,
        "running": devices.those_of(person),
        "minutes": max(1, round(settings.SHARED_PLACE_SECONDS / 60)),
    }
    return render(request, "participatie/shared_devices/begin.html", context)


@require_POST
@never_cache
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a shared device from elsewhere: one's own, or any for the programme office."""
    person = signed_in(request)
    if not devices.can_share(person):
        raise Http404
    device = get_object_or_404(SharedDevice, pk=pk)
    try:
        devices.end(device=device, by=person)
    except devices.MayNotShare as refused:
        raise Http404 from refused
    messages.success(request, gettext("That device is no shared one any more."))
    return redirect("shared_devices:begin")
