"""The pages that bring several apps together: home, areas, staff's pages, one's own page."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Organisation, Role
from areas.models import Area, is_within
from areas.municipalities import by_municipality
from areas.surroundings import find
from budgets.models import Application
from budgets.standing import standing_of
from contributions.dates import in_words_with_year
from contributions.deadlines import today
from contributions.kept_pages import kept_for_a_second, nothing_about
from contributions.models import Contribution, HouseRule, Status
from contributions.reports import receipts_of
from contributions.requests import signed_in
from contributions.scope import within_grants
from contributions.statements import lines_for
from contributions.text import clean_line
from feedback.drawing import themes_of
from feedback.models import Remark
from feedback.quarters import quarter_at
from feedback.views.figures import area_of
from ideas import standing
from ideas.listing import LAST_PUSH, NEWEST, newest_of, on_the_site, with_lead_picture
from ideas.models import Comment, Initiative, Merger, Progress, Update
from ideas.models.initiative import InitiativeQuerySet
from ideas.previews import Preview
from ideas.together import waiting_for
from ideas.views.feeds import preview_response
from indicators.charts import chart_of_areas
from indicators.figures import all_areas, compared, indicators_in_order
from indicators.models import Measurement, Theme
from indicators.sheets import sheet
from jongerenraad.models import Council
from moderation.waiting import promises_at_risk
from notifications import paper
from participatie.finding import look_for
from participatie.models import Page

PLAIN_TEXT = "text/plain; charset=utf-8"
CARDS_ON_HOME = 6
CARDS_PER_AREA = 12
OWN_SHOWN = 50
DECIDED_SHOWN = 3


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
@kept_for_a_second(nothing_about)
def search(request: HttpRequest) -> HttpResponse:
    """Look for words on the whole site: in ideas, neighbourhoods, figures and pages."""
    results = look_for(request.GET.get("q", ""))
    return render(
        request,
        "participatie/search.html",
        {"results": results},
        status=400 if results.problems else 200,
    )


@require_safe
@login_not_required
def site_preview(request: HttpRequest) -> HttpResponse:
    """Send the picture beside a link to a page that has none of its own."""
    drawn = Preview(
        title=_("What makes your street better?"), below=_("Of The Hague, Rijswijk and you.")
    )
    return preview_response(request, drawn)


@require_safe
@login_not_required
def areas(request: HttpRequest) -> HttpResponse:
    """Let people find their neighbourhood, and compare all of them for one figure."""
    everything = all_areas()
    grouped = [
        (municipality, offered)
        for municipality, inside in by_municipality(everything.values())
        if (offered := [area for area in inside if area.accepts_contributions])
    ]
    words = clean_line(request.GET.get("zoek", ""))[:60]
    indicators = list(indicators_in_order())
    wanted = request.GET.get("figure", "")
    chosen = next((i for i in indicators if i.slug == wanted), None)
    readings = compared(chosen, everything) if chosen else []
    return render(
        request,
        "participatie/areas.html",
        {
            "grouped": grouped,
            "words": words,
            "found": _with_their_neighbourhoods(find(words, everything.values()), everything),
            "indicators": indicators,
            "chosen": chosen,
            "readings": readings,
            "chart": chart_of_areas(readings, chosen.unit) if chosen else None,
        },
    )


def _with_their_neighbourhoods(found: list[Area], everything: dict[int, Area]) -> list[Area]:
    """Return what was found, with the neighbourhoods of what is larger than one."""
    parents = {pk: area.parent_id for pk, area in everything.items()}
    shown = [
        area
        for area in everything.values()
        if area.accepts_contributions and any(is_within(area.pk, f.pk, parents) for f in found)
    ]
    return [area for area in found if area not in shown] + shown if found else []


@require_safe
@login_not_required
def area(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how an area is doing, what neighbours say about it, and what they want."""
    everything = all_areas()
    found = area_of(slug, everything)
    parents = {pk: place.parent_id for pk, place in everything.items()}
    within = [pk for pk in everything if is_within(pk, found.pk, parents)]
    crumbs = [{"name": _("Your neighbourhood"), "url": reverse("areas")}]
    if found.parent_id in everything:
        parent = everything[found.parent_id]
        crumbs.append({"name": parent.name, "url": reverse("area", args=[parent.slug])})
    cards = _cards().filter(area__in=within).order_by(*NEWEST.columns)
    return render(
        request,
        "participatie/area.html",
        {
            "area": found,
            "crumbs": crumbs,
            "children": [place for place in everything.values() if place.parent_id == found.pk],
            "themes": themes_of(request, found, everything),
            "quarter": quarter_at(timezone.now()),
            "initiatives": list(cards[:CARDS_PER_AREA]),
        },
    )


@require_safe
@login_not_required
def area_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """Give an area's figures, of all years, as a file for a spreadsheet."""
    found = area_of(slug, all_areas())
    measured = (
        Measurement.objects.filter(area=found)
        .select_related("indicator")
        .order_by("indicator__theme__order", "indicator__order", "period")
    )
    heading = ("indicator", "name", "unit", "period", "value", "low", "high", "text", "status",
               "note", "source")  # fmt: skip
    rows = (
        (m.indicator.slug, m.indicator.name, m.indicator.unit, m.period, m.value, m.low, m.high,
         m.text, m.status, m.note, m.indicator.source)
        for m in measured
    )  # fmt: skip
    return sheet(f"cijfers-{found.slug}", heading, rows)


@require_safe
@login_not_required
@kept_for_a_second(nothing_about)
def area_news(request: HttpRequest, slug: str) -> HttpResponse:
    """Give an area's news of yesterday, or of a day up to a month ago, as plain text to print."""
    found = get_object_or_404(Area, slug=slug)
    first, last = paper.days_there(timezone.now())
    wanted = request.GET.get("dag", last.isoformat())
    day = paper.day_named(wanted)
    if day is None or not first <= day <= last:
        told = _("There is news of the days from %(first)s to %(last)s.") % {
            "first": in_words_with_year(first),
            "last": in_words_with_year(last),
        }
        return HttpResponse(f"{told}\r\n", content_type=PLAIN_TEXT, status=404)
    text = paper.sheet(found, day, get_language() or settings.LANGUAGE_CODE)
    return HttpResponse(text, content_type=PLAIN_TEXT)


@require_safe
@login_not_required
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an organisation with its newest initiatives; a council has a page of its own."""
    found = get_object_or_404(Organisation, pk=pk)
    council = Council.objects.filter(organisation=found).first()
    if council is not None:
        return redirect(council.get_absolute_url())
    return render(
        request,
        "participatie/organisation.html",
        {
            "organisation": found,
            "crumbs": [{"name": _("Initiatives"), "url": reverse("ideas:list")}],
            "initiatives": newest_of(found, count=CARDS_PER_AREA),
        },
    )


@require_safe
@login_not_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page that the programme office keeps; the house rules follow from their table."""
    found = get_object_or_404(Page, slug=slug)
    context: dict[str, object] = {"page": found}
    if slug == "huisregels":
        now = timezone.now()
        context["rules"] = HouseRule.objects.in_force(now)
        # Decisions keep pointing at the words that they were taken under.
        context["earlier_rules"] = (
            HouseRule.objects.filter(valid_until__lte=now)
            # One that was ended in the moment it began never held.
            .exclude(valid_until=F("valid_from"))
            .order_by("-valid_until", "order", "code")
        )
    return render(request, "participatie/page.html", context)


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
        .select_related("dossier", "area", "on_behalf_of")
        .order_by("-pk")[:OWN_SHOWN]
    )
    # With its initiative a comment disappears, for its writer too: it would name what is hidden.
    comments = list(
        Comment.objects.visible_to(person)
        .filter(author=person)
        .select_related("dossier", "initiative")
        .order_by("-pk")[:OWN_SHOWN]
    )
    news = list(
        Update.objects.visible_to(person)
        .filter(author=person)
        .select_related("dossier", "initiative")
        .order_by("-pk")[:OWN_SHOWN]
    )
    remarks = list(
        Remark.objects.visible_to(person)
        .filter(author=person)
        .select_related("dossier", "indicator", "area")
        .order_by("-pk")[:OWN_SHOWN]
    )
    applications = list(
        Application.objects.visible_to(person)
        .filter(author=person)
        .select_related("fund__council", "area")
        .order_by("-pk")[:OWN_SHOWN]
    )
    owed = (
        on_the_site()
        .filter(within_grants(person, Role.PROGRAMME_OFFICE), progress=Progress.IN_CONSIDERATION)
        .select_related("area")
        .order_by("answer_due_date")
        if person.has_role(Role.PROGRAMME_OFFICE)
        else Initiative.objects.none()
    )
    supported = _cards().filter(supports__person=person).order_by("-supports__created_at")
    return render(
        request,
        "participatie/my_page.html",
        {
            "decided": lines_for(
                person,
                now=now,
                texts=[*initiatives, *comments, *news, *remarks, *applications],
                at_most=DECIDED_SHOWN,
            ),
            "drafts": [i for i in initiatives if i.status == Status.DRAFT],
            "initiatives": _own_initiatives(initiatives, now),
            "news": [Own(n, str(n), standing.of_review(n), n.get_edit_url()) for n in news],
            "remarks": [Own(r, str(r), standing.of_review(r), r.get_edit_url()) for r in remarks],
            "comments": [Own(c, str(c), standing.of_review(c), c.get_edit_url()) for c in comments],
            "applications": [
                Own(one, one.title, standing_of(one, is_own=True), one.get_absolute_url())
                for one in applications
            ],
            "owed": list(owed[:OWN_SHOWN]),
            "promises_at_risk": promises_at_risk(person, now=now),
            "today": today(now),
            "together": waiting_for(person, now),
            "supported": list(supported[:CARDS_PER_AREA]),
            "receipts": receipts_of(person, count=OWN_SHOWN),
        },
    )


def _own_initiatives(initiatives: list[Initiative], now: datetime.datetime) -> list[Own]:
    """Say where somebody's initiatives stand; of one that was joined, where it is read now."""
    joined = [i.pk for i in initiatives if i.merged_into_id and i.status == Status.PUBLISHED]
    mergers = (
        Merger.objects.standing().filter(double__in=joined).select_related("double__merged_into")
        if joined
        else []
    )
    of_doubles = {
        merger.double_id: standing.of_double(merger)
        for merger in mergers
        # What was hidden since is not named.
        if merger.double.merged_into and merger.double.merged_into.is_published
    }
    return [
        Own(i, i.title, of_doubles.get(i.pk) or _standing(i, now), i.get_absolute_url())
        for i in initiatives
        if i.status != Status.DRAFT
    ]


def _standing(initiative: Initiative, now: datetime.datetime) -> standing.Standing:
    if initiative.is_published and initiative.dossier.review != "revision":
        return standing.of_progress(initiative, now)
    return standing.of_review(initiative)
