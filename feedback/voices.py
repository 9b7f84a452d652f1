"""What neighbours said beside the figures of an area, and what was done with it."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import RowNumber
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from areas.models import Area
from feedback.counting import Split, majority
from feedback.models import Experience, Recognition, Remark, Response, Tally, Trend
from feedback.quarters import quarter_before
from ideas.listing import on_the_site
from ideas.models import Initiative
from indicators.figures import Figure, Reading
from indicators.models import Indicator

#: So many initiatives stand beside one figure on the page of an area.
INITIATIVES_SHOWN = 3
#: More responses than an office writes about one area in years.
RESPONSES_READ = 300


@dataclass(frozen=True)
class Own:
    """What somebody answered in this quarter, to show it as their own."""

    recognition: str = ""
    trend: str = ""

    @property
    def is_told(self) -> bool:
        return bool(self.recognition or self.trend)


@dataclass(frozen=True)
class Voices:
    """All that stands beside one figure in one area."""

    now: Split
    before: Split
    own: Own
    has_remarks: bool
    responses: tuple[Response, ...]
    initiatives: tuple[Initiative, ...]


def belongs_to(person: User | None, browser: str) -> Q:
    """Return the filter on experiences that are a person's own, or this browser's."""
    if person is not None:
        return Q(person=person)
    return Q(browser=browser, person__isnull=True) if browser else Q(pk__in=[])


def _tallies(area: Area, quarter: datetime.date, mine: Q | None) -> QuerySet[Tally]:
    """Return the counts of a quarter and the one before, each with one's own answer beside it."""
    own = Experience.objects.filter(
        indicator=OuterRef("indicator"),
        area=OuterRef("area"),
        quarter_date=OuterRef("quarter_date"),
    )
    remarks = Remark.objects.visible_to(AnonymousUser()).filter(
        indicator=OuterRef("indicator"), area=OuterRef("area")
    )
    told = own.filter(mine) if mine is not None else None

    def own_column(name: str) -> Any:
        return Value("") if told is None else Subquery(told.values(name)[:1])

    return Tally.objects.filter(
        area=area, quarter_date__in=[quarter, quarter_before(quarter)]
    ).annotate(
        has_remarks=Exists(remarks),
        own_recognition=own_column("recognition"),
        own_trend=own_column("trend"),
    )


def linked_initiatives(area_ids: Iterable[int]) -> QuerySet[Initiative]:
    """Return the initiatives about each figure in these areas, those with most support first."""
    return (
        on_the_site()
        .filter(indicator__isnull=False, area__in=list(area_ids))
        .annotate(
            rank=Window(
                RowNumber(),
                partition_by="indicator",
                order_by=[F("support_count").desc(), F("pk").desc()],
            )
        )
        .filter(rank__lte=INITIATIVES_SHOWN)
        .only("title", "slug", "language", "support_count", "progress", "indicator")
        .order_by("rank")
    )


def responses_in(area_ids: Iterable[int]) -> QuerySet[Response]:
    """Return the responses that hold in these areas, the newest first."""
    return (
        Response.objects.visible_to(AnonymousUser())
        .that_hold_in(list(area_ids))
        .select_related("area", "indicator")
        .in_language(get_language() or "")
        .order_by("-pk")
    )


@dataclass(frozen=True)
class Told:
    """The rows of all that stands beside the figures of an area, as the database gave them."""

    quarter: datetime.date
    tallies: tuple[Any, ...]
    responses: tuple[Response, ...]
    initiatives: tuple[Initiative, ...]

    @property
    def shown_to_everybody(self) -> tuple[Any, ...]:
        """Return what differs whenever anything of it differs, but for one's own answers."""
        return (
            self.quarter,
            [tuple(row[: -len(_OWN)]) for row in self.tallies],
            [
                (r.pk, r.state, r.due_date, r.state_changed_at, getattr(r, "translated", None))
                for r in self.responses
            ],
            [
                (i.pk, i.title, i.language, i.support_count, i.indicator_id)
                for i in self.initiatives
            ],
        )

    @property
    def own(self) -> dict[int, Own]:
        """Return one's own answers of this quarter, by the indicator's id."""
        return {
            row.indicator_id: Own(row.own_recognition or "", row.own_trend or "")
            for row in self.tallies
            if row.quarter_date == self.quarter and (row.own_recognition or row.own_trend)
        }

    def voices(self) -> dict[int, Voices]:
        """Return what stands beside each figure by the indicator's id; the rest has ``NOTHING``."""
        tallies: dict[int, list[Any]] = defaultdict(list)
        for tally in self.tallies:
            tallies[tally.indicator_id].append(tally)
        responses: dict[int, list[Response]] = defaultdict(list)
        for response in self.responses:
            responses[response.indicator_id].append(response)
        initiatives: dict[int, list[Initiative]] = defaultdict(list)
        for initiative in self.initiatives:
            if initiative.indicator_id is not None:
                initiatives[initiative.indicator_id].append(initiative)
        own = self.own
        return {
            pk: _voices(
                tallies.get(pk, []),
                self.quarter,
                own.get(pk, Own()),
                responses.get(pk, []),
                initiatives.get(pk, []),
            )
            for pk in {*tallies, *responses, *initiatives}
        }


#: The columns of a count, with what a page asks of it besides; one's own answer comes last.
_OWN = ("own_recognition", "own_trend")
_COLUMNS = (
    "indicator_id",
    "quarter_date",
    "with_account",
    "answered",
    *Recognition.values,
    *Trend.values,
    "has_remarks",
    *_OWN,
)


def told_in(
    area: Area,
    *,
    quarter: datetime.date,
    around_ids: Iterable[int],
    within_ids: Iterable[int],
    mine: Q | None = None,
    indicator: Indicator | None = None,
) -> Told:
    """Return what stands beside the figures of an area, in three queries.

    Args:
        quarter: the one that runs.
        around_ids: the areas that enclose it, whose responses hold here too.
        within_ids: itself and the areas in it, whose initiatives stand here too.
        mine: the filter on one's own experiences, or None for who has none.
        indicator: this figure alone.
    """
    about = Q() if indicator is None else Q(indicator=indicator)
    tallies = _tallies(area, quarter, mine).filter(about)
    return Told(
        quarter=quarter,
        tallies=tuple(tallies.values_list(*_COLUMNS, named=True)),
        responses=tuple(responses_in([area.pk, *around_ids]).filter(about)[:RESPONSES_READ]),
        initiatives=tuple(linked_initiatives(within_ids).filter(about)),
    )


def _voices(
    tallies: list[Any],
    quarter: datetime.date,
    own: Own,
    responses: list[Response],
    initiatives: list[Initiative],
) -> Voices:
    return Voices(
        now=Split.of(tally for tally in tallies if tally.quarter_date == quarter),
        before=Split.of(tally for tally in tallies if tally.quarter_date != quarter),
        own=own,
        has_remarks=any(tally.has_remarks for tally in tallies),
        responses=tuple(responses),
        initiatives=tuple(initiatives),
    )


NOTHING = _voices([], datetime.date.min, Own(), [], [])


def gap(figure: Figure, split: Split, history: Iterable[Reading] = ()) -> list[str]:
    """Say in sentences how what people see lies beside the figure; none of them names a cause.

    Nothing is said where the answers cannot all be shown, or where there is no number to compare.
    """
    if figure.told is None or not split.recognition_is_whole:
        return []
    sentences = [
        {
            Recognition.YES.value: _("Most neighbours who answered recognise this figure."),
            Recognition.PARTLY.value: _("Most neighbours who answered recognise it a little."),
            Recognition.NO.value: _(
                "The figure says one thing, and most neighbours who answered see something else."
            ),
        }.get(
            majority(split.recognition),
            _("The neighbours who answered do not all see the same."),
        )
    ]
    if split.trend_is_whole:
        trend = majority(split.trend)
        sentences += [_trend_said(figure, trend, list(history))] if trend else []
    sentences.append(_("Why that is, these numbers do not say."))
    return sentences


def _trend_said(figure: Figure, trend: str, history: list[Reading]) -> str:
    went = _direction(figure, history)
    if went == Trend.BETTER and trend == Trend.WORSE:
        return _("The figure became better, and most say that it is worse than a year ago.")
    if went == Trend.WORSE and trend == Trend.BETTER:
        return _("The figure became worse, and most say that it is better than a year ago.")
    return {
        Trend.BETTER.value: _("Most say that it is better than a year ago."),
        Trend.SAME.value: _("Most say that it is the same as a year ago."),
        Trend.WORSE.value: _("Most say that it is worse than a year ago."),
    }[trend]


def _direction(figure: Figure, history: list[Reading]) -> str:
    """Say whether the last number is an improvement on the one before, where that can be said."""
    values = [reading.value for reading in history if reading.value is not None]
    better = Indicator.Better
    if len(values) < 2 or values[-1] == values[-2] or figure.indicator.better == better.CONTEXT:
        return ""
    went_up = values[-1] > values[-2]
    return Trend.BETTER if went_up == (figure.indicator.better == better.HIGHER) else Trend.WORSE
