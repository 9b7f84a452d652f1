"""Lists of what the programme office promised: answers, new answers and milestones, by their day.

Three tables hold a promise, each in its own column. A page takes the next rows of each and merges
them; a cursor names the day, the table and the row after which to go on.
"""

import datetime
import heapq
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from areas.models import Area
from ideas.clock import said
from ideas.listing import area_choices, lying_in
from ideas.models import WORKED_ON, Department, Initiative, Milestone, OfficialAnswer, Progress
from ideas.models.following import OPEN_STATES
from ideas.models.initiative import InitiativeQuerySet
from ideas.office_forms import PromisesFilterForm

PAGE_SIZE = 30
#: Rows that a file reads from the database at once.
CHUNK = 1000

ANSWER, NEW_ANSWER, MILESTONE, PLAN = "answer", "new_answer", "milestone", "plan"
LATE, DUE, KEPT, UNPLANNED = "late", "due", "kept", "unplanned"

_CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d)\.([1-9]\d{0,17})", re.ASCII)


@dataclass(frozen=True)
class Row:
    """One promise in a list; ``kept_date`` is the day on which it was kept.

    ``key`` sorts it: the day that counts in this list, its table and its row.
    """

    key: tuple[datetime.date, int, int]
    what: str
    initiative: Initiative
    due_date: datetime.date | None
    kept_date: datetime.date | None = None
    milestone: Milestone | None = None

    @property
    def pk(self) -> int:
        """The number of the row in its table."""
        return self.key[2]

    @property
    def department(self) -> Department | None:
        return self.initiative.department

    @property
    def promise(self) -> str:
        """Return in words what was promised; a milestone says it itself."""
        return {
            ANSWER: _("An answer"),
            NEW_ANSWER: _("A new answer"),
            PLAN: _("A first milestone"),
        }.get(self.what, "")

    def is_late_on(self, date: datetime.date) -> bool:
        """Say whether its day is over, or was over when it was kept."""
        return self.due_date is not None and self.due_date < (self.kept_date or date)


@dataclass(frozen=True)
class Source:
    """One table that holds promises, as a list reads it.

    Args:
        find: the rows that hang on some initiatives.
        column: the day by which the list goes.
        row: what a list shows of one.
        newest_first: whether the list goes back in time.
    """

    what: str
    rank: int
    find: Callable[[InitiativeQuerySet], QuerySet[Any]]
    column: str
    initiative: Callable[[Any], Initiative]
    due: Callable[[Any], datetime.date | None]
    kept: Callable[[Any], datetime.date | None] = lambda _one: None
    newest_first: bool = False

    def read(
        self,
        initiatives: InitiativeQuerySet,
        days: Q,
        after: tuple[datetime.date, int, int] | None = None,
    ) -> QuerySet[Any]:
        """Return the rows in the order of the list, after another one."""
        found = self.find(initiatives).filter(days)
        if after:
            date, rank, pk = after
            past = f"{self.column}__{'lt' if self.newest_first else 'gt'}"
            further = Q(**{past: date})
            if self.rank > rank:
                further |= Q(**{self.column: date})
            elif self.rank == rank:
                further |= Q(**{self.column: date, "pk__gt": pk})
            found = found.filter(further)
        return found.order_by(("-" if self.newest_first else "") + self.column, "pk")

    def row(self, one: Any) -> Row:
        day = one
        for name in self.column.split("__"):
            day = getattr(day, name)
        return Row(
            key=(day, self.rank, one.pk),
            what=self.what,
            initiative=self.initiative(one),
            due_date=self.due(one),
            kept_date=self.kept(one),
            milestone=one if isinstance(one, Milestone) else None,
        )


_SHOWN = ("initiative__area", "initiative__department")


def _answers_owed(initiatives: InitiativeQuerySet) -> QuerySet[Any]:
    owed = initiatives.filter(
        progress=Progress.IN_CONSIDERATION, answer_due_date__isnull=False
    ).order_by()
    return owed.select_related("area", "department")


def _new_answers_owed(initiatives: InitiativeQuerySet) -> QuerySet[Any]:
    return (
        OfficialAnswer.objects.published()
        .filter(
            outcome=OfficialAnswer.Outcome.LATER,
            new_answer_date__isnull=False,
            initiative__in=_ids(initiatives.filter(progress=Progress.ANSWERED)),
        )
        .select_related(*_SHOWN)
    )


def _milestones_to_come(initiatives: InitiativeQuerySet) -> QuerySet[Any]:
    return (
        Milestone.objects.still_open()
        .filter(initiative__in=_ids(initiatives))
        .select_related(*_SHOWN)
    )


def _answers_given(initiatives: InitiativeQuerySet) -> QuerySet[Any]:
    return (
        OfficialAnswer.objects.published()
        .filter(
            given_date__isnull=False,
            initiative__in=_ids(initiatives.filter(crossed_at__isnull=False)),
        )
        .select_related(*_SHOWN)
    )


def _milestones_done(initiatives: InitiativeQuerySet) -> QuerySet[Any]:
    return Milestone.objects.filter(
        state=Milestone.State.DONE, initiative__in=_ids(initiatives)
    ).select_related(*_SHOWN)


def _without_milestone(initiatives: InitiativeQuerySet) -> QuerySet[Any]:
    """Return what we said that we do, with nothing to come of which anybody knows a date."""
    return (
        initiatives.filter(
            progress__in=[Progress.ANSWERED, Progress.IN_PROGRESS],
            official_answer__status="published",
            official_answer__outcome__in=WORKED_ON,
            official_answer__given_date__isnull=False,
        )
        .exclude(pk__in=Milestone.objects.filter(state__in=OPEN_STATES).values("initiative"))
        .select_related("area", "department", "official_answer")
        .order_by()
    )


def _ids(initiatives: InitiativeQuerySet) -> Any:
    return initiatives.order_by().values("pk")


def _itself(initiative: Initiative) -> Initiative:
    return initiative


def _its_initiative(one: Any) -> Initiative:
    initiative: Initiative = one.initiative
    return initiative


OPEN_SOURCES = (
    Source(ANSWER, 0, _answers_owed, "answer_due_date", _itself, lambda one: one.answer_due_date),
    Source(
        NEW_ANSWER,
        1,
        _new_answers_owed,
        "new_answer_date",
        _its_initiative,
        lambda one: one.new_answer_date,
    ),
    Source(
        MILESTONE,
        2,
        _milestones_to_come,
        "planned_date",
        _its_initiative,
        lambda one: one.planned_date,
    ),
)
KEPT_SOURCES = (
    Source(
        ANSWER,
        0,
        _answers_given,
        "given_date",
        _its_initiative,
        lambda one: one.initiative.answer_due_date,
        lambda one: one.given_date,
        newest_first=True,
    ),
    Source(
        MILESTONE,
        2,
        _milestones_done,
        "done_date",
        _its_initiative,
        lambda one: one.planned_date,
        lambda one: one.done_date,
        newest_first=True,
    ),
)
UNPLANNED_SOURCES = (
    Source(PLAN, 3, _without_milestone, "official_answer__given_date", _itself, lambda _one: None),
)


@dataclass(frozen=True)
class Counts:
    """How many promises run, are late, and were kept (and of those, in time)."""

    running: int
    late: int
    kept: int
    kept_in_time: int


@dataclass
class Promises:
    """A choice of promises: what the page, its counts and its file are made from."""

    form: PromisesFilterForm
    initiatives: InitiativeQuerySet
    date: datetime.date
    state: str
    what: str
    query: QueryDict
    after: tuple[datetime.date, int, int] | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def sources(self) -> list[Source]:
        tables = {KEPT: KEPT_SOURCES, UNPLANNED: UNPLANNED_SOURCES}.get(self.state, OPEN_SOURCES)
        return [one for one in tables if self.what in ("", one.what) or one.what == PLAN]

    def _read(self, source: Source) -> QuerySet[Any]:
        days = {
            LATE: Q(**{f"{source.column}__lt": self.date}),
            DUE: Q(**{f"{source.column}__gte": self.date}),
        }.get(self.state, Q())
        return source.read(self.initiatives, days, self.after)

    def _merged(self, parts: list[Iterator[Row]]) -> Iterator[Row]:
        if self.state == KEPT:
            return heapq.merge(
                *parts, key=lambda row: (-row.key[0].toordinal(), row.key[1], row.key[2])
            )
        return heapq.merge(*parts, key=lambda row: row.key)

    def page(self) -> tuple[list[Row], str]:
        """Return one page of rows, and the query of the next one (empty on the last)."""
        parts = [
            iter([source.row(one) for one in self._read(source)[: PAGE_SIZE + 1]])
            for source in self.sources
        ]
        rows = list(islice(self._merged(parts), PAGE_SIZE + 1))
        if len(rows) <= PAGE_SIZE:
            return rows, ""
        date, rank, pk = rows[PAGE_SIZE - 1].key
        query = self.query.copy()
        query["after"] = f"{date.isoformat()}.{rank}.{pk}"
        return rows[:PAGE_SIZE], query.urlencode()

    def all_rows(self) -> Iterator[Row]:
        """Return every row, read in parts: a file of any length takes the same memory."""

        def rows(source: Source) -> Iterator[Row]:
            for one in self._read(source).iterator(chunk_size=CHUNK):
                yield source.row(one)

        return self._merged([rows(source) for source in self.sources])

    def counts(self) -> Counts:
        """Count the promises in the chosen area, whatever the state that is shown."""
        running = late = kept = in_time = 0
        for source in OPEN_SOURCES:
            told = source.find(self.initiatives).aggregate(
                running=Count("pk"),
                late=Count("pk", filter=Q(**{f"{source.column}__lt": self.date})),
            )
            running, late = running + told["running"], late + told["late"]
        for source, due in zip(
            KEPT_SOURCES, ("initiative__answer_due_date", "planned_date"), strict=True
        ):
            told = source.find(self.initiatives).aggregate(
                kept=Count("pk"),
                in_time=Count("pk", filter=Q(**{f"{source.column}__lte": F(due)})),
            )
            kept, in_time = kept + told["kept"], in_time + told["in_time"]
        return Counts(running, late, kept, in_time)

    def said(self, row: Row) -> str:
        """Say how far the day of a row is, or was when it was kept."""
        return said(row.due_date, self.date) if row.due_date else ""


def choose(
    params: QueryDict, initiatives: InitiativeQuerySet, date: datetime.date, *, for_staff: bool
) -> Promises:
    """Return the promises that an address asks for; what is unknown is left out and named.

    Args:
        initiatives: those of which promises may be read.
        for_staff: whether what still needs a milestone can be asked for.
    """
    areas = list(Area.objects.all())
    choices = {
        "area": area_choices(areas),
        "state": [
            ("", _("All that is promised")),
            (LATE, _("Late")),
            (DUE, _("Still to come")),
            (KEPT, _("Done")),
            *([(UNPLANNED, _("Without a milestone"))] if for_staff else []),
        ],
        "what": [
            ("", _("Everything")),
            (ANSWER, _("Answers")),
            (NEW_ANSWER, _("New answers")),
            (MILESTONE, _("Milestones")),
        ],
    }
    form = PromisesFilterForm(params, choices=choices)
    form.is_valid()
    problems = [
        _("We do not know the choice for “%(filter)s”. You see the list without it.")
        % {"filter": form.fields[name].label}
        for name in form.errors
    ]
    wanted = {name: form.cleaned_data.get(name, "") for name in form.fields}
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in wanted.items() if value})
    after = None
    if cursor := params.get("after", ""):
        after = _cursor(cursor)
        if after is None:
            problems.append(_("This page of the list does not exist. You see the first one."))
    if wanted["area"]:
        initiatives = lying_in(initiatives, wanted["area"], areas)
    shown = PromisesFilterForm(query, choices=choices)
    return Promises(
        shown, initiatives, date, wanted["state"], wanted["what"], query, after, problems
    )


def _cursor(text: str) -> tuple[datetime.date, int, int] | None:
    match = _CURSOR.fullmatch(text)
    if match is None:
        return None
    try:
        return datetime.date.fromisoformat(match[1]), int(match[2]), int(match[3])
    except ValueError:
        return None
