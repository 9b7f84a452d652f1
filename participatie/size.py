"""How much one request may bring, files included."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse


class RequestSizeMiddleware:
    """Refuses a request that says it is larger than REQUEST_MAX_BYTES before any of it is read.

    Django limits the text of a request, not its files: those it writes to disk, however many
    gigabytes. A request that does not say how large it is counts as empty.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if declared.isdecimal() and int(declared) > settings.REQUEST_MAX_BYTES:
            raise TooManyFilesSent("The request is larger than REQUEST_MAX_BYTES.")
        return self.get_response(request)
