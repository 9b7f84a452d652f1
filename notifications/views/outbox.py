"""What goes out, for who looks after it: how much waits and failed, and what it looks like."""

from typing import Any

from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from notifications import actions, outbox, previews
from notifications.inbox import cursor_of
from notifications.kinds import Category, Channel, Ground, NotificationKind, all_kinds, kind_named
from notifications.models import Delivery, Letter
from notifications.permissions import can_look_after_outbox

#: Mails have their styles in their tags. Nothing else of them may do anything, wherever it stands.
_MAIL_ALONE = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["'self'"],
    "frame-ancestors": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "sandbox": True,
}


def _staff(request: HttpRequest) -> User:
    """Return who looks after it; to anyone else these pages do not exist."""
    person = request.user
    if not isinstance(person, User) or not can_look_after_outbox(person):
        raise Http404
    return person


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Show how each channel is doing, and what failed in one of them."""
    _staff(request)
    channel = request.GET.get("channel", Channel.MAIL)
    if channel not in outbox.NAMES:
        channel = Channel.MAIL
    after = cursor_of(request.GET.get("after", "")) or 0
    failures, next_after = outbox.failures(channel, after=after)
    here = f"{reverse('outbox:list')}?channel={channel}"
    return render(
        request,
        "notifications/outbox.html",
        {
            "channels": outbox.states(now=timezone.now()),
            "channel": channel,
            "channel_label": outbox.NAMES[channel],
            "failures": failures,
            "kinds": outbox.failed_kinds(channel),
            "next_url": f"{here}&after={next_after}" if next_after else "",
            "first_url": here if after else "",
        },
    )


@require_POST
@never_cache
def retry(request: HttpRequest, channel: str, pk: int) -> HttpResponse:
    """Have one that failed tried again."""
    person = _staff(request)
    if channel not in outbox.NAMES:
        raise Http404
    rows: Any = Letter.objects.all()
    if channel != outbox.LETTER:
        rows = Delivery.objects.filter(channel=channel)
    done = actions.retry(outgoing=get_object_or_404(rows, pk=pk), by=person)
    return _back(request, channel, 1 if done else 0)


@require_POST
@never_cache
def retry_kind(request: HttpRequest, channel: str, kind: str) -> HttpResponse:
    """Have all of a kind that failed tried again."""
    person = _staff(request)
    if channel not in outbox.NAMES:
        raise Http404
    return _back(request, channel, actions.retry_kind(channel=channel, kind=kind, by=person))


def _back(request: HttpRequest, channel: str, count: int) -> HttpResponse:
    if count:
        words = ngettext(
            "%(count)s message waits again and goes out as soon as it can.",
            "%(count)s messages wait again and go out as soon as they can.",
            count,
        )
        messages.success(request, words % {"count": count})
    else:
        messages.info(request, _("Nothing was left to try again."))
    return redirect(f"{reverse('outbox:list')}?channel={channel}")


@require_safe
@never_cache
def kinds(request: HttpRequest) -> HttpResponse:
    """Show of what people are told, and who."""
    _staff(request)
    return render(
        request,
        "notifications/outbox_kinds.html",
        {"kinds": [_explained(kind) for kind in all_kinds()], "languages": _languages()},
    )


@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
@require_safe
@never_cache
def preview(request: HttpRequest, kind: str, shown_in: str) -> HttpResponse:
    """Show what one kind, or the weekly letter, looks like in a language."""
    _staff(request)
    found = _kind(kind)
    return render(
        request,
        "notifications/outbox_preview.html",
        {
            "name": kind,
            "about": _explained(found) if found else None,
            "preview": _preview(found, shown_in),
            "shown_in": shown_in,
            "languages": _languages(),
        },
    )


@csp(_MAIL_ALONE)  # type: ignore[arg-type]
@xframe_options_sameorigin
@require_safe
@never_cache
def preview_mail(request: HttpRequest, kind: str, shown_in: str) -> HttpResponse:
    """Give the HTML of a mail as a page of its own, in which nothing runs."""
    _staff(request)
    html = _preview(_kind(kind), shown_in).html
    if not html:
        raise Http404
    return HttpResponse(html)


def _kind(name: str) -> NotificationKind | None:
    """Return a kind by its name; None for the weekly letter."""
    if name == outbox.LETTER:
        return None
    found = kind_named(name)
    if found is None:
        raise Http404
    return found


def _preview(kind: NotificationKind | None, language: str) -> previews.Preview:
    if language not in settings.LISTED_LANGUAGES:
        raise Http404
    return previews.of_kind(kind, language) if kind else previews.of_letter(language)


def _explained(kind: NotificationKind) -> dict[str, object]:
    return {
        "kind": kind,
        "category": Category(kind.category).label,
        "ground": Ground(kind.ground).label,
    }


def _languages() -> list[tuple[str, str]]:
    return [
        (code, str(get_language_info(code)["name_local"])) for code in settings.LISTED_LANGUAGES
    ]
