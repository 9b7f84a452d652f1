"""How somebody wants to be told: signed in, or by the link in a mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import translate_url
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.pages import person_of
from notifications import actions, tokens
from notifications.following import followed_by
from notifications.forms import PreferencesForm
from notifications.kinds import all_kinds
from notifications.views.stopping import refused
from notifications.wishes import wishes_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and keep what somebody wants to be told."""
    return _preferences(request, person_of(request), by_mail=False)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def preferences_by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Do the same for who has the link of a mail.

    Nobody is signed in by it. The page tells the choices alone: a mail is passed on, and who reads
    it must not learn from it who somebody is, where they live or what they follow.
    """
    told = tokens.read(token)
    if told is None or told.purpose != tokens.PREFERENCES:
        return refused(request, token)
    return _preferences(request, told.person, by_mail=True)


def _preferences(request: HttpRequest, person: User, *, by_mail: bool) -> HttpResponse:
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act in ("pause", "go_on", "try_again"):
        return _pressed(request, person, act)
    wishes = wishes_of([person.pk])[person.pk]
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        person=person,
        preference=wishes.preference,
        choices=wishes.choices,
    )
    if request.method == "POST" and form.is_valid():
        actions.choose(
            person=person,
            fields=form.chosen_fields(),
            choices=form.chosen(wishes.choices),
            language=form.cleaned_data["language"],
        )
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your choices are stored. They hold from now on."))
        return redirect(translate_url(request.path, form.cleaned_data["language"]))
    return render(
        request,
        "notifications/preferences.html",
        {
            "form": form,
            "preference": wishes.preference,
            "has_address": wishes.has_address,
            "by_mail": by_mail,
            "always": [str(kind.label) for kind in all_kinds() if kind.must_be_told],
            "followed": [] if by_mail else followed_by(person),
        },
    )


def _pressed(request: HttpRequest, person: User, act: str) -> HttpResponse:
    if act == "try_again":
        actions.try_mail_again(person=person)
        messages.success(request, _("We try to send e-mails to you again."))
    else:
        actions.pause(person=person, paused=act == "pause")
        if act == "pause":
            messages.success(request, _("Everything is paused, until you end the pause."))
        else:
            messages.success(request, _("The pause is over. You hear of what happens from now on."))
    return redirect(request.path)
