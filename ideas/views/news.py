"""News about an initiative: reading it, telling it, and seeing to one's own."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions.actions import Refused, withdraw
from contributions.advice import before_sending, page_after_sending, was_looked_over
from contributions.forms import PicturesForm
from contributions.language import guess_language
from contributions.models import Picture, Status
from contributions.requests import signed_in
from contributions.revisions import latest_change
from contributions.voices import with_voices
from ideas import actions, standing
from ideas.forms import UpdateForm
from ideas.limits import TooOften, may_begin
from ideas.models import Initiative, Update
from ideas.news import PAGE_SIZE, news_of
from ideas.permissions import can_write_news

_CURSOR = re.compile(r"[1-9]\d{0,17}", re.ASCII)


@require_safe
@login_not_required
def news(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show all news about an initiative, the newest first."""
    initiative = get_object_or_404(
        Initiative.objects.visible_to(request.user).published().for_cards(), pk=pk
    )
    after = request.GET.get("after", "")
    before = int(after) if _CURSOR.fullmatch(after) else None
    items, has_more = news_of(initiative, request.user, count=PAGE_SIZE, before=before)
    with_voices([item.update for item in items], request.user)
    return render(
        request,
        "ideas/news.html",
        {
            "initiative": initiative,
            "items": items,
            "next_cursor": items[-1].update.pk if has_more else "",
            "is_first_page": before is None,
            "can_write": can_write_news(request.user, initiative, timezone.now()),
        },
    )


def _language_of(form: UpdateForm) -> str:
    chosen: str = form.cleaned_data["language"]
    return chosen or guess_language(form.cleaned_data["text"], otherwise=get_language() or "nl")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Tell news, as an initiator; to anyone else this page does not exist."""
    person = signed_in(request)
    initiative = get_object_or_404(Initiative.objects.visible_to(person).for_cards(), pk=pk)
    if not can_write_news(person, initiative, timezone.now()):
        raise Http404
    is_post = request.method == "POST"
    form = UpdateForm(request.POST if is_post else None)
    pictures_form = PicturesForm(*((request.POST, request.FILES) if is_post else (None, None)))
    good = [each.is_valid() for each in (form, pictures_form)]
    if is_post and all(good):
        try:
            if not may_begin(request, "comment"):
                raise TooOften
            update = actions.write_update(
                initiative=initiative,
                author=person,
                text=form.cleaned_data["text"],
                language=_language_of(form),
                form=pictures_form,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _place(request, update)
    return render(
        request,
        "ideas/update.html",
        {"initiative": initiative, "form": form, "pictures_form": pictures_form},
        status=422 if is_post else 200,
    )


def _place(request: HttpRequest, update: Update) -> HttpResponse:
    person = signed_in(request)
    if person.needs_age(timezone.now()):
        messages.info(request, _("Tell us your age group once; then we can place your text."))
        return redirect(f"{reverse('accounts:profile')}?next={update.get_edit_url()}")
    if not was_looked_over(request, update):
        # It is kept as a draft; its own page says what to look at, and places it.
        return redirect(update.get_edit_url())
    try:
        placed = actions.hand_in_update(update=update, by=person)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(update.get_edit_url())
    if placed.is_published:
        messages.success(request, _("Your news is on the site."))
        return redirect(update.get_absolute_url())
    messages.success(request, standing.of_review(placed).sentence)
    return redirect(page_after_sending(placed, update.get_edit_url()))


def _own(request: HttpRequest, initiative_pk: int, update_pk: int) -> Update:
    """Return news of the person who is signed in, under an initiative that they may see."""
    person = signed_in(request)
    return get_object_or_404(
        Update.objects.visible_to(person)
        .filter(author=person, initiative=initiative_pk)
        .select_related("dossier", "initiative"),
        pk=update_pk,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def update(request: HttpRequest, pk: int, slug: str, update_pk: int) -> HttpResponse:
    """Show one's own news with its state; change it, and send it in."""
    own = _own(request, pk, update_pk)
    change = latest_change(own)
    initial = {"text": own.text, "language": own.language, **(change.data if change else {})}
    is_post = request.method == "POST"
    form = UpdateForm(request.POST if is_post else None, initial=initial)
    pictures_form = PicturesForm(
        *((request.POST, request.FILES) if is_post else (None, None)),
        pictures=Picture.objects.filter(dossier=own.dossier).current(change),
    )
    good = [each.is_valid() for each in (form, pictures_form)]
    if is_post and own.is_editable and all(good):
        values = {"text": form.cleaned_data["text"], "language": _language_of(form)}
        try:
            actions.change_update(
                update=own, by=signed_in(request), values=values, form=pictures_form
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if own.status in (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN):
                return _place(request, own)
            messages.success(request, _("Your change is in."))
            return redirect(page_after_sending(own, own.get_edit_url()))
    return render(
        request,
        "ideas/update.html",
        {
            "initiative": own.initiative,
            "update": own,
            "looked": None if is_post else before_sending(own),
            "form": form,
            "pictures_form": pictures_form,
            "standing": standing.of_review(own),
            "decision": own.dossier.decisions.filter(automatic=False).select_related("rule").last(),
        },
        status=422 if is_post else 200,
    )


@require_POST
def take_update_away(request: HttpRequest, pk: int, slug: str, update_pk: int) -> HttpResponse:
    """Take one's own news off the site."""
    own = _own(request, pk, update_pk)
    try:
        withdraw(contribution=own, by=signed_in(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your news is off the site."))
    return redirect(own.get_edit_url())
