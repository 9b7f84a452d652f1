"""The pages that bring several apps together: home, areas, staff's pages, one's own page."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from areas.models import Area
from contributions.models import Contribution, HouseRule, Status
from contributions.requests import signed_in
from ideas import standing
from ideas.listing import LAST_PUSH, NEWEST, on_the_site, with_lead_picture
from ideas.models import Comment, Initiative
from ideas.models.initiative import InitiativeQuerySet
from indicators.models import Intervention, Theme
from participatie.models import Page

CARDS_ON_HOME = 6
CARDS_PER_AREA = 12
OWN_SHOWN = 50


def _cards() -> InitiativeQuerySet:
    return with_lead_picture(on_the_site().for_cards())


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """Show in ten seconds what people can do here."""
    newest = list(_cards().order_by(*NEWEST.columns)[:CARDS_ON_HOME])
    push = _cards().needing_a_push().exclude(pk__in=[card.pk for card in newest])
    return render(
        request,
        "participatie/home.html",
        {
            "newest": newest,
            "push": list(push.order_by(*LAST_PUSH.columns)[:3]),
            "themes": Theme.objects.all(),
        },
    )


@require_safe
@login_not_required
def areas(request: HttpRequest) -> HttpResponse:
    """Let people choose their neighbourhood, by municipality."""
    everything = {area.pk: area for area in Area.objects.all()}
    grouped: dict[str, list[Area]] = defaultdict(list)
    for area in everything.values():
        if area.accepts_contributions:
            grouped[_municipality(area, everything).name].append(area)
    return render(request, "participatie/areas.html", {"grouped": sorted(grouped.items())})


def _municipality(area: Area, everything: dict[int, Area]) -> Area:
    above = area
    while above.kind != Area.Kind.MUNICIPALITY and above.parent_id in everything:
        above = everything[above.parent_id]
    return above


@require_safe
@login_not_required
def area(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a neighbourhood: what people do there, and what the deal does."""
    found = get_object_or_404(Area.objects.select_related("parent"), slug=slug)
    within = _cards().filter(area__in=Area.objects.ids_within([found.pk]))
    crumbs = [{"name": _("Your neighbourhood"), "url": reverse("areas")}]
    if found.parent:
        crumbs.append({"name": found.parent.name, "url": reverse("area", args=[found.parent.slug])})
    interventions: dict[Theme, list[Intervention]] = defaultdict(list)
    for intervention in Intervention.objects.select_related("theme"):
        interventions[intervention.theme].append(intervention)
    return render(
        request,
        "participatie/area.html",
        {
            "area": found,
            "crumbs": crumbs,
            "children": list(found.children.all()),
            "initiatives": list(within.order_by(*NEWEST.columns)[:CARDS_PER_AREA]),
            "interventions": list(interventions.items()),
        },
    )


@require_safe
@login_not_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page that the programme office keeps; the house rules follow from their table."""
    found = get_object_or_404(Page, slug=slug)
    rules = HouseRule.objects.in_force(timezone.now()) if slug == "huisregels" else None
    return render(request, "participatie/page.html", {"page": found, "rules": rules})


@dataclass(frozen=True)
class Own:
    """One of a person's own contributions, with where it stands."""

    contribution: Contribution
    title: str
    standing: standing.Standing
    url: str


@require_safe
@never_cache
def my_page(request: HttpRequest) -> HttpResponse:
    """Show a person what they posted and where each of it stands."""
    person = signed_in(request)
    now = timezone.now()
    initiatives = list(
        Initiative.objects.visible_to(person)
        .filter(author=person)
        .select_related("dossier", "area")
        .order_by("-pk")[:OWN_SHOWN]
    )
    # With its initiative a comment disappears, for its writer too: it would name what is hidden.
    comments = list(
        Comment.objects.visible_to(person)
        .filter(author=person)
        .select_related("dossier", "initiative")
        .order_by("-pk")[:OWN_SHOWN]
    )
    supported = _cards().filter(supports__person=person).order_by("-supports__created_at")
    return render(
        request,
        "participatie/my_page.html",
        {
            "drafts": [i for i in initiatives if i.status == Status.DRAFT],
            "initiatives": [
                Own(i, i.title, _standing(i, now), i.get_absolute_url())
                for i in initiatives
                if i.status != Status.DRAFT
            ],
            "comments": [Own(c, str(c), standing.of_review(c), c.get_edit_url()) for c in comments],
            "supported": list(supported[:CARDS_PER_AREA]),
        },
    )


def _standing(initiative: Initiative, now: datetime.datetime) -> standing.Standing:
    if initiative.is_published and initiative.dossier.review != "revision":
        return standing.of_progress(initiative, now)
    return standing.of_review(initiative)
