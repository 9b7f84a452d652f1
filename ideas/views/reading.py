"""Reading initiatives: the list, and one of them with all that belongs to it."""

from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from accounts.models import Role
from contributions.models import Decision, Picture, Status
from contributions.review import can_review
from ideas import sheets, standing
from ideas.following import follow
from ideas.forms import CommentForm
from ideas.listing import list_initiatives
from ideas.models import Initiative, OfficialAnswer, has_support_of
from ideas.permissions import can_change, can_see_writer, office_buttons
from ideas.threads import thread_of
from indicators.sheets import long_sheet


@require_safe
@login_not_required
def index(request: HttpRequest) -> HttpResponse:
    """Show the list, filtered and sorted as the address says."""
    listing = list_initiatives(request.GET)
    return render(
        request,
        "ideas/index.html",
        {"listing": listing, "form": listing.form},
        status=400 if listing.problems else 200,
    )


@require_safe
@login_not_required
def sheet(request: HttpRequest) -> StreamingHttpResponse:
    """Give the whole list, as filtered and sorted, as a file for a spreadsheet."""
    return long_sheet("initiatieven", sheets.heading(), sheets.rows(request.GET))


@require_safe
@login_not_required
def detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show an initiative; an address with an old title leads to the present one."""
    initiative = get_object_or_404(
        Initiative.objects.visible_to(request.user)
        .select_related("area__parent", "theme", "indicator", "author", "on_behalf_of", "dossier")
        .select_related("department")
        .annotate(has_support_of_reader=has_support_of(request.user)),
        pk=pk,
    )
    if initiative.status == Status.DRAFT:
        # Half a text has nothing to show yet.
        return redirect("ideas:draft_what", pk=initiative.pk)
    if slug != initiative.address_slug:
        target = initiative.get_absolute_url()
        query = request.META.get("QUERY_STRING", "")
        moved = redirect(f"{target}?{query}" if query else target, permanent=True)
        # Asked again each time: a title that is changed back must not lead in circles.
        moved["Cache-Control"] = "no-cache"
        return moved
    user = request.user
    now = timezone.now()
    is_own = user.is_authenticated and initiative.author_id == user.pk
    answer = None
    if initiative.progress not in ("open", "in_consideration", "expired"):
        answer = OfficialAnswer.objects.visible_to(user).filter(initiative=initiative).first()
    context = {
        "initiative": initiative,
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
        "answer": answer,
        "office": office_buttons(user, initiative, answer),
    }
    if initiative.is_published:
        context["way"] = standing.way(initiative, answer)
        context["followed"] = follow(initiative, answer, user, now)
        context["thread"] = thread_of(initiative, user, after=request.GET.get("after", ""))
        if user.is_authenticated:
            context["comment_form"] = CommentForm()
    if is_own:
        context["decision"] = latest_decision(initiative)
    if user.is_authenticated and user.has_role(Role.MODERATOR):
        context["can_review"] = can_review(user, initiative)
    response = render(request, "ideas/detail.html", context)
    if not initiative.is_published:
        # Not for the back button of a library's computer.
        add_never_cache_headers(response)
    return response


def latest_decision(initiative: Initiative) -> Decision | None:
    """Return the last thing a moderator decided about an initiative."""
    return (
        Decision.objects.filter(dossier=initiative.dossier, automatic=False)
        .select_related("rule")
        .last()
    )
