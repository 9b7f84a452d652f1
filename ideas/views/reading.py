"""Reading initiatives: the list, and one of them with all that belongs to it."""

from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.models import Role
from contributions.history import waiting_change
from contributions.kept_pages import kept_for_a_second
from contributions.models import Contribution, Decision, Picture, Status
from contributions.review import can_review
from contributions.translations import shown_words
from contributions.voices import with_voices
from ideas import sheets, standing
from ideas.following import follow
from ideas.forms import CommentForm
from ideas.joined import goes_on_at
from ideas.listing import choose, list_initiatives
from ideas.models import Initiative, OfficialAnswer, has_doubles, has_news, has_support_of
from ideas.news import around
from ideas.permissions import can_change, can_see_writer, office_buttons
from ideas.readers import facts_of_list, facts_of_reader
from ideas.threads import thread_of
from ideas.together import has_co_initiators, together_of
from ideas.views.sheets import refusal
from indicators.models import Theme
from indicators.sheets import long_sheet


@require_safe
@login_not_required
@kept_for_a_second(facts_of_list)
def index(request: HttpRequest) -> HttpResponse:
    """Show the list, filtered and sorted as the address says."""
    listing = list_initiatives(request.GET)
    theme = listing.query.get("theme", "")
    return render(
        request,
        "ideas/index.html",
        {
            "listing": listing,
            "form": listing.form,
            "theme": Theme.objects.filter(slug=theme).first() if theme else None,
        },
        status=400 if listing.problems else 200,
    )


@require_safe
@login_not_required
def sheet(request: HttpRequest) -> HttpResponseBase:
    """Give the whole list, as filtered and sorted, as a file for a spreadsheet."""
    chosen = choose(request.GET)
    if refused := refusal(request, chosen.problems):
        return refused
    return long_sheet("initiatieven", sheets.heading(), sheets.rows(chosen))


@require_safe
@login_not_required
@kept_for_a_second(facts_of_reader)
def detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show an initiative; an address with an old title leads to the present one."""
    initiative = _found(request, pk)
    if initiative is None or (initiative.merged_into_id and initiative.status == Status.PUBLISHED):
        return _to_joined(request, pk)
    if initiative.status == Status.DRAFT:
        # Half a text has nothing to show yet.
        return redirect("ideas:draft_what", pk=initiative.pk)
    if slug != initiative.address_slug:
        return _moved(request, initiative)
    user = request.user
    now = timezone.now()
    is_own = user.is_authenticated and initiative.author_id == user.pk
    answer = None
    if initiative.progress not in ("open", "in_consideration", "expired"):
        answer = (
            OfficialAnswer.objects.visible_to(user)
            .published()
            .filter(initiative=initiative)
            .in_language(get_language() or "")
            .first()
        )
    context = {
        "initiative": initiative,
        "shown": shown_words(initiative, get_language() or ""),
        "pictures": list(Picture.objects.filter(dossier=initiative.dossier).shown()),
        "target_groups": list(initiative.target_groups.all()),
        "standing": (
            standing.of_progress(initiative, now)
            if initiative.is_published
            else standing.of_review(initiative)
        ),
        "review_standing": standing.of_review(initiative) if is_own else None,
        "is_own": is_own,
        "can_change": is_own and can_change(user, initiative, now),
        "shows_writer": can_see_writer(user, initiative),
        "is_open": initiative.is_open_at(now),
        "supported": cast("Any", initiative).has_support_of_reader,
        "together": together_of(initiative, user, now),
        "answer": answer,
        "around": around(initiative, user),
        "office": office_buttons(user, initiative, answer),
    }
    if initiative.is_published:
        context["way"] = standing.way(initiative, answer)
        context["followed"] = follow(initiative, answer, user, now)
        context["thread"] = thread_of(initiative, user, after=request.GET.get("after", ""))
        if user.is_authenticated:
            context["comment_form"] = CommentForm()
    with_voices(_texts_of(context), user)
    if is_own:
        context["decision"] = latest_decision(initiative)
        context["own_change"] = waiting_change(initiative)
    if user.is_authenticated and user.has_role(Role.MODERATOR):
        context["can_review"] = can_review(user, initiative)
    response = render(request, "ideas/detail.html", context)
    if not initiative.is_published:
        # Not for the back button of a library's computer.
        add_never_cache_headers(response)
    return response


def _texts_of(context: dict[str, Any]) -> list[Contribution]:
    """Return all texts that the page of an initiative shows, to find who reads them aloud."""
    texts: list[Contribution] = [context["initiative"]]
    texts += [context["answer"]] if context["answer"] else []
    texts += [item.update for item in context["around"].items]
    if "thread" in context:
        texts += [*context["followed"].reports, *context["thread"].comments()]
    return texts


def _found(request: HttpRequest, pk: int) -> Initiative | None:
    return (
        Initiative.objects.visible_to(request.user)
        .select_related("area__parent", "theme", "indicator", "author", "on_behalf_of", "dossier")
        .select_related("department", "entered_by")
        .in_language(get_language() or "")
        .annotate(
            has_support_of_reader=has_support_of(request.user),
            has_news_to_tell=has_news(),
            has_doubles_joined=has_doubles(),
            has_co_initiators=has_co_initiators(),
        )
        .filter(pk=pk)
        .first()
    )


def _to_joined(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from a double to the initiative that it was joined with.

    Raises:
        Http404: there is none that this person may see.
    """
    into = goes_on_at(pk, request.user)
    if into is None:
        raise Http404
    return _moved(request, into)


def _moved(request: HttpRequest, to: Initiative) -> HttpResponse:
    target = to.get_absolute_url()
    query = request.META.get("QUERY_STRING", "")
    moved = redirect(f"{target}?{query}" if query else target, permanent=True)
    # Asked again each time: a title that is changed back, or doubles that are taken apart, must
    # not lead in circles.
    moved["Cache-Control"] = "no-cache"
    return moved


def latest_decision(initiative: Initiative) -> Decision | None:
    """Return the last thing a moderator decided about an initiative."""
    return (
        Decision.objects.filter(dossier=initiative.dossier, automatic=False)
        .select_related("rule")
        .last()
    )
