"""Recordings of texts: played to whoever may read the text, made by its author or a messenger."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contributions import actions
from contributions.kinds import kind_of
from contributions.limits import may_send_spoken
from contributions.models import Contribution, Dossier, SpokenText
from contributions.permissions import may_see_unpublished_pictures
from contributions.recordings import played
from contributions.requests import signed_in, with_microphone
from contributions.spoken_forms import SpeakForm
from contributions.voices import digest_of, languages_to_read_in


@require_safe
@login_not_required
def spoken(request: HttpRequest, key: UUID) -> HttpResponse:
    """Play a recording to whoever may read its text.

    One that waits, or that a moderator hid, is played to its maker and to who decides about it.
    Never from a cache without asking again: what is hidden is silent at once.
    """
    found = get_object_or_404(
        SpokenText.objects.judged().exclude(recording="").select_related("dossier__area"), key=key
    )
    contribution = _found(request, found.dossier)
    if contribution is None:
        raise Http404
    is_heard = found.heard_at is not None and found.hidden_at is None
    if not is_heard and not (
        found.made_by_id == request.user.pk
        or may_see_unpublished_pictures(request.user, contribution)
    ):
        raise Http404
    etag = f'"{found.key}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        try:
            response = played(request, found.recording)
        except FileNotFoundError as missing:
            raise Http404 from missing
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _found(request: HttpRequest, dossier: Dossier) -> Contribution | None:
    """Return the text of a dossier, if the reader may see it."""
    texts = kind_of(dossier).model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
    found: Contribution | None = (
        texts.select_related("dossier", "area").filter(dossier=dossier).first()
    )
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@with_microphone
def speak(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Show a text to read aloud, and take the recording in.

    Whoever may read it aloud no more still finds their recording here, to take it away.
    """
    person = signed_in(request)
    contribution = _found(request, get_object_or_404(Dossier, pk=dossier_pk))
    mine = SpokenText.objects.judged().filter(dossier=dossier_pk, made_by=person)
    languages = languages_to_read_in(contribution, person) if contribution else []
    if contribution is None or not (languages or mine.exists()):
        raise Http404
    kind = kind_of(contribution)
    is_own = contribution.author_id == person.pk
    status = 200
    form = None
    if not languages:
        status = 200 if request.method != "POST" else 409
    elif request.method == "POST":
        form = SpeakForm(
            request.POST,
            request.FILES,
            languages=languages,
            may_send=partial(may_send_spoken, request),
        )
        status = 422
        if form.is_valid() and form.encoded is not None:
            try:
                made = actions.speak(
                    contribution=contribution,
                    by=person,
                    language=form.cleaned_data["language"],
                    encoded=form.encoded,
                    read=form.cleaned_data["read"],
                )
            except actions.Refused as refused:
                form.add_error(None, str(refused))
                status = 409
            else:
                messages.success(
                    request,
                    _("Everybody can hear your recording now.")
                    if made.heard_at
                    else _("We have your recording. A moderator listens to it first."),
                )
                return redirect(contribution.get_absolute_url())
        elif form.has_error("recording", "too_many"):
            status = 429
    else:
        form = SpeakForm(languages=languages, initial={"read": digest_of(contribution)})
    return render(
        request,
        "contributions/speak.html",
        {
            "contribution": contribution,
            "title": kind.title(contribution),
            "words": [str(getattr(contribution, name)) for name in kind.spoken],
            "form": form,
            "is_own": is_own,
            "waits": is_own and kind.reviewed,
            "mine": list(mine),
        },
        status=status,
    )


@require_POST
@never_cache
def take_away(request: HttpRequest, dossier_pk: int, key: UUID) -> HttpResponse:
    """Take one's own recording off the site, also when one could make no other by now."""
    person = signed_in(request)
    found = get_object_or_404(
        SpokenText.objects.judged().select_related("dossier"),
        key=key,
        dossier=dossier_pk,
        made_by=person,
    )
    try:
        actions.take_recording_away(spoken=found, by=person)
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your recording is gone."))
    text = _found(request, found.dossier)
    return redirect(text.get_absolute_url() if text else "account_home")
