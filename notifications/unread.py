"""How much somebody has not read yet, for the head of each page."""

from django.http import HttpRequest
from django.utils.formats import number_format

from accounts.models import User
from notifications.models import Notification

#: A larger number says no more than this one and a plus.
SHOWN_AT_MOST = 9

_KEPT = "_unread_notifications"


def unread_shown(request: HttpRequest) -> str:
    """Return what stands in the head of a page: "3", "9+", or nothing.

    One query for who is signed in, and none for visitors. It counts rows and does not ask whether
    each subject may still be seen: that costs a query or more for each kind, on every page of the
    site, for a number. The inbox asks; its "mark all as read" also takes along what it left out,
    so that a number that nobody can find never stays.
    """
    person = getattr(request, "user", None)
    if not isinstance(person, User) or not person.is_authenticated:
        return ""
    shown: str | None = getattr(request, _KEPT, None)
    if shown is None:
        rows = Notification.objects.of(person).unread().order_by()[: SHOWN_AT_MOST + 1]
        shown = _as_shown(rows.count())
        setattr(request, _KEPT, shown)
    return shown


def _as_shown(count: int) -> str:
    if not count:
        return ""
    return f"{SHOWN_AT_MOST}+" if count > SHOWN_AT_MOST else number_format(count)
