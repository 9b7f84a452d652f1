"""Posting an initiative in three short steps: written first, signed in last."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import introduce
from accounts.forms import WhoYouAreForm
from accounts.models import User
from accounts.organisations import written_for_by
from contributions.actions import NotPossibleNow, Refused, claim_draft
from contributions.advice import looked_over, page_after_sending
from contributions.drafts import draft_key, make_draft_key
from contributions.forms import PicturesForm
from contributions.language import guess_language
from contributions.models import Picture, Status
from contributions.requests import author_or_none, signed_in
from contributions.retention import delete_draft
from contributions.review import reasons_of_checks, reasons_to_review
from ideas import actions
from ideas.forms import HelpForm, NameForm, WhatForm, WhereForm
from ideas.limits import TooOften, may_begin
from ideas.models import Initiative
from ideas.near import wanted_nearby
from ideas.permissions import can_write_for

#: What a visitor told in step three, kept in the session until the sign-in.
WHO_KEY = "who_you_are"


def is_autosave(request: HttpRequest) -> bool:
    """Say whether the page saves by itself while somebody types: nothing is refused then."""
    return request.headers.get("X-Autosave") == "1"


def find_draft(request: HttpRequest, pk: int) -> Initiative:
    """Return a draft of the person or of this browser; after the sign-in it becomes the person's.

    Raises:
        Http404: it is not there, or somebody else's.
    """
    person = author_or_none(request)
    key = draft_key(request)
    mine = Q(author=person) if person else Q(pk__in=[])
    draft = (
        Initiative.objects.filter(mine | Q(pk__in=Initiative.objects.held_by(key)))
        .filter(pk=pk, status=Status.DRAFT)
        .select_related("dossier", "area", "theme", "indicator", "author", "on_behalf_of")
        .first()
    )
    if draft is None:
        raise Http404
    if person and draft.author_id is None:
        try:
            draft = claim_draft(draft=draft, by=person, draft_key=key)
        except Refused as refused:
            raise Http404 from refused
    return draft


def leads_on(view: Callable[[HttpRequest, int], HttpResponse]) -> Any:
    """Let the steps of what was handed in by now lead to where it stands.

    So a second press on the button, or the back button, ends there. Words that are sent to a step
    after all are not taken for saved: for those the draft is gone.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk)
        except Http404:
            person = author_or_none(request)
            if person is None or (request.method == "POST" and view.__name__ != "check"):
                raise
            placed = get_object_or_404(Initiative.objects.filter(author=person), pk=pk)
            return redirect(placed.get_absolute_url())

    return wrapped


def told_before(request: HttpRequest, draft: Initiative) -> dict[str, Any] | None:
    """Return what a visitor told in step three of this draft; another's may be another person's."""
    kept = request.session.get(WHO_KEY, {})
    told: dict[str, Any] | None = kept["told"] if kept.get("draft") == draft.pk else None
    return told


def pictures_of(initiative: Initiative | None) -> list[Picture]:
    """Return the pictures that an author sees with an initiative."""
    if initiative is None:
        return []
    return list(Picture.objects.filter(dossier=initiative.dossier).current())


def text_values(form: WhatForm) -> dict[str, Any]:
    """Return what step one holds, with the language guessed where it was left open."""
    values = {name: form.cleaned_data[name] for name in form.cleaned_data if name != "language"}
    if "language" in form.cleaned_data:
        words = f"{form.cleaned_data.get('title', '')}\n{form.cleaned_data.get('text', '')}"
        values["language"] = form.cleaned_data["language"] or guess_language(
            words, otherwise=get_language() or "nl"
        )
    return values


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Step one of a new initiative; a draft begins when it is first sent."""
    return _what(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@leads_on
def what(request: HttpRequest, pk: int) -> HttpResponse:
    """Step one: what it is."""
    try:
        draft = find_draft(request, pk)
    except Http404:
        if request.method != "POST" or request.user.is_authenticated or is_autosave(request):
            raise
        # The session ended while somebody wrote: the words begin a new draft, and are not lost.
        return _what(request, None)
    return _what(request, draft)


def _what(request: HttpRequest, draft: Initiative | None) -> HttpResponse:
    initial = WhatForm.told_before(draft) if draft else {}
    if request.method != "POST":
        context = {
            "form": WhatForm(initial=initial),
            "pictures_form": PicturesForm(pictures=pictures_of(draft)),
        }
        return _step(request, "what", draft, context)
    form = WhatForm(request.POST, initial=initial)
    # Pictures cost time to read: not for a draft that may not begin, nor at each pause in typing.
    may_go_on = draft is not None or may_begin(request, "initiative")
    files = request.FILES if may_go_on and not is_autosave(request) else None
    pictures_form = PicturesForm(request.POST, files, pictures=pictures_of(draft))
    good = form.is_valid()
    good = pictures_form.is_valid() and good
    try:
        if not may_go_on:
            raise TooOften if request.user.is_authenticated else actions.TooManyDrafts
        if draft is None:
            draft = actions.start_draft(
                author=author_or_none(request),
                draft_key=make_draft_key(request),
                language=get_language() or "nl",
            )
        # What is right is kept, whatever else has to be mended.
        actions.write(
            initiative=draft,
            by=request.user,
            draft_key=draft_key(request),
            values=text_values(form),
        )
        if not is_autosave(request):
            # What is ticked may be unticked again: a picture goes when the form is sent.
            actions.write_pictures(
                initiative=draft,
                by=request.user,
                draft_key=draft_key(request),
                form=pictures_form,
            )
    except Refused as refused:
        form.add_error(None, str(refused))
        good = False
    if is_autosave(request):
        return HttpResponse(status=204)
    if good and draft is not None:
        return redirect("ideas:draft_where", pk=draft.pk)
    if pictures_form.new_pictures:
        # The good ones are kept by now: the page shows them, and beside them what was refused.
        pictures_form = pictures_form.with_kept(pictures_of(draft))
    return _step(request, "what", draft, {"form": form, "pictures_form": pictures_form}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@leads_on
def where(request: HttpRequest, pk: int) -> HttpResponse:
    """Step two: where it is, what it is about and for whom."""
    draft = find_draft(request, pk)
    person = author_or_none(request)
    initial = WhereForm.told_before(draft)
    if draft.area_id is None and person:
        initial["area"] = person.area_id
    offers_place = person is None or person.age_band != User.AgeBand.FROM_12
    if request.method != "POST":
        form = WhereForm(initial=initial, offers_place=offers_place, figure=draft.indicator)
        return _step(request, "where", draft, {"form": form})
    form = WhereForm(
        request.POST, initial=initial, offers_place=offers_place, figure=draft.indicator
    )
    good = form.is_valid()
    try:
        actions.write(
            initiative=draft,
            by=request.user,
            draft_key=draft_key(request),
            values=form.cleaned_data,
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        good = False
    if is_autosave(request):
        return HttpResponse(status=204)
    if good:
        return redirect("ideas:draft_who", pk=draft.pk)
    return _step(request, "where", draft, {"form": form}, status=422)


def name_form(
    draft: Initiative, person: User | None, data: QueryDict | None = None
) -> NameForm | None:
    """Return the question in whose name somebody writes; most people are not asked."""
    organisations = written_for_by(person, timezone.now()) if person else []
    if not organisations and draft.on_behalf_of is None:
        return None
    return NameForm(data, organisations=organisations, chosen=draft.on_behalf_of)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@leads_on
def who(request: HttpRequest, pk: int) -> HttpResponse:
    """Step three: who somebody is, and what help they look for."""
    draft = find_draft(request, pk)
    person = author_or_none(request)
    help_initial = {"help_wanted": draft.help_wanted}
    told = told_before(request, draft) if person is None else None
    if request.method != "POST":
        context = {
            "form": WhoYouAreForm(user=person, initial=told),
            "help_form": HelpForm(initial=help_initial),
            "name_form": name_form(draft, person),
        }
        return _step(request, "who", draft, context)
    form = WhoYouAreForm(request.POST, user=person)
    help_form = HelpForm(request.POST, initial=help_initial)
    names = name_form(draft, person, request.POST)
    good = form.is_valid()
    good = help_form.is_valid() and good
    good = (names is None or names.is_valid()) and good
    try:
        actions.write(
            initiative=draft,
            by=request.user,
            draft_key=draft_key(request),
            values={**help_form.cleaned_data, **(names.cleaned_data if names else {})},
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        good = False
    if is_autosave(request):
        return HttpResponse(status=204)
    if not good:
        context = {"form": form, "help_form": help_form, "name_form": names}
        return _step(request, "who", draft, context, status=422)
    if person:
        introduce(user=person, **form.cleaned_data)
    else:
        request.session[WHO_KEY] = {"draft": draft.pk, "told": form.cleaned_data}
    return redirect("ideas:draft_check", pk=draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@leads_on
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole as others will see it, and place it; who is not signed in does that first."""
    draft = find_draft(request, pk)
    person = author_or_none(request)
    told = told_before(request, draft)
    if person and told:
        # Told before the sign-in. An account that knows its person keeps what it knows: who is
        # under 16 does not come of age by writing first and signing in after.
        if person.needs_age(timezone.now()) and person.age_band != User.AgeBand.FROM_12:
            person = introduce(user=person, **told)
        del request.session[WHO_KEY]
    if not draft.is_complete:
        step = "draft_what" if not (draft.title and draft.text) else "draft_where"
        messages.info(request, _("Something is still missing here."))
        return redirect(f"ideas:{step}", pk=draft.pk)
    if person and person.needs_age(timezone.now()):
        return redirect("ideas:draft_who", pk=draft.pk)
    if person is None and told is None:
        return redirect("ideas:draft_who", pk=draft.pk)
    if not can_write_for(request.user, draft.on_behalf_of, timezone.now()):
        # That page says what is over, and asks for another name.
        return redirect("ideas:draft_who", pk=draft.pk)
    if request.method == "POST":
        return _place(request, draft)
    looked = looked_over(draft)
    reasons = (
        reasons_to_review(
            author=person, area=draft.area, language=draft.language, now=timezone.now()
        )
        if person and draft.area
        else []
    ) + reasons_of_checks(looked.checks)
    shown = person or User(**(told or {}))
    return _step(
        request,
        "check",
        draft,
        {
            "pictures": pictures_of(draft),
            "target_groups": list(draft.target_groups.all()),
            "reasons": [str(reason) for reason in reasons],
            "looked": looked,
            "wanted_nearby": wanted_nearby(draft, person),
            "name_shown": shown.public_name,
            "shows_place": not shown.is_under_16,
        },
    )


def _place(request: HttpRequest, draft: Initiative) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    person = signed_in(request)
    try:
        placed = actions.hand_in(initiative=draft, by=person)
    except NotPossibleNow:
        # Sent twice: the first one did it.
        return redirect("account_home")
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("ideas:draft_check", pk=draft.pk)
    if placed.is_published:
        messages.success(request, _("Your idea is on the site. Tell your neighbours!"))
    else:
        messages.success(request, _("Thank you! We have received your idea."))
    return redirect(page_after_sending(placed, placed.get_absolute_url()))


@require_POST
@login_not_required
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, at once and for good."""
    delete_draft(draft=find_draft(request, pk))
    messages.success(request, _("Your draft is gone."))
    return redirect("account_home" if request.user.is_authenticated else "home")


def _step(
    request: HttpRequest,
    step: str,
    draft: Initiative | None,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        f"ideas/draft_{step}.html",
        {"step": step, "draft": draft, **context},
        status=status,
    )
