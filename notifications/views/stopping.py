"""Stopping a mail by the link in it."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import actions, tokens
from notifications.kinds import Category


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
# A mailbox sends this form by itself, with neither cookie nor token of ours (RFC 8058, 3.2). Nobody
# else can send it in a person's name: what lets it in is the signed address, not who is signed in.
@csrf_exempt
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button, and stop what the mail was about when it is pressed.

    A GET changes nothing: scanners of mail follow every link. The POST of a mailbox and that of the
    button are the same one, and both are answered with 200.
    """
    told = tokens.read(token)
    if told is None or not actions.can_stop(told.purpose):
        return refused(request, token)
    context = {"about": _about(told.purpose), "category": _category(told.purpose)}
    if request.method == "POST":
        stopped = actions.stop(person=told.person, purpose=told.purpose, asked_at=told.made_at)
        context["outcome"] = "stopped" if stopped else "turned_on_since"
    return render(request, "notifications/stop.html", context)


def refused(request: HttpRequest, token: str) -> HttpResponse:
    """Say why a link opens nothing, and what can be done instead."""
    too_old = tokens.is_too_old(token)
    status = HTTPStatus.GONE if too_old else HTTPStatus.NOT_FOUND
    return render(request, "notifications/link_refused.html", {"too_old": too_old}, status=status)


def _about(purpose: str) -> str:
    if purpose == tokens.LETTER:
        return "letter"
    return "category" if purpose in Category.values else "follow"


def _category(purpose: str) -> str:
    return str(Category(purpose).label) if purpose in Category.values else ""
