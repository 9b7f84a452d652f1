"""Reading a text in one's language, translating it, and deciding about translations."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role, User
from contributions import actions
from contributions.actions.translating import (
    LanguageNotGranted,
    maker_for,
    may_decide,
    version_of_translation,
)
from contributions.kinds import kind_of
from contributions.limits import (
    TooManyTranslations,
    may_ask_for_translation,
    may_translate,
)
from contributions.machine.asking import why_not
from contributions.models import Contribution, Dossier, Translation, TranslationRequest
from contributions.requests import author_or_none, signed_in, without_token_for_visitors
from contributions.translation_forms import DeclineForm, TranslationForm
from contributions.translation_lists import title_of, to_read, to_translate
from contributions.translations import Shown, digest_of, shown_words, translated_fields

State = Translation.State
#: What each refusal answers with; 422 where it is not named.
_STATUS: dict[type[Exception], int] = {
    actions.NotPossibleNow: 409,
    actions.TextChanged: 409,
    actions.NotAllowed: 403,
    actions.MeasureHolds: 403,
    actions.AddressNotConfirmed: 403,
    TooManyTranslations: 429,
}


def _status_of(refused: actions.Refused) -> int:
    return next((code for kind, code in _STATUS.items() if isinstance(refused, kind)), 422)


def _page_language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _found(dossier_pk: int, language: str) -> Contribution:
    """Return a text that everybody may read, with its translation; another one does not exist."""
    dossier = get_object_or_404(Dossier, pk=dossier_pk)
    kind = kind_of(dossier)
    if not kind.translated_fields:
        raise Http404
    texts: Any = kind.model._default_manager
    found = (
        texts.visible_to(AnonymousUser())
        .published()
        .select_related("dossier", "area", "author")
        .in_language(language)
        .filter(dossier=dossier)
        .first()
    )
    if found is None:
        raise Http404
    return cast("Contribution", found)


def _parts(contribution: Contribution, shown: Shown) -> list[tuple[str, str, str]]:
    """Return what each part is called, what it says in the language, and as it was written."""
    told = shown.words if shown.is_translated else {}
    return [
        (str(one.label), told.get(one.name, ""), shown.original[one.name])
        for one in translated_fields(contribution)
        if one.name in shown.original
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@without_token_for_visitors
def show(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Show a text beside its translation; sending the form asks a machine for one."""
    language = _page_language()
    contribution = _found(dossier_pk, language)
    if request.method != "POST":
        return _show(request, contribution, language)
    try:
        if not may_ask_for_translation(request):
            raise TooManyTranslations
        actions.ask_machine(contribution=contribution, language=language)
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return _show(request, contribution, language, status=_status_of(refused))
    messages.success(
        request, _("The machine is asked. It takes a minute or so: then look at this page again.")
    )
    return redirect("translations:show", dossier_pk)


def _show(
    request: HttpRequest, contribution: Contribution, language: str, *, status: int = 200
) -> HttpResponse:
    shown = shown_words(contribution, language)
    person = author_or_none(request)
    asked = TranslationRequest.objects.filter(
        dossier=contribution.dossier_id, language=language
    ).first()
    own = (
        Translation.objects.filter(
            dossier=contribution.dossier_id,
            language=language,
            made_by=person,
            state__in=[State.WAITING, State.DECLINED],
        )
        .order_by("-made_at", "-pk")
        .first()
        if person
        else None
    )
    fresh = shown.is_translated and not (shown.is_by_machine and shown.is_outdated)
    return render(
        request,
        "contributions/translation.html",
        {
            "contribution": contribution,
            "shown": shown,
            "title": title_of(contribution),
            "parts": _parts(contribution, shown),
            "asked": asked,
            "own": own,
            "can_ask": (
                not fresh
                and not (asked and asked.is_waiting)
                and why_not(contribution, language) is None
            ),
            # Which one a moderator may take away, and no other that takes its place meanwhile.
            "removable": (
                _removable(person, contribution) if shown.is_translated and person else ""
            ),
            "language": language,
            "back": contribution.get_absolute_url(),
        },
        status=status,
    )


def _removable(person: User, contribution: Contribution) -> str:
    """Return the version of the translation that somebody may take away; empty for none."""
    language = _page_language()
    if not person.has_role(Role.MODERATOR, area=contribution.area, language=language):
        return ""
    made = Translation.objects.current().filter(dossier=contribution.dossier_id, language=language)
    standing = made.first()
    if standing is None or not may_decide(person, standing, contribution):
        return ""
    return version_of_translation(standing)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Translate a text, or make its translation better."""
    person = signed_in(request)
    told = request.POST.get("language") or request.GET.get("taal") or _page_language()
    contribution = _found(dossier_pk, told if told in dict(settings.CONTENT_LANGUAGES) else "")
    known = [code for code, _n in settings.CONTENT_LANGUAGES if code != contribution.language]
    if told not in known:
        # Of the page's own language there is nothing to translate.
        status = 422 if request.method == "POST" else 200
        return _write_page(request, contribution, None, "", known, status=status)
    if request.method != "POST":
        form = _form_of(person, contribution, told)
        try:
            maker_for(person, contribution, told)
        except LanguageNotGranted as refused:
            return _write_page(request, contribution, None, told, known, 403, str(refused))
        return _write_page(request, contribution, form, told, known)
    form = TranslationForm(request.POST, contribution=contribution, language=told)
    if not form.is_valid():
        return _write_page(request, contribution, form, told, known, status=422)
    try:
        if not may_translate(request):
            raise TooManyTranslations
        made = actions.write_translation(
            contribution=contribution,
            language=told,
            words=form.words(),
            by=person,
            seen=form.cleaned_data["seen"],
        )
    except actions.Refused as refused:
        if isinstance(refused, actions.OriginalChanged):
            # What was written stays; it is sent again for the text as it is now.
            contribution = _found(dossier_pk, told)
            again = {**request.POST.dict(), "seen": digest_of(contribution)}
            form = TranslationForm(again, contribution=contribution, language=told)
            form.is_valid()
        form.add_error(None, str(refused))
        return _write_page(request, contribution, form, told, known, _status_of(refused))
    if made.state == State.WAITING:
        messages.success(
            request, _("Thank you. A moderator reads your translation before others see it.")
        )
        return redirect("translations:show", dossier_pk)
    messages.success(request, _("Thank you. Your translation is on the site."))
    return redirect(contribution.get_absolute_url())


def _form_of(person: User, contribution: Contribution, language: str) -> TranslationForm:
    """Return the form with what one goes on with: one's own words, or those that stand there."""
    made = Translation.objects.filter(dossier=contribution.dossier_id, language=language)
    own = made.filter(made_by=person, state__in=[State.WAITING, State.DECLINED])
    begun = own.order_by("-made_at", "-pk").first() or made.current().first()
    return TranslationForm(
        contribution=contribution,
        language=language,
        initial={
            **(begun.words if begun else {}),
            "language": language,
            "seen": digest_of(contribution),
        },
    )


def _write_page(
    request: HttpRequest,
    contribution: Contribution,
    form: TranslationForm | None,
    language: str,
    known: list[str],
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    return render(
        request,
        "contributions/translate.html",
        {
            "contribution": contribution,
            "title": title_of(contribution),
            "form": form,
            "language": language,
            "languages": known,
            "refusal": refusal,
            "parts": _parts(contribution, shown_words(contribution, contribution.language)),
            "back": reverse("translations:show", args=[contribution.dossier_id]),
        },
        status=status,
    )


@require_POST
@never_cache
def remove(request: HttpRequest, dossier_pk: int) -> HttpResponse:
    """Take the translation of the page's language away, as a moderator."""
    person, language = signed_in(request), _page_language()
    contribution = _found(dossier_pk, language)
    if not person.has_role(Role.MODERATOR, area=contribution.area, language=language):
        raise Http404
    standing = Translation.objects.current().filter(
        dossier=contribution.dossier_id, language=language
    )
    made = standing.first()
    if made is None:
        messages.error(request, str(actions.NotPossibleNow()))
        return redirect("translations:show", dossier_pk)
    try:
        actions.remove_translation(translation=made, by=person, seen=request.POST.get("seen", ""))
    except actions.Refused as refused:
        messages.error(request, str(refused))
        return _show(request, contribution, language, status=_status_of(refused))
    messages.success(request, _("The translation is taken away. Readers see the original."))
    return redirect("translations:show", dossier_pk)


@require_safe
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """Show who translates by a role which texts wait for that."""
    listed = to_translate(
        signed_in(request),
        language=request.GET.get("taal", ""),
        kind=request.GET.get("soort", ""),
        after=request.GET.get("after", ""),
    )
    if listed is None:
        raise Http404
    return render(request, "contributions/to_translate.html", {"listed": listed})


def _reader_of(request: HttpRequest) -> User:
    person = signed_in(request)
    if not person.has_role(Role.MODERATOR):
        raise Http404
    return person


@require_safe
@never_cache
def proposed(request: HttpRequest) -> HttpResponse:
    """Show a moderator what neighbours translated and nobody read yet."""
    listed = to_read(_reader_of(request), after=request.GET.get("after", ""))
    return render(request, "contributions/translations_to_read.html", {"listed": listed})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one translation of a neighbour beside its original, and decide about it."""
    person = _reader_of(request)
    found = get_object_or_404(Translation.objects.select_related("dossier"), pk=pk)
    contribution = _found(found.dossier_id, found.language)
    if found.state != State.WAITING or not person.has_role(
        Role.MODERATOR, area=contribution.area, language=found.language
    ):
        if found.decided_by_id == person.pk:
            # The button was pressed twice.
            return redirect("translations:proposed")
        raise Http404
    agrees = request.POST.get("decision") == "agree"
    form = DeclineForm(request.POST if request.method == "POST" and not agrees else None)
    status = 200
    if request.method == "POST":
        status = 422
        if agrees or form.is_valid():
            try:
                if agrees:
                    actions.agree_to_translation(
                        translation=found, by=person, seen=request.POST.get("seen", "")
                    )
                    messages.success(request, _("The translation is on the site."))
                else:
                    reason = form.cleaned_data["reason"]
                    actions.decline_translation(
                        translation=found,
                        by=person,
                        reason=reason,
                        seen=request.POST.get("seen", ""),
                    )
                    messages.success(request, _("Who translated it reads why."))
            except actions.Refused as refused:
                messages.error(request, str(refused))
                status = _status_of(refused)
                found.refresh_from_db()
            else:
                return redirect("translations:proposed")
    shown = shown_words(contribution, found.language)
    return render(
        request,
        "contributions/translation_proposal.html",
        {
            "proposal": found,
            "contribution": contribution,
            "title": title_of(contribution),
            "parts": [
                (str(one.label), found.words.get(one.name, ""), shown.original[one.name])
                for one in translated_fields(contribution)
                if one.name in shown.original
            ],
            "standing": _parts(contribution, shown) if shown.is_translated else [],
            "standing_label": shown.label,
            "is_outdated": found.source_digest != digest_of(contribution),
            "may_decide": may_decide(person, found, contribution),
            "seen": version_of_translation(found),
            "form": form,
        },
        status=status,
    )
