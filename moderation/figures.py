"""The public figures about moderation: what each of them counts, in one place, and what is shown.

A figure is counted over a period of whole months that are over. Under five it is not told, and else
it is rounded to five, up or down by lot, so that small numbers cannot be worked out from others; a
table adds up only what it tells (docs/adr/0035). Decisions that were undone do not count, nor does
the undoing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, TruncDate
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from contributions.models import Appeal, Decision, HouseRule, Mark, Measure, Report
from feedback.counting import SMALLEST_SHOWN
from moderation.periods import Period

#: Counts of months that are over change seldom: when an appeal is judged.
KEPT_SECONDS = 600
ROUNDED_TO = 5


# --- What is counted ------------------------------------------------------------------------------


class _SecondsBetween(Func):
    """The seconds from a moment that stands in JSON to one that stands in a column."""

    output_field = FloatField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        until, since = self.get_source_expressions()
        told = self.copy()
        told.set_source_expressions([until, Cast(since, DateTimeField())])
        template = "EXTRACT(EPOCH FROM (%(expressions)s))"
        return super(_SecondsBetween, told).as_sql(
            compiler, connection, template=template, arg_joiner=" - ", **context
        )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        told = self.copy()
        days = [Func(one, function="julianday") for one in self.get_source_expressions()]
        told.set_source_expressions(days)
        template = "((%(expressions)s) * 86400.0)"
        return super(_SecondsBetween, told).as_sql(
            compiler, connection, template=template, arg_joiner=" - ", **context
        )


@dataclass(frozen=True)
class Counts:
    """What was counted over a period, exactly: never shown as it stands here."""

    #: By category and outcome, of the reports that came in.
    reports: dict[tuple[str, ...], int]
    #: By effect, and whether it was automatic ("" or "automatic").
    effects: dict[tuple[str, ...], int]
    #: By house rule, whichever version; of decisions that name one.
    rules: dict[tuple[str, ...], int]
    #: By the language of the text, of decisions by people.
    languages: dict[tuple[str, ...], int]
    marks: dict[tuple[str, ...], int]
    #: Of decisions by people about what waited: on the promised day or before it, or later.
    times: dict[tuple[str, ...], int]
    #: Half of those were taken within so many seconds of waiting.
    median_seconds: float | None
    #: By what it is about and how it ended, of the appeals that were sent in.
    appeals: dict[tuple[str, ...], int]
    #: By kind and whether it was lifted, of the measures that began, but for those that came with
    #: a decision that was undone.
    measures: dict[tuple[str, ...], int]


def decisions_in(period: Period) -> QuerySet[Decision]:
    """Return the decisions of a period that count: not undone, and not an undoing."""
    found = Decision.objects.filter(period.covers("decided_at"), undone_by__isnull=True)
    return found.exclude(outcome=Decision.Outcome.UNDONE).order_by()


def count(period: Period) -> Counts:
    """Count all figures of a period in the database (seven queries, whatever there is)."""
    decisions = decisions_in(period)
    groups = decisions.values_list("outcome", "automatic", "rule__code", "dossier__language")
    effects: Counter[tuple[str, ...]] = Counter()
    rules: Counter[tuple[str, ...]] = Counter()
    languages: Counter[tuple[str, ...]] = Counter()
    for outcome, automatic, rule, language, number in groups.annotate(number=Count("pk")):
        effects[outcome, "automatic" if automatic else "person"] += number
        if rule:
            rules[(rule,)] += number
        if not automatic:
            languages[(language,)] += number
    waited = decisions.filter(automatic=False, waited_as__isnull=False)
    times = _grouped(_with_promise(waited), "promise")
    return Counts(
        reports=_grouped(Report.objects.filter(period.covers("created_at")), "category", "outcome"),
        effects=dict(effects),
        rules=dict(rules),
        languages=dict(languages),
        marks=_grouped(Mark.objects.filter(period.covers("found_at")), "check_name"),
        times=times,
        median_seconds=_median(waited, sum(times.values())),
        appeals=_grouped(
            Appeal.objects.filter(period.covers("filed_at")).annotate(
                thing=_either(Q(measure__isnull=False), "account", "text")
            ),
            "thing",
            "outcome",
        ),
        measures=_grouped(
            # What was undone counts nowhere; what another look ended did hold until then.
            Measure.objects.filter(period.covers("starts_at"))
            .exclude(decision__undone_by__decided_by=F("decided_by"))
            .annotate(how=_either(Q(lifted_at__isnull=False), "lifted", "kept")),
            "kind",
            "how",
        ),
    )


def _either(condition: Q, yes: str, no: str) -> Case:
    return Case(When(condition, then=Value(yes)), default=Value(no), output_field=CharField())


def _grouped(rows: QuerySet[Any], *columns: str) -> dict[tuple[str, ...], int]:
    found = rows.order_by().values_list(*columns).annotate(number=Count("pk"))
    return {tuple(line[:-1]): line[-1] for line in found}


def _with_promise(waited: QuerySet[Decision]) -> QuerySet[Decision]:
    """Say of each decision about what waited whether it came on the promised day or before."""
    return waited.annotate(
        promised=KeyTextTransform("promised_date", "waited_as"),
        # In UTC: what came on an earlier day there came in time in Amsterdam too. Only the others
        # need their day there, which SQLite asks of Python, row by row.
        moment=Cast("decided_at", CharField()),
        day=Cast(TruncDate("decided_at"), CharField()),
    ).annotate(
        promise=Case(
            When(moment__lt=F("promised"), then=Value("within")),
            When(day__lte=F("promised"), then=Value("within")),
            default=Value("later"),
            output_field=CharField(),
        )
    )


def _median(waited: QuerySet[Decision], how_many: int) -> float | None:
    """Return the seconds within which half of the decisions were taken."""
    if not how_many:
        return None
    since = KeyTextTransform("waiting_since", "waited_as")
    seconds = waited.annotate(seconds=_SecondsBetween(F("decided_at"), since))
    in_order = seconds.order_by("seconds").values_list("seconds", flat=True)
    middle: float = in_order[(how_many - 1) // 2]
    return middle


def kept_counts(period: Period) -> Counts:
    """Return what ``count`` does, counted anew every ten minutes at most."""
    key = f"moderation_figures:{period.code}"
    found: Counts | None = cache.get(key)
    if found is None:
        found = count(period)
        cache.set(key, found, KEPT_SECONDS)
    return found


# --- What is shown --------------------------------------------------------------------------------


def shown(number: int, cell: str) -> int | None:
    """Return a count as everybody may see it: rounded to five, or None where it is under five.

    Whether it is rounded up or down is drawn by lot, once for each cell, so that a mean stays
    true. Nobody else can know the lot: it follows from the site's secret.

    Args:
        cell: which number it is, in which table of which period.
    """
    if number < SMALLEST_SHOWN:
        return None
    return (number + lot(cell)) // ROUNDED_TO * ROUNDED_TO


def lot(cell: str) -> int:
    """Return what is added to a number before it is rounded down: 0 to 4."""
    digest = salted_hmac("moderation.figures", cell, algorithm="sha256").digest()
    return int.from_bytes(digest[:8]) % ROUNDED_TO


Label = str | Promise


@dataclass(frozen=True)
class Line:
    label: Label
    numbers: tuple[int | None, ...]


@dataclass(frozen=True)
class Table:
    """One figure as a table. ``columns`` are the heads of its numbers."""

    code: str
    title: str
    of: str
    columns: tuple[Label, ...]
    lines: tuple[Line, ...]
    explanation: str = ""


@dataclass(frozen=True)
class Figures:
    period: Period
    tables: tuple[Table, ...]
    #: Within so many hours half of the decisions were taken; None where there are too few.
    median_hours: int | None
    #: How many of each hundred came within the promise; None where a part of them is too small.
    percent_within: int | None

    def cells(self) -> Iterator[tuple[str, str, str, int | str]]:
        """Yield a row for each number: the table, the line, the column and the number."""
        for table in self.tables:
            for line in table.lines:
                for column, number in zip(table.columns, line.numbers, strict=True):
                    told = "<5" if number is None else number
                    yield table.title, str(line.label), str(column), told


def figures_of(period: Period, languages: dict[str, str]) -> Figures:
    """Return the figures of a period as everybody may see them.

    Args:
        languages: the names of languages by their code, in the language of the page.
    """
    counts = kept_counts(period)
    times = {name: counts.times.get((name,), 0) for name in ("within", "later")}
    return Figures(
        period,
        (
            _table(
                "reports",
                _("Reports by readers"),
                _("What is wrong"),
                Report.Category.choices,
                Report.Outcome.choices,
                counts.reports,
                period,
            ),
            _table(
                "decisions",
                _("Decisions by what they did"),
                _("Decision"),
                [one for one in Decision.Outcome.choices if one[0] != Decision.Outcome.UNDONE],
                [("person", _("By a moderator")), ("automatic", _("Automatic"))],
                counts.effects,
                period,
                explanation=_(
                    "Automatic decisions only let texts stand: no machine takes a text away."
                ),
            ),
            _table(
                "rules",
                _("Decisions by house rule"),
                _("House rule"),
                _rules(counts),
                [("", _("Decisions"))],
                counts.rules,
                period,
            ),
            _table(
                "languages",
                _("Decisions by language of the text"),
                _("Language"),
                [(code, languages.get(code, code)) for (code,) in sorted(counts.languages)],
                [("", _("Decisions"))],
                counts.languages,
                period,
                explanation=_("Decisions by moderators."),
            ),
            _table(
                "marks",
                _("What the automatic checks marked"),
                _("Check"),
                Mark.Check.choices,
                [("", _("Marks"))],
                counts.marks,
                period,
            ),
            _table(
                "time",
                _("Time to decide"),
                _("When"),
                [("within", _("Before the promised day was over")), ("later", _("Later"))],
                [("", _("Decisions"))],
                counts.times,
                period,
            ),
            _table(
                "appeals",
                _("Another look that people asked for"),
                _("About what"),
                [("text", _("A decision about a text")), ("account", _("A measure"))],
                # As who had no part in them reads it.
                [
                    (Appeal.Outcome.OPEN, Appeal.Outcome.OPEN.label),
                    (Appeal.Outcome.GRANTED, _("The author was right")),
                    (Appeal.Outcome.REFUSED, Appeal.Outcome.REFUSED.label),
                ],
                counts.appeals,
                period,
            ),
            _table(
                "measures",
                _("Measures about accounts"),
                _("Measure"),
                Measure.Kind.choices,
                [("kept", _("Stayed")), ("lifted", _("Ended early"))],
                counts.measures,
                period,
            ),
        ),
        median_hours=_hours(counts.median_seconds, sum(times.values())),
        percent_within=_percent(times["within"], times["later"]),
    )


def _table(
    code: str,
    title: str,
    of: str,
    lines: Iterable[tuple[str, Label]],
    columns: Iterable[tuple[str, Label]],
    counts: dict[tuple[str, ...], int],
    period: Period,
    explanation: str = "",
) -> Table:
    """Return a table, with the sum of what it tells under it: a true sum would tell the rest."""
    heads = list(columns)

    def told(*names: str) -> int | None:
        cell = names if len(heads) > 1 else names[:1]
        return shown(counts.get(cell, 0), ":".join((period.code, code, *cell)))

    rows = [Line(label, tuple(told(line, column) for column, _h in heads)) for line, label in lines]
    sums = [
        sum(row.numbers[place] or 0 for row in rows) or None for place, _head in enumerate(heads)
    ]
    rows.append(Line(_("All that is told together"), tuple(sums)))
    return Table(code, title, of, tuple(head for _c, head in heads), tuple(rows), explanation)


def _rules(counts: Counts) -> list[tuple[str, Label]]:
    """Return the house rules by code, each with the words of its last version (one query)."""
    every = {rule.code: rule for rule in HouseRule.objects.order_by("order", "code", "version")}
    return [
        (code, rule.title)
        for code, rule in every.items()
        if rule.valid_until is None or (code,) in counts.rules
    ]


def _hours(seconds: float | None, of: int) -> int | None:
    """Return whole hours, rounded up; None where they would tell of fewer than five decisions."""
    if seconds is None or of < SMALLEST_SHOWN:
        return None
    return max(1, -int(-seconds // 3600))


def _percent(within: int, later: int) -> int | None:
    """Return a share in whole percents of five; None where one of its parts must not be seen."""
    if min(within, later) < SMALLEST_SHOWN:
        return None
    return round(within / (within + later) * 100 / ROUNDED_TO) * ROUNDED_TO
