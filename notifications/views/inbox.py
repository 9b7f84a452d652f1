"""The inbox, and marking what was read: by a form alone, for a link is also followed unasked."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import person_of
from notifications import actions
from notifications.inbox import cursor_of, entry_of, inbox_page
from notifications.models import Notification, Preference
from notifications.unread import unread_shown


@require_safe
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what somebody was told, the newest first."""
    typed = request.GET.get("after", "")
    after = cursor_of(typed)
    person = person_of(request)
    page = inbox_page(person, after=after or 0, language=get_language() or "")
    return render(
        request,
        "notifications/inbox.html",
        {
            "page": page,
            "after": after or "",
            "is_odd": after is None,
            "has_unread": bool(unread_shown(request)),
            "mail_stopped": Preference.objects.filter(
                person=person, mail_stopped_at__isnull=False
            ).first(),
            "next_url": f"?after={page.after}" if page.after else "",
            "first_url": reverse("notifications:inbox") if typed else "",
        },
        status=400 if after is None else 200,
    )


@require_POST
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and lead to what it is about."""
    person = person_of(request)
    entry = entry_of(person, pk, get_language() or "")
    if entry is None:
        raise Http404
    actions.mark_read(person=person, pk=pk)
    return redirect(entry.path)


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read, and stay where it stands."""
    person = person_of(request)
    if not Notification.objects.of(person).filter(pk=pk).exists():
        raise Http404
    actions.mark_read(person=person, pk=pk)
    return redirect(f"{_same_page(request)}#m{pk}")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read what somebody saw: what came since stays unread."""
    up_to = cursor_of(request.POST.get("up_to", ""))
    if up_to:
        actions.mark_all_read(person=person_of(request), up_to=up_to)
    return redirect(_same_page(request))


def _same_page(request: HttpRequest) -> str:
    after = cursor_of(request.POST.get("after", ""))
    address = reverse("notifications:inbox")
    return f"{address}?after={after}" if after else address
