"""What authors do with their initiative afterwards: change it, or take it off the site."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from contributions.actions import EditedElsewhere, Refused
from contributions.advice import page_after_sending
from contributions.forms import PicturesForm
from contributions.history import beside_what_stands
from contributions.models import Picture, Revision, Status
from contributions.models.picture import PictureQuerySet
from contributions.requests import signed_in
from contributions.revisions import latest_change, version_of_words
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


class _EditPage:
    """The forms of the page on which somebody changes their initiative, and what it says."""

    def __init__(self, request: HttpRequest, initiative: Initiative) -> None:
        self.request = request
        self._load(initiative)
        # Whoever changes twice goes on with the last change, also with one that was not taken over.
        initial = {
            **WhatForm.told_before(initiative),
            **WhereForm.told_before(initiative),
            "help_wanted": initiative.help_wanted,
            **(self.latest.data if self.latest else {}),
        }
        initial["about_figure"] = initial.get("indicator", initiative.indicator_id) is not None
        data = request.POST if request.method == "POST" else None
        files = request.FILES if request.method == "POST" else None
        self.what = WhatForm(data, initial=initial)
        self.where = WhereForm(
            data,
            initial=initial,
            offers_place=signed_in(request).age_band != User.AgeBand.FROM_12,
            figure=initiative.indicator,
        )
        self.help = HelpForm(data, initial=initial)
        self.pictures = PicturesForm(
            data, files, pictures=self._pictures(), initial=_pictures_that_wait(self.latest)
        )
        self.started_from = request.POST.get("started_from") or version_of_words(initiative)
        self.context: dict[str, object] = {}
        self.answers_with = 422 if request.method == "POST" else 200

    def _load(self, initiative: Initiative) -> None:
        self.initiative = initiative
        self.latest = latest_change(initiative)
        waits = self.latest is not None and self.latest.state == Revision.State.WAITING
        self.waiting = self.latest if waits else None

    def _pictures(self) -> PictureQuerySet:
        return Picture.objects.filter(dossier=self.initiative.dossier).current(self.latest)

    def is_valid(self) -> bool:
        """Check each form, so that all that is wrong shows at once."""
        forms = (self.what, self.where, self.help, self.pictures)
        checked = [form.is_valid() for form in forms]
        return all(checked)

    def values(self) -> dict[str, object]:
        return {
            **text_values(self.what),
            **self.where.cleaned_data,
            **self.help.cleaned_data,
        }

    def set_beside_what_stands(self, initiative: Initiative) -> None:
        """Show what was written beside what stands by now, for its author to choose."""
        self._load(initiative)
        data = actions.data_of_change(initiative, self.values(), self.pictures)
        self.context = {
            "elsewhere": beside_what_stands(initiative, data),
            "lost_files": bool(self.request.FILES),
        }
        self.pictures = self.pictures.told_again(self._pictures())
        self.started_from, self.answers_with = version_of_words(initiative), 409

    def render(self) -> HttpResponse:
        return render(
            self.request,
            "ideas/edit.html",
            {
                "initiative": self.initiative,
                "form": self.what,
                "where_form": self.where,
                "help_form": self.help,
                "pictures_form": self.pictures,
                "waiting": self.waiting,
                "decision": latest_decision(self.initiative),
                "started_from": self.started_from,
                **self.context,
            },
            status=self.answers_with,
        )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Change one's initiative; on the site the approved text stays until the new one is read."""
    initiative = own_initiative(request, pk)
    if initiative.status == Status.DRAFT:
        return redirect("ideas:draft_what", pk=initiative.pk)
    if not initiative.is_editable or _is_left_as_it_is(request, initiative):
        return redirect(initiative.get_absolute_url())
    page = _EditPage(request, initiative)
    if request.method == "POST" and page.is_valid():
        try:
            return _store(request, initiative, page.values(), page.pictures, page.started_from)
        except EditedElsewhere:
            page.set_beside_what_stands(own_initiative(request, pk))
        except Refused as refused:
            page.what.add_error(None, str(refused))
    return page.render()


def _store(
    request: HttpRequest,
    initiative: Initiative,
    values: dict[str, object],
    pictures_form: PicturesForm,
    started_from: str,
) -> HttpResponse:
    person = signed_in(request)
    if initiative.is_published:
        actions.revise(
            initiative=initiative,
            by=person,
            values=values,
            form=pictures_form,
            started_from=started_from,
        )
        messages.success(
            request,
            _("Your change is in. A moderator reads it first; until then the old text stays."),
        )
        return redirect(page_after_sending(initiative, initiative.get_absolute_url()))
    changed = actions.rework(
        initiative=initiative,
        by=person,
        values=values,
        form=pictures_form,
        started_from=started_from,
    )
    messages.success(request, _("Your change is in."))
    return redirect(page_after_sending(changed, changed.get_absolute_url()))


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
