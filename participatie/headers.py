"""What every answer gets that neither Django nor django-csp gives: headers, and compression."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# The map asks for a person's place only after they pressed its button; nothing else is used, but on
# pages where somebody records their voice.
_POLICY = {
    "geolocation": "(self)",
    **dict.fromkeys(
        (
            "accelerometer",
            "browsing-topics",
            "camera",
            "display-capture",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "usb",
        ),
        "()",
    ),
}


def permissions_policy(allowed: str = "") -> str:
    """Return the policy of a page, with what its view allows beside it: "microphone=(self)"."""
    name, _equals, value = allowed.partition("=")
    told = {**_POLICY, **({name: value} if name in _POLICY else {})}
    return ", ".join(f"{feature}={who}" for feature, who in told.items())


PERMISSIONS_POLICY = permissions_policy()


class PermissionsPolicyMiddleware:
    """Tells the browser which of its powers this site does without."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        allowed = response.headers.get("Permissions-Policy", "")
        response.headers["Permissions-Policy"] = (
            permissions_policy(allowed) if allowed else PERMISSIONS_POLICY
        )
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages and sheets, so that a slow line need not wait for a proxy that does it.

    Django adds bytes by lot, and form tokens differ each time, so that the length tells nothing
    (the BREACH attack). Pictures are compressed already and go out as they are.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith("text/"):
            return response
        return super().process_response(request, response)
