"""What authors do with their initiative afterwards: change it, or take it off the site."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from contributions.actions import Refused
from contributions.forms import PicturesForm
from contributions.models import Picture, Revision, Status
from contributions.requests import signed_in
from contributions.revisions import latest_change
from ideas import actions
from ideas.forms import HelpForm, WhatForm, WhereForm
from ideas.models import Initiative
from ideas.permissions import can_change
from ideas.views.posting import text_values
from ideas.views.reading import latest_decision


def own_initiative(request: HttpRequest, pk: int) -> Initiative:
    """Return an initiative of the person who is signed in; anyone else's does not exist."""
    return get_object_or_404(
        Initiative.objects.filter(author=signed_in(request)).select_related(
            "dossier", "area", "theme", "indicator", "author", "on_behalf_of"
        ),
        pk=pk,
    )


def _is_left_as_it_is(request: HttpRequest, initiative: Initiative) -> bool:
    """Say whether there is nothing to ask: what somebody sends is answered by the action."""
    return request.method != "POST" and not can_change(
        signed_in(request), initiative, timezone.now()
    )


def _pictures_that_wait(change: Revision | None) -> dict[str, object]:
    """Return what a change says about pictures, as the values to start from."""
    data = change.data if change else {}
    return {
        **{f"remove_{key}": True for key in data.get("pictures_removed", [])},
        **{
            f"description_{key}": description
            for key, description in data.get("picture_descriptions", {}).items()
        },
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Change one's initiative; on the site the approved text stays until the new one is read."""
    initiative = own_initiative(request, pk)
    person = signed_in(request)
    if initiative.status == Status.DRAFT:
        return redirect("ideas:draft_what", pk=initiative.pk)
    if not initiative.is_editable or _is_left_as_it_is(request, initiative):
        return redirect(initiative.get_absolute_url())
    latest = latest_change(initiative)
    waiting = latest if latest and latest.state == Revision.State.WAITING else None
    initial = {
        **WhatForm.told_before(initiative),
        **WhereForm.told_before(initiative),
        "help_wanted": initiative.help_wanted,
        # Whoever changes twice goes on with the last change, also with one that was not taken over.
        **(latest.data if latest else {}),
    }
    initial["about_figure"] = initial.get("indicator", initiative.indicator_id) is not None
    data = request.POST if request.method == "POST" else None
    files = request.FILES if request.method == "POST" else None
    what = WhatForm(data, initial=initial)
    where = WhereForm(
        data,
        initial=initial,
        offers_place=person.age_band != User.AgeBand.FROM_12,
        figure=initiative.indicator,
    )
    help_form = HelpForm(data, initial=initial)
    pictures = Picture.objects.filter(dossier=initiative.dossier).current(latest)
    pictures_form = PicturesForm(
        data, files, pictures=pictures, initial=_pictures_that_wait(latest)
    )
    forms = (what, where, help_form, pictures_form)
    # Each is checked, so that all that is wrong shows at once.
    checked = [form.is_valid() for form in forms]
    if request.method == "POST" and all(checked):
        values = {**text_values(what), **where.cleaned_data, **help_form.cleaned_data}
        try:
            return _store(request, initiative, values, pictures_form)
        except Refused as refused:
            what.add_error(None, str(refused))
    return render(
        request,
        "ideas/edit.html",
        {
            "initiative": initiative,
            "form": what,
            "where_form": where,
            "help_form": help_form,
            "pictures_form": pictures_form,
            "waiting": waiting,
            "decision": latest_decision(initiative),
        },
        status=422 if request.method == "POST" else 200,
    )


def _store(
    request: HttpRequest,
    initiative: Initiative,
    values: dict[str, object],
    pictures_form: PicturesForm,
) -> HttpResponse:
    person = signed_in(request)
    if initiative.is_published:
        actions.revise(initiative=initiative, by=person, values=values, form=pictures_form)
        messages.success(
            request,
            _("Your change is in. A moderator reads it first; until then the old text stays."),
        )
        return redirect(initiative.get_absolute_url())
    changed = actions.rework(initiative=initiative, by=person, values=values, form=pictures_form)
    messages.success(request, _("Your change is in."))
    return redirect(changed.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take_away(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask once more, and take one's initiative off the site."""
    initiative = own_initiative(request, pk)
    if request.method == "POST":
        try:
            actions.take_away(initiative=initiative, by=signed_in(request))
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Your idea is off the site. You can send it in again."))
        return redirect(initiative.get_absolute_url())
    if _is_left_as_it_is(request, initiative):
        return redirect(initiative.get_absolute_url())
    return render(request, "ideas/take_away.html", {"initiative": initiative})
