"""The list of initiatives: its filters, its orders and its pages."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Organisation
from areas.models import Area, is_within
from areas.municipalities import by_municipality
from contributions.models import Picture
from ideas.forms import FilterForm
from ideas.models import Initiative, Progress
from ideas.models.initiative import InitiativeQuerySet
from indicators.models import TargetGroup, Theme

PAGE_SIZE = 24
#: Beyond this a count is not worth its cost: "1,000+".
COUNT_AT_MOST = 1000

_CURSOR = re.compile(r"(?P<key>\d{1,17})\.(?P<pk>[1-9]\d{0,17})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LARGEST_INTEGER = 2**31 - 1


@dataclass(frozen=True)
class Order:
    """One way of sorting, and the key by which the next page goes on after the last row."""

    name: str
    column: str
    descending: bool

    def key_of(self, initiative: Initiative) -> int:
        value = getattr(initiative, self.column)
        return (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else int(value)

    def value_of(self, key: int) -> Any:
        if self.column == "published_at":
            return _EPOCH + key * _MICROSECOND
        return min(key, _LARGEST_INTEGER)

    def after(self, key: int, pk: int) -> Q:
        """Return the filter for rows that come after one; rows of equal key go by newest id."""
        side = "lt" if self.descending else "gt"
        value = self.value_of(key)
        # The outer bound lets the index start at the key; the inner one settles equal keys.
        return Q(**{f"{self.column}__{side}e": value}) & (
            Q(**{f"{self.column}__{side}": value}) | Q(pk__lt=pk)
        )

    @property
    def columns(self) -> tuple[str, str]:
        return ("-" if self.descending else "") + self.column, "-pk"


NEWEST = Order("newest", "published_at", descending=True)
MOST_SUPPORT = Order("support", "support_count", descending=True)
LAST_PUSH = Order("push", "support_missing", descending=False)
ORDERS = {order.name: order for order in (NEWEST, MOST_SUPPORT, LAST_PUSH)}


@dataclass
class Listing:
    """One page of the list, and what the page around it needs."""

    form: FilterForm
    initiatives: list[Initiative]
    count: int
    query: QueryDict
    next_cursor: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def has_more_than_counted(self) -> bool:
        return self.count > COUNT_AT_MOST

    @property
    def count_shown(self) -> int:
        return min(self.count, COUNT_AT_MOST)

    @property
    def next_query(self) -> str:
        query = self.query.copy()
        query["after"] = self.next_cursor
        return query.urlencode()

    @property
    def filter_query(self) -> str:
        """The filters alone, for the feed and the map of the same initiatives."""
        query = self.query.copy()
        query.pop("after", None)
        query.pop("sort", None)
        return query.urlencode()

    @property
    def is_filtered(self) -> bool:
        return any(self.query.get(name) for name in FILTERS)

    @property
    def is_first_page(self) -> bool:
        return "after" not in self.query


FILTERS = ("area", "theme", "group", "state", "language")


def _choices(areas: list[Area]) -> dict[str, list[tuple[str, Any]]]:
    return {
        "area": area_choices(areas),
        "theme": [
            ("", _("All themes")),
            *((theme.slug, theme.short_name) for theme in Theme.objects.all()),
        ],
        "group": [
            ("", _("Everybody")),
            *((group.slug, group.name) for group in TargetGroup.objects.all()),
        ],
        "state": [("", _("All states")), *Progress.choices],
        "language": [("", _("All languages")), *settings.CONTENT_LANGUAGES],
        "sort": [
            (NEWEST.name, _("Newest first")),
            (MOST_SUPPORT.name, _("Most support first")),
            (LAST_PUSH.name, _("Needs a last push")),
        ],
    }


def area_choices(areas: list[Area]) -> list[tuple[str, Any]]:
    """Return the choices of a filter on areas: neighbourhoods, and what they lie in."""
    return [
        ("", _("All neighbourhoods")),
        *(
            (municipality.name, offered)
            for municipality, inside in by_municipality(areas)
            if (offered := [(area.slug, _label(area)) for area in inside if _is_offered(area)])
        ),
    ]


def _label(area: Area) -> str:
    if area.accepts_contributions:
        return area.name
    return _("All of %(area)s") % {"area": area.name}


def _is_offered(area: Area) -> bool:
    return area.accepts_contributions or area.kind in (Area.Kind.MUNICIPALITY, Area.Kind.DISTRICT)


def on_the_site() -> InitiativeQuerySet:
    """Return the initiatives that everybody may read: lists are the same for all who look."""
    return Initiative.objects.visible_to(AnonymousUser())


def newest_of(organisation: Organisation, *, count: int) -> list[Initiative]:
    """Return the newest initiatives on the site that stand in an organisation's name, for cards."""
    found = with_lead_picture(on_the_site().on_behalf_of(organisation).for_cards())
    return list(found.order_by(*NEWEST.columns)[:count])


@dataclass
class Chosen:
    """The choices that an address makes, without those that nobody knows.

    The form shows what is left; what was left out stands in ``problems``.
    """

    form: FilterForm
    wanted: dict[str, str]
    query: QueryDict
    areas: list[Area]
    problems: list[str]

    def among(self, found: InitiativeQuerySet, *, but: tuple[str, ...] = ()) -> InitiativeQuerySet:
        """Return those of a queryset that fit the choices; ``but`` names filters that wait."""
        wanted = {name: "" if name in but else value for name, value in self.wanted.items()}
        return _filtered(found, wanted, self.areas)


def choose(params: QueryDict, *, names: tuple[str, ...] = (*FILTERS, "sort")) -> Chosen:
    """Read the filters of an address, and of ``names`` alone."""
    areas = list(Area.objects.all())
    choices = _choices(areas)
    form = FilterForm(params, choices=choices)
    form.is_valid()
    wanted = {name: form.cleaned_data.get(name, "") for name in names}
    problems = [
        _("We do not know the choice for “%(filter)s”. You see the list without it.")
        % {"filter": form.fields[name].label}
        for name in form.errors
    ]
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in wanted.items() if value})
    return Chosen(FilterForm(query, choices=choices), wanted, query, areas, problems)


def list_initiatives(params: QueryDict) -> Listing:
    """Return the page of the list that an address asks for.

    Unknown values are left out and named in ``problems``, so that the reader sees a list anyway.
    """
    chosen = choose(params)
    query, problems = chosen.query, chosen.problems
    order = ORDERS[chosen.wanted["sort"] or NEWEST.name]
    found = chosen.among(on_the_site())
    if order is LAST_PUSH:
        found = found.needing_a_push()
    count = found.order_by()[: COUNT_AT_MOST + 1].count()

    page = found
    if cursor := params.get("after", ""):
        if match := _CURSOR.fullmatch(cursor):
            page = page.filter(order.after(int(match["key"]), int(match["pk"])))
            query["after"] = cursor
        else:
            problems.append(_("This page of the list does not exist. You see the first one."))
    rows = list(with_lead_picture(page.for_cards()).order_by(*order.columns)[: PAGE_SIZE + 1])
    listing = Listing(chosen.form, rows[:PAGE_SIZE], count, query, problems=problems)
    if len(rows) > PAGE_SIZE:
        last = rows[PAGE_SIZE - 1]
        listing.next_cursor = f"{order.key_of(last)}.{last.pk}"
    return listing


def all_that_fit(params: QueryDict) -> InitiativeQuerySet:
    """Return every initiative that the list with these choices would show, in its order."""
    chosen = choose(params)
    order = ORDERS[chosen.wanted["sort"] or NEWEST.name]
    found = chosen.among(on_the_site())
    if order is LAST_PUSH:
        found = found.needing_a_push()
    return found.order_by(*order.columns)


def _filtered(
    found: InitiativeQuerySet, wanted: dict[str, str], areas: list[Area]
) -> InitiativeQuerySet:
    if slug := wanted["area"]:
        found = lying_in(found, slug, areas)
    if wanted["theme"]:
        found = found.filter(theme__slug=wanted["theme"])
    if wanted["group"]:
        found = found.filter(target_groups__slug=wanted["group"])
    if wanted["state"]:
        found = found.filter(progress=wanted["state"])
    if wanted["language"]:
        found = found.filter(language=wanted["language"])
    return found


def lying_in(found: InitiativeQuerySet, slug: str, areas: list[Area]) -> InitiativeQuerySet:
    """Return the initiatives in an area and in all that lies inside it."""
    parents = {area.pk: area.parent_id for area in areas}
    root = next(area.pk for area in areas if area.slug == slug)
    return found.filter(area__in=[pk for pk in parents if is_within(pk, root, parents)])


def with_lead_picture(found: InitiativeQuerySet) -> InitiativeQuerySet:
    """Annotate each initiative with its first picture, in the same query (``lead_picture``)."""
    first = (
        Picture.objects.shown()
        .filter(dossier=OuterRef("dossier"))
        .order_by("position", "pk")
        .values(
            data=JSONObject(key="key", width="width", height="height", description="description")
        )[:1]
    )
    return found.annotate(lead_picture=Subquery(first))
