"""What a visitor reads when something cannot be done: what happened, and what they can do."""

import sys
from collections.abc import Iterator

import redis
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token


def _page(request: HttpRequest, *, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "text": text}, status=status)


def _bare_page(*, status: int, title: str, text: str) -> HttpResponse:
    """Return a page that needs no database, no cache and no visitor."""
    try:
        style = staticfiles_storage.url("main.css")
    except ValueError:
        style = ""
    html = render_to_string("bare_error.html", {"title": title, "text": text, "style": style})
    return HttpResponse(html, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read; with 413 when it is too much."""
    if isinstance(exception, DisallowedHost):
        # The pages of the site ask for the host's name; this one must not.
        return _bare_page(
            status=400,
            title=_("This address is not ours"),
            text=_("Your browser asked for a site that is not here. Check the address."),
        )
    if isinstance(exception, RequestDataTooBig):
        return _page(
            request,
            status=413,
            title=_("That is too much text"),
            text=_("What you sent is too long. Go back, make the text shorter and send it again."),
        )
    if isinstance(exception, TooManyFilesSent | TooManyFieldsSent):
        return _page(
            request,
            status=413,
            title=_("That is too much at once"),
            text=_(
                "You sent too many or too large files at once. "
                "Go back and send fewer, or smaller ones."
            ),
        )
    return _page(
        request,
        status=400,
        title=_("We cannot read this"),
        text=_("Something in what your browser sent is not right. Go back and try again."),
    )


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        status=403,
        title=_("You may not open this page"),
        text=_(
            "This page is for people with another role. "
            "Do you think you should see it? Ask the programme office."
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from a page of ours, or came too late."""
    return _page(
        request,
        status=403,
        title=_("We could not accept this form"),
        text=_(
            "The page was open for a long time, or your browser refuses cookies. Go back, reload "
            "the page and send the form again. Copy your text first, so that you keep it."
        ),
    )


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        status=404,
        title=_("This page does not exist"),
        text=_(
            "The address may be wrong, or what stood here is no longer public. "
            "Start again on the home page."
        ),
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database or Redis is away, 500 when the fault is in the code.

    Django calls this while the exception is being handled, wherever it was raised: in a view, a
    template, or the middleware that looks up the visitor.
    """
    away = (OperationalError, InterfaceError, redis.ConnectionError, redis.TimeoutError)
    if any(isinstance(error, away) for error in _causes(sys.exception())):
        response = _bare_page(
            status=503,
            title=_("The site is away for a moment"),
            text=_(
                "A part of the site does not answer. What you sent just now may not have been "
                "saved. Wait a minute and try again."
            ),
        )
        response.headers["Retry-After"] = "30"
        return response
    return _bare_page(
        status=500,
        title=_("Something went wrong on our side"),
        text=_(
            "This is not your fault. Try again in a few minutes. "
            "Does it go wrong again? Tell the programme office what you did."
        ),
    )
