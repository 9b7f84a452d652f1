"""Being told on the device that one uses: the browser's worker, and turning it on and off."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import devices
from accounts.limits import LimitReached, closed_without_limits, count
from accounts.pages import TOO_OFTEN, person_of
from notifications import actions


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Give the script that shows messages; browsers ask for it anew, so that a mistake goes."""
    response = render(request, "notifications/sw.js", content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_POST
@never_cache
@closed_without_limits
def on(request: HttpRequest) -> HttpResponse:
    """Tell somebody on this device from now on; a refusal is a sentence for their page."""
    if not settings.PUSH_PRIVATE_KEY:
        raise Http404
    person = person_of(request)
    try:
        count(request, "push")
        actions.subscribe(
            person=person,
            device=devices.here(request) or devices.begin(request, person),
            endpoint=request.POST.get("endpoint", ""),
            p256dh=request.POST.get("p256dh", ""),
            auth=request.POST.get("auth", ""),
        )
    except LimitReached:
        return _sentence(str(TOO_OFTEN), HTTPStatus.TOO_MANY_REQUESTS)
    except actions.EndpointRefused as refused:
        return _sentence(str(refused.sentence), HTTPStatus.UNPROCESSABLE_ENTITY)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_POST
@never_cache
def off(request: HttpRequest) -> HttpResponse:
    """Tell somebody nothing more on this device; of what is not theirs, too, it says done."""
    actions.unsubscribe(person=person_of(request), endpoint=request.POST.get("endpoint", ""))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _sentence(words: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
