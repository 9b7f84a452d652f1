"""The public figures about moderation: what counts, and that no small number can be worked out."""

import datetime
import itertools
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from contributions.checks import all_checks
from contributions.models import (
    Appeal,
    Decision,
    Dossier,
    Mark,
    Measure,
    Report,
)
from moderation import figures
from moderation.figures import Counts, Table, count, figures_of, lot, shown
from moderation.periods import Period, periods
from tests import scenes

pytestmark = pytest.mark.django_db


def moment(*numbers: int) -> datetime.datetime:
    return datetime.datetime(*numbers, tzinfo=timezone.get_default_timezone())


NOW = moment(2026, 11, 26, 12)
OCTOBER = Period(2026, 10)
_keys = itertools.count(1)


def at(month: int, day: int = 10, hour: int = 12) -> datetime.datetime:
    return moment(2026, month, day, hour)


def dossier(language: str = "nl") -> Dossier:
    return Dossier.objects.create(kind="initiative", language=language)


def decided(when: datetime.datetime, outcome: str = "published", **fields: Any) -> Decision:
    automatic = fields.pop("automatic", False)
    return Decision.objects.create(
        dossier=fields.pop("dossier", None) or dossier(),
        outcome=outcome,
        from_status="submitted",
        to_status="published",
        automatic=automatic,
        decided_by=None if automatic else fields.pop("by", None) or scenes.moderator(),
        decided_at=when,
        **fields,
    )


def waited(since: datetime.datetime, promised: datetime.date) -> dict[str, Any]:
    return {
        "review": "before",
        "review_reasons": [],
        "waiting_since": since.astimezone(datetime.UTC).isoformat(),
        "promised_date": promised.isoformat(),
        "is_urgent": False,
    }


def reported(when: datetime.datetime, category: str = "hate", outcome: str = "") -> Report:
    return Report.objects.create(
        dossier=dossier(),
        category=category,
        language="nl",
        token=f"token{next(_keys)}",
        reported_by_key=f"key{next(_keys)}",
        created_at=when,
        outcome=outcome,
        closed_at=when if outcome else None,
    )


def measured(when: datetime.datetime, **fields: Any) -> Measure:
    return Measure.objects.create(
        kind="pause",
        person=scenes.person(),
        rule=scenes.house_rule(),
        reason="Again.",
        decided_by=scenes.moderator(),
        starts_at=when,
        ends_at=when + datetime.timedelta(days=7),
        **fields,
    )


class TestPeriods:
    def test_a_month_begins_and_ends_at_midnight_in_amsterdam(self):
        decided(at(10, 1, 0))
        decided(at(10, 31, 23))
        decided(at(11, 1, 0))
        decided(at(9, 30, 23))

        assert count(OCTOBER).effects == {("published", "person"): 2}

    def test_a_month_and_a_year_that_are_not_over_have_none(self):
        """A year told month by month would tell in the end what a small month hides."""
        decided(at(10))
        decided(at(11, 2))

        assert periods(NOW) == [OCTOBER]
        assert periods(moment(2027, 1, 1))[:2] == [Period(2026), Period(2026, 12)]
        assert count(Period(2026)).effects == {("published", "person"): 2}

    def test_figures_are_there_from_the_first_decision_or_report_on(self):
        decided(at(10))
        reported(moment(2025, 12, 31, 23))

        assert [one.code for one in periods(NOW)] == [
            *("2026-10", "2026-09", "2026-08", "2026-07", "2026-06", "2026-05"),
            *("2026-04", "2026-03", "2026-02", "2026-01", "2025", "2025-12"),
        ]

    def test_a_site_without_a_finished_month_has_none(self):
        assert periods(NOW) == []
        decided(at(11, 3))
        assert periods(NOW) == []


class TestWhatCounts:
    def test_reports_count_by_category_and_outcome_when_they_came_in(self):
        reported(at(10))
        reported(at(10), outcome="upheld")
        reported(at(10), category="spam", outcome="kept")
        reported(at(9))

        assert count(OCTOBER).reports == {
            ("hate", ""): 1,
            ("hate", "upheld"): 1,
            ("spam", "kept"): 1,
        }

    def test_decisions_count_by_effect_rule_and_language_and_automatic_ones_apart(self):
        rule = scenes.house_rule()
        decided(at(10), "hidden", rule=rule, reason="Not kind.", dossier=dossier("pl"))
        decided(at(10), "rejected", rule=rule, reason="Not kind.")
        decided(at(10), automatic=True, dossier=dossier("bg"))

        counts = count(OCTOBER)

        assert counts.effects == {
            ("hidden", "person"): 1,
            ("rejected", "person"): 1,
            ("published", "automatic"): 1,
        }
        assert counts.rules == {("respect",): 2}
        assert counts.languages == {("pl",): 1, ("nl",): 1}

    def test_a_decision_that_was_undone_does_not_count_and_its_undoing_neither(self):
        text = dossier()
        wrong = decided(at(10), dossier=text)
        decided(at(10), "undone", dossier=text, undoes=wrong)
        decided(at(10), "kept", dossier=text)

        assert count(OCTOBER).effects == {("kept", "person"): 1}

    def test_marks_count_by_check(self):
        for check in ("telephone", "telephone", "link"):
            Mark.objects.create(dossier=dossier(), check_name=check, found_at=at(10))

        assert count(OCTOBER).marks == {("telephone",): 2, ("link",): 1}

    def test_time_counts_from_waiting_to_the_decision_against_the_promised_day(self):
        by = scenes.moderator()
        for hours, promised_day in ((1, 10), (5, 10), (30, 10), (11, 10)):
            decided(
                at(10, 10) + datetime.timedelta(hours=hours),
                by=by,
                waited_as=waited(at(10, 10), datetime.date(2026, 10, promised_day)),
            )
        # What waited for nobody, and what no person decided, tells nothing about time.
        decided(at(10), by=by)
        decided(at(10), automatic=True, waited_as=waited(at(10), datetime.date(2026, 10, 1)))

        counts = count(OCTOBER)

        # Eleven hours after noon it is still the promised day in Amsterdam.
        assert counts.times == {("within",): 3, ("later",): 1}
        assert counts.median_seconds == pytest.approx(5 * 3600, abs=1)

    def test_appeals_count_by_what_they_are_about_and_how_they_ended(self):
        judge, author = scenes.moderator(), scenes.person()
        told = {"filed_by": author, "filed_at": at(10), "language": "nl"}
        told |= {"promised_date": datetime.date(2026, 10, 20)}
        end = {"reason": "Right.", "judged_by": judge, "judged_at": at(11)}
        Appeal.objects.create(decision=decided(at(9)), outcome="granted", **end, **told)
        Appeal.objects.create(decision=decided(at(9)), **told)
        Appeal.objects.create(measure=measured(at(9)), outcome="refused", **end, **told)

        assert count(OCTOBER).appeals == {
            ("text", "granted"): 1,
            ("text", ""): 1,
            ("account", "refused"): 1,
        }

    def test_measures_count_when_they_began_and_say_whether_they_ended_early(self):
        measured(at(10))
        measured(at(10), lifted_at=at(10, 12), lifted_by=scenes.moderator())

        assert count(OCTOBER).measures == {("pause", "kept"): 1, ("pause", "lifted"): 1}

    def test_counting_takes_the_same_queries_whatever_there_is(self):
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                count(OCTOBER)
            return len(found)

        decided(at(10), waited_as=waited(at(10), datetime.date(2026, 10, 10)))
        few = queries()
        by = scenes.moderator()
        for number in range(30):
            decided(at(10, 1 + number % 20), by=by, dossier=dossier(["nl", "pl", "bg"][number % 3]))
            reported(at(10))

        assert few == queries() == 7


class TestSmallNumbers:
    def test_under_five_is_not_told_and_all_else_is_rounded_to_five(self):
        assert [shown(number, "a cell") for number in range(5)] == [None] * 5
        for number in range(5, 200):
            told = shown(number, f"cell {number}")
            assert told is not None
            assert told % 5 == 0
            assert abs(told - number) < 5

    def test_each_cell_has_a_lot_of_its_own_that_stays_and_follows_from_the_secret(
        self, settings: Any
    ):
        lots = [lot(f"cell {number}") for number in range(200)]
        assert set(lots) == {0, 1, 2, 3, 4}
        assert lots == [lot(f"cell {number}") for number in range(200)]
        settings.SECRET_KEY = "another"
        assert lots != [lot(f"cell {number}") for number in range(200)]

    def test_the_last_line_adds_up_what_is_told_and_nothing_else(self):
        """Any other number in the place of one that is hidden gives the same table."""

        def tables(small: int) -> tuple[Table, ...]:
            reports = {("hate", ""): 23, ("spam", ""): small, ("hate", "kept"): 8}
            counts = Counts(reports, *({} for _ in range(5)), None, {}, {})
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(figures, "kept_counts", lambda *_: counts)
                return figures_of(OCTOBER, {}).tables

        assert tables(0) == tables(1) == tables(2) == tables(3) == tables(4)
        assert tables(4) != tables(9)

    def test_a_small_number_of_a_month_does_not_follow_from_its_year(self):
        """With one or two other months that are told: each number may lie four beside the truth."""
        for others in (1, 2):
            possible: dict[tuple[int, ...], set[int]] = {}
            for hidden, *months in itertools.product(range(5), *[range(10, 20)] * others):
                told = itertools.product(*(_told(one) for one in (*months, hidden + sum(months))))
                for numbers in told:
                    possible.setdefault(numbers, set()).add(hidden)
            # At the edges of what is tried here, months are missing.
            inner = {
                told: hidden
                for told, hidden in possible.items()
                if all(one == 15 for one in told[:-1])
            }
            assert inner
            assert all(len(hidden) > 1 for hidden in inner.values())

    def test_a_share_and_a_median_tell_of_no_small_part(self, monkeypatch: pytest.MonkeyPatch):
        def told(within: int, later: int, seconds: float | None = 7200) -> figures.Figures:
            counts = Counts(
                *({} for _ in range(5)),
                {("within",): within, ("later",): later},
                seconds,
                {},
                {},
            )
            monkeypatch.setattr(figures, "kept_counts", lambda *_: counts)
            return figures_of(OCTOBER, {})

        assert told(96, 4).percent_within is None
        assert told(4, 96).percent_within is None
        assert told(95, 7).percent_within == 95
        assert told(3, 1).median_hours is None
        assert told(4, 1).median_hours == 2
        assert told(0, 0, None).median_hours is None


def _told(number: int) -> set[int]:
    """Return what can be told of a number, whatever the lot."""
    return {(number + one) // 5 * 5 for one in range(5)}


def _table(told: figures.Figures, code: str) -> Table:
    return next(table for table in told.tables if table.code == code)


class TestPages:
    @pytest.fixture
    def last_month(self) -> Period:
        """Six reports about hate and two about spam, in the month that was over last."""
        end = timezone.localdate().replace(day=1) - datetime.timedelta(days=1)
        when = moment(end.year, end.month, 10, 12)
        for category in ["hate"] * 6 + ["spam"] * 2:
            reported(when, category)
        return Period(end.year, end.month)

    def test_without_figures_the_page_says_when_they_come(self, client: Client):
        page = client.get(reverse("openness:figures")).content.decode()
        assert "<table" not in page

    def test_everybody_sees_the_last_month_with_small_numbers_hidden(
        self, client: Client, last_month: Period
    ):
        table = _table(figures_of(last_month, {}), "reports")
        hate, spam, total = table.lines[0], table.lines[6], table.lines[-1]
        assert hate.numbers[0] in (5, 10)
        assert spam.numbers[0] is None
        assert total.numbers[0] == hate.numbers[0]

        response = client.get("/en/hoe-we-modereren/cijfers/")

        assert response.status_code == 200
        assert "fewer than 5" in response.content.decode()
        assert last_month.code in response.content.decode()

    def test_a_period_that_there_is_none_of_is_said_with_a_sentence(
        self, client: Client, last_month: Period
    ):
        for wrong in ("2026-13", "1999", "x", "2026-1", "' OR 1=1"):
            for view in ("openness:figures", "openness:sheet"):
                response = client.get(reverse(view), {"periode": wrong})
                assert response.status_code == 400
                assert 'role="alert"' in response.content.decode()

    def test_the_file_says_the_same(self, client: Client, last_month: Period):
        response = client.get("/en/hoe-we-modereren/cijfers.csv", {"periode": last_month.code})
        lines = response.content.decode("utf-8-sig").splitlines()
        assert lines[0] == "Period,Figure,Split by,Column,Number"
        # The number of the category, and what is told together.
        assert sum(line.endswith((",5", ",10")) for line in lines) == 2
        assert any(line.endswith(",<5") for line in lines)
        assert (
            response["Content-Disposition"]
            == f'attachment; filename="moderatie-{last_month.code}.csv"'
        )

    def test_the_page_takes_the_same_queries_whatever_there_is(
        self, client: Client, last_month: Period
    ):
        def queries() -> int:
            figures.cache.clear()
            with CaptureQueriesContext(connection) as found:
                client.get(reverse("openness:figures"))
            return len(found)

        few = queries()
        when = timezone.now() - datetime.timedelta(days=32)
        for _ in range(20):
            reported(when)
            decided(when, rule=scenes.house_rule(), reason="x", outcome="hidden")
        assert queries() == few <= 12

    def test_how_we_moderate_names_each_check_and_leads_on(self, client: Client):
        scenes.area(review_working_days=2)
        page = client.get("/en/hoe-we-modereren/").content.decode()
        with translation.override("en"):
            for check in all_checks():
                assert escape(str(check.sentence)) in page
        assert "within 2 working days" in page
        for view, args in (("page", ["huisregels"]), ("openness:figures", [])):
            assert reverse(view, args=args).split("/", 2)[2] in page

    def test_the_foot_of_every_page_leads_there(self, client: Client):
        assert reverse("openness:how") in client.get(reverse("home")).content.decode()
