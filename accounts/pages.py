"""What the pages about an account share."""

from http import HTTPStatus
from typing import cast

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from .models import User
from .targets import is_own_path

TOO_OFTEN = _("You tried this too often. Wait a while, then try again.")


def person_of(request: HttpRequest) -> User:
    """Return who is signed in."""
    return cast(User, request.user)


def typed_in(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, for a form that is also shown empty."""
    return request.POST if request.method == "POST" else None


def next_path_of(request: HttpRequest) -> str:
    """Return the path that ``?next=`` asks for, or nothing when it leads elsewhere."""
    target = request.POST.get("next") or request.GET.get("next", "")
    return target if is_own_path(target) else ""


def respond(
    request: HttpRequest,
    template: str,
    form: Form | None,
    *,
    refused: bool = False,
    status: int = HTTPStatus.OK,
    **more: object,
) -> HttpResponse:
    """Show a form; ``refused`` adds that it was sent too often."""
    if refused:
        status = HTTPStatus.TOO_MANY_REQUESTS
        if form is not None:
            form.is_valid()
            form.add_error(None, TOO_OFTEN)
    context = {"form": form, "next_path": next_path_of(request), **more}
    return render(request, f"accounts/{template}.html", context, status=status)
