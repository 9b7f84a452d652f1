"""What every page can say about what somebody was not told yet."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notifications.unread import unread_shown


def notifications(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``unread_shown``; it is counted only where a page shows it, and once."""
    return {"unread_shown": SimpleLazyObject(lambda: unread_shown(request))}
