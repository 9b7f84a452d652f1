"""Where the service that sends our mail tells what came back."""

from http import HTTPStatus

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import actions, mail_service
from notifications.bounces import returned

log = structlog.get_logger(__name__)


# Some services look whether it is there before they use it, by a HEAD that changes nothing.
@require_http_methods(["HEAD", "POST"])
@login_not_required
@never_cache
# A service has neither cookie nor token of ours: what lets it in is its signature or its password.
@csrf_exempt
def mail_webhook(request: HttpRequest) -> HttpResponse:
    """Stop the addresses from which mail came back for good, or whose readers complained."""
    view = mail_service.reader()
    if view is None:
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    if view.basic_auth and "Authorization" not in request.headers:
        # One service sends its password only when it is asked for it.
        answer = _sentence("A user and a password are needed.", HTTPStatus.UNAUTHORIZED)
        answer.headers["WWW-Authenticate"] = 'Basic realm="mail"'
        return answer
    try:
        events = mail_service.events_of(request, view)
    except mail_service.NotFromService:
        log.warning("mail_webhook_refused", reason="signature")
        return _sentence("The signature or the password is wrong.", HTTPStatus.FORBIDDEN)
    except RequestDataTooBig:
        return _sentence("That is too much at once.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except mail_service.Unreadable as error:
        log.warning("mail_webhook_refused", reason=str(error))
        return _sentence("That cannot be read.", HTTPStatus.BAD_REQUEST)
    now = timezone.now()
    actions.stop_addresses(returned(events, settings.MAIL_WEBHOOK, now), now=now)
    # Exactly this one: there are services that take any other for a failure, and tell it again.
    return HttpResponse(status=HTTPStatus.OK)


def _sentence(words: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
