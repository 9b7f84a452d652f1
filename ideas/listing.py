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
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Organisation
from areas.models import Area, is_within
from areas.municipalities import by_municipality
from contributions.models import Picture
from contributions.search.corrections import corrected as corrected_search
from contributions.search.queries import MAX_WORDS, Query, parse, problems_of
from contributions.search.ranking import Hits
from ideas.forms import FilterForm
from ideas.models import Initiative, Progress
from ideas.models.initiative import InitiativeQuerySet
from ideas.searching import Found, best_first, marks_of, with_text
from indicators.models import TargetGroup, Theme

PAGE_SIZE = 24
#: Beyond this a count is not worth its cost: "1,000+".
COUNT_AT_MOST = 1000

_CURSOR = re.compile(r"(?:(?P<tier>\d)\.)?(?P<key>\d{1,17})\.(?P<pk>[1-9]\d{0,17})", re.ASCII)
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
#: Of a search: what stands in the title first, and the newest of it (``contributions.search``).
BEST = Order("best", NEWEST.column, NEWEST.descending)
ORDERS = {order.name: order for order in (NEWEST, MOST_SUPPORT, LAST_PUSH, BEST)}


@dataclass
class Listing:
    """One page of the list, and what the page around it needs.

    ``corrected`` is the search that the list answers, where nothing was found for what was typed.
    """

    form: FilterForm
    initiatives: list[Initiative]
    count: int
    query: QueryDict
    search: Query
    corrected: Query | None = None
    next_cursor: str = ""
    problems: list[str] = field(default_factory=list)
    marks: dict[int, Found] = field(default_factory=dict)

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
        """What was chosen and searched for, for the feed and the file of the same initiatives."""
        return self._query_without("after", "sort")

    @property
    def map_query(self) -> str:
        """The filters alone, for the map, where one does not search."""
        return self._query_without("after", "sort", "q")

    def _query_without(self, *names: str) -> str:
        query = self.query.copy()
        for name in names:
            query.pop(name, None)
        return query.urlencode()

    @property
    def is_filtered(self) -> bool:
        return any(self.query.get(name) for name in (*FILTERS, "q"))

    @property
    def words_at_most(self) -> int:
        return MAX_WORDS

    @property
    def is_first_page(self) -> bool:
        return "after" not in self.query


FILTERS = ("area", "theme", "group", "state", "language")


def _choices(areas: list[Area], *, of_a_search: bool) -> dict[str, list[tuple[str, Any]]]:
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
            *([(BEST.name, _("Best match first"))] if of_a_search else []),
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
    search: Query

    @property
    def order(self) -> Order:
        return ORDERS[self.wanted["sort"] or (BEST.name if self.search else NEWEST.name)]

    def among(self, found: InitiativeQuerySet, *, but: tuple[str, ...] = ()) -> InitiativeQuerySet:
        """Return those of a queryset that fit the choices; ``but`` names filters that wait."""
        wanted = {name: "" if name in but else value for name, value in self.wanted.items()}
        return _filtered(found, wanted, self.areas)

    def listed(self) -> InitiativeQuerySet:
        """Return what of the site the list is about, before a search."""
        found = self.among(on_the_site())
        return found.needing_a_push() if self.order is LAST_PUSH else found

    def all_that_fit(self) -> InitiativeQuerySet:
        """Return every initiative that the list with these choices would show.

        In the order of the list; those that a search finds begin with the newest.
        """
        found = self.listed()
        if self.search:
            found = found.filter(Hits(self.search).all)
        return found.order_by(*self.order.columns)


def choose(params: QueryDict, *, names: tuple[str, ...] = (*FILTERS, "sort", "q")) -> Chosen:
    """Read the filters and the search of an address, and of ``names`` alone."""
    areas = list(Area.objects.all())
    typed = params.get("q", "") if "q" in names else ""
    chosen = params.get("language", "")
    known = dict(settings.CONTENT_LANGUAGES)
    search = parse(typed, chosen if chosen in known else get_language() or "")
    if params.get("sort") == BEST.name and not search:
        params = params.copy()
        del params["sort"]
    choices = _choices(areas, of_a_search=bool(search))
    form = FilterForm(params, choices=choices)
    form.is_valid()
    wanted = {name: form.cleaned_data.get(name, "") for name in names if name != "q"}
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in {"q": search.text, **wanted}.items() if value})
    problems = _problems(form, typed, search)
    return Chosen(FilterForm(query, choices=choices), wanted, query, areas, problems, search)


def _problems(form: FilterForm, typed: str, search: Query) -> list[str]:
    problems = [
        _("We do not know the choice for “%(filter)s”. You see the list without it.")
        % {"filter": form.fields[name].label}
        for name in form.errors
    ]
    return problems + problems_of(search, typed)


def list_initiatives(params: QueryDict, *, correcting: bool = True) -> Listing:
    """Return the page of the list that an address asks for.

    Unknown values are left out and named in ``problems``, so that the reader sees a list anyway.

    Args:
        correcting: whether a search that finds nothing is answered with the one that was meant.
    """
    chosen = choose(params)
    search, among = chosen.search, chosen.listed()
    hits = Hits(search) if search else None
    count = _counted(among, hits)
    corrected = None
    if search and not count and correcting:
        corrected = corrected_search(search, lambda word: _counted(on_the_site().filter(word)))
        if corrected and not (count := _counted(among, hits := Hits(corrected))):
            corrected = None
    listing = Listing(
        chosen.form, [], count, chosen.query, search, corrected, problems=chosen.problems
    )
    _fill(listing, among, hits, chosen.order, params.get("after", ""))
    return listing


def _counted(among: InitiativeQuerySet, hits: Hits | None = None) -> int:
    found = among.filter(hits.all) if hits else among
    return found.order_by()[: COUNT_AT_MOST + 1].count()


def _fill(
    listing: Listing, among: InitiativeQuerySet, hits: Hits | None, order: Order, cursor: str
) -> None:
    """Put the page that a cursor names into a listing, with the cursor of the next one."""
    after: tuple[int, int, int] | None = None
    if cursor:
        match = _CURSOR.fullmatch(cursor)
        if match and (match["tier"] is not None) == (order is BEST):
            after = int(match["tier"] or 0), int(match["key"]), int(match["pk"])
            listing.query["after"] = cursor
        else:
            listing.problems.append(
                _("This page of the list does not exist. You see the first one.")
            )
    cards = with_lead_picture(among.for_cards())
    if hits:
        cards = with_text(cards)
    if hits and order is BEST:
        following = after and (after[0], order.after(*after[1:]))
        rows = best_first(cards, hits, order.columns, after=following, count=PAGE_SIZE + 1)
    else:
        if hits:
            cards = cards.filter(hits.all)
        if after:
            cards = cards.filter(order.after(*after[1:]))
        rows = [(0, row) for row in cards.order_by(*order.columns)[: PAGE_SIZE + 1]]
    listing.initiatives = [row for _tier, row in rows[:PAGE_SIZE]]
    if len(rows) > PAGE_SIZE:
        tier, last = rows[PAGE_SIZE - 1]
        key = f"{order.key_of(last)}.{last.pk}"
        listing.next_cursor = f"{tier}.{key}" if order is BEST else key
    if hits:
        listing.marks = marks_of(listing.initiatives, hits.query)


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
