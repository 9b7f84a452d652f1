"""Asking for posters and cards, fetching them, and coming by one in the street."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from anyascii import anyascii
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contributions.requests import without_token_for_visitors
from participatie.entry import best_language
from participatie.posters.asking import ask_for
from participatie.posters.forms import SheetForm
from participatie.posters.limits import TooManySheets, may_make
from participatie.posters.making import drawn_now
from participatie.posters.models import KEPT_FOR, LANGUAGES_AT_MOST, Poster, Sheet
from participatie.posters.reach import arrival_by, count_visit, is_a_visit, reach_of
from participatie.posters.subjects import PosterSubject, subject_named, subject_of_word


def _found(request: HttpRequest, word: str, pk: int) -> tuple[PosterSubject, Any]:
    subject = subject_of_word(word)
    thing = subject and subject.find(request.user, pk)
    if subject is None or thing is None:
        raise Http404
    return subject, thing


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@without_token_for_visitors
def ask(request: HttpRequest, word: str, pk: int) -> HttpResponse:
    """Let somebody choose a sheet about a thing and its languages, and ask for it."""
    subject, thing = _found(request, word, pk)
    if request.method != "POST":
        form = SheetForm(initial={"sheet": Sheet.POSTER, "languages": _likely(subject, thing)})
        return _ask_page(request, subject, thing, form)
    form = SheetForm(request.POST)
    if not form.is_valid():
        return _ask_page(request, subject, thing, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        poster = ask_for(
            subject=subject,
            thing=thing,
            sheet=form.cleaned_data["sheet"],
            languages=form.cleaned_data["languages"],
            may_make=lambda: may_make(request),
        )
    except TooManySheets as refused:
        form.add_error(None, str(refused))
        return _ask_page(request, subject, thing, form, HTTPStatus.TOO_MANY_REQUESTS)
    return redirect("posters:sheet", key=poster.key)


def _likely(subject: PosterSubject, thing: Any) -> list[str]:
    """Return the languages that are chosen for who has not: theirs, that of the words, the site's.

    In the order of the list, as they will stand on the sheet.
    """
    current = translation.get_language() or settings.LANGUAGE_CODE
    likely = {current, subject.words(thing, current).language, settings.LANGUAGE_CODE}
    return [code for code, _name in settings.CONTENT_LANGUAGES if code in likely][
        :LANGUAGES_AT_MOST
    ]


def _ask_page(
    request: HttpRequest, subject: PosterSubject, thing: Any, form: SheetForm, status: int = 200
) -> HttpResponse:
    sees_reach = subject.reach_for(request.user, thing)
    return render(
        request,
        "participatie/posters/ask.html",
        {
            "thing": _named(subject, thing),
            "form": form,
            "reach": reach_of(subject, thing.pk, now=timezone.now()) if sees_reach else [],
        },
        status=status,
    )


def _named(subject: PosterSubject, thing: Any) -> dict[str, str]:
    return {
        "title": subject.title(thing),
        "url": subject.url(thing),
        "area": subject.area(thing).name,
        "language": getattr(thing, "language", ""),
        "word": subject.word,
        "pk": thing.pk,
    }


def _poster(request: HttpRequest, key: UUID) -> tuple[Poster, PosterSubject, Any]:
    """Return a sheet about something that may still be seen, with the words of now.

    Raises:
        Http404: it is none, or what it shows was hidden or changed.
    """
    poster = get_object_or_404(Poster, key=key)
    subject = subject_named(poster.subject)
    thing = subject.find(request.user, poster.subject_pk)
    if thing is None:
        raise Http404
    return poster, subject, thing


@require_safe
@login_not_required
@never_cache
def sheet(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show how far a sheet is, and where it can be fetched."""
    poster, subject, thing = _poster(request, key)
    names = dict(settings.CONTENT_LANGUAGES)
    return render(
        request,
        "participatie/posters/sheet.html",
        {
            "poster": poster,
            "thing": _named(subject, thing),
            "languages": [(code, names.get(code, code)) for code in poster.codes],
            "until": poster.asked_at + KEPT_FOR,
            "is_of_now": drawn_now(poster) is not None,
        },
    )


@require_safe
@login_not_required
@never_cache
def file(request: HttpRequest, key: UUID) -> FileResponse:
    """Send a sheet, as long as everybody may read what stands on it."""
    poster, subject, thing = _poster(request, key)
    if poster.state != Poster.State.READY or drawn_now(poster) is None:
        raise Http404
    try:
        opened = default_storage.open(poster.path, "rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    about = slugify(anyascii(subject.title(thing)))[:40].strip("-") or subject.word
    return FileResponse(
        opened,
        filename=f"{poster.sheet}-{about}-{'-'.join(poster.codes)}.pdf",
        content_type="application/pdf",
    )


@require_safe
@login_not_required
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Lead from the code on a sheet to its page, in the visitor's language, and count the visit.

    What is counted is a number of a day, of nobody in particular, so a GET may do it; HEAD, looks
    ahead and machines that say what they are are led on without.
    """
    arrival = arrival_by(code)
    if arrival is None:
        raise Http404
    if is_a_visit(request):
        count_visit(arrival, now=timezone.now())
    with translation.override(best_language(request)):
        response = HttpResponseRedirect(arrival.subject.url(arrival.thing))
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
