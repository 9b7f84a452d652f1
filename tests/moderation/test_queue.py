"""The queue: what waits for this moderator, the longest waiting first."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from contributions import actions
from contributions.models import Dossier, Status
from ideas.actions import change_comment
from moderation.choices import Choices
from moderation.queue import COUNT_AT_MOST, PAGE_SIZE, queue_of
from tests import scenes
from tests.contributions.changing import revise
from tests.moderation import crowd
from tests.pages import words

pytestmark = pytest.mark.django_db


def titles(moderator: User, **choices: Any) -> list[str]:
    """Return what waits for a moderator, by title, in order."""
    queue = queue_of(moderator, now=timezone.now(), choices=Choices(**choices))
    return [row.title for row in [*queue.passed, *queue.rows]]


def submitted(title: str, **fields: Any) -> Any:
    return scenes.initiative(title, status=Status.SUBMITTED, **fields)


class TestWhatWaits:
    def test_all_that_waits_stands_in_one_queue_the_longest_waiting_first(self):
        on = scenes.initiative("On the site")
        submitted("First")
        scenes.comment(on, "Second", status=Status.SUBMITTED)
        revise(on, title="Third")
        submitted("Fourth")

        assert titles(scenes.moderator()) == ["First", "Second", "On the site", "Fourth"]

    def test_what_was_published_at_once_is_there_too(self):
        reader = scenes.moderator()
        scenes.initiative("At once", author=scenes.trusted(scenes.person()))

        assert titles(reader) == ["At once"]

    def test_a_comment_whose_change_waits_is_there_too(self):
        remark = scenes.comment(scenes.initiative(), "Good idea")
        change_comment(comment=remark, by=remark.author, draft_key="", values={"text": "Bad idea"})

        assert titles(scenes.moderator()) == ["Good idea"]

    @pytest.mark.parametrize(
        "status", [status for status in Status.values if status != Status.SUBMITTED]
    )
    def test_what_waits_for_nobody_is_not_there(self, status: str):
        scenes.initiative(status=status)
        scenes.comment(scenes.initiative(), status=status)

        assert titles(scenes.moderator()) == []

    def test_a_moderator_sees_the_areas_and_languages_of_the_grants(self):
        city = scenes.area("stad")
        here, there = scenes.area("hier", parent=city), scenes.area("daar", parent=city)
        submitted("Here in Dutch", where=here)
        submitted("There in Dutch", where=there)
        submitted("Here in Polish", where=here, language="pl")

        assert titles(scenes.moderator(area=here)) == ["Here in Dutch", "Here in Polish"]
        assert titles(scenes.moderator(language="pl")) == ["Here in Polish"]
        assert titles(scenes.moderator(area=city, language="nl")) == [
            "Here in Dutch",
            "There in Dutch",
        ]
        two = scenes.moderator(area=there, language="nl")
        two = scenes.granted(Role.MODERATOR, area=here, language="pl", user=two)
        assert titles(two) == ["There in Dutch", "Here in Polish"]

    def test_a_moderator_whose_term_is_over_has_nothing_to_read(self):
        submitted("First")
        over = scenes.granted(
            Role.MODERATOR, ends_at=timezone.now() - datetime.timedelta(seconds=1)
        )

        assert titles(over) == []

    def test_what_is_decided_is_gone_from_it(self):
        text, reader = submitted("First"), scenes.moderator()
        actions.publish(dossier=text.dossier, by=reader)

        assert titles(reader) == []


class TestRows:
    def row(self, moderator: User, now: datetime.datetime | None = None) -> Any:
        return queue_of(moderator, now=now or timezone.now()).rows[0]

    def test_what_is_past_its_promise_is_marked_late_after_the_end_of_that_day(self):
        text, reader = submitted("First"), scenes.moderator()
        promised = Dossier.objects.get(pk=text.dossier_id).promised_date
        last_second = datetime.datetime.combine(
            promised, datetime.time(23, 59, 59), timezone.get_default_timezone()
        )

        assert not self.row(reader, last_second).is_late
        assert self.row(reader, last_second + datetime.timedelta(seconds=1)).is_late

    def test_ones_own_text_is_marked(self):
        author, other = scenes.moderator(), scenes.moderator()
        submitted("Mine", author=author)

        assert self.row(author).is_own
        assert not self.row(other).is_own

    def test_each_row_says_what_kind_it_is(self):
        scenes.comment(scenes.initiative(), status=Status.SUBMITTED)

        assert self.row(scenes.moderator()).kind_label == "comment"


class TestChoosing:
    def test_by_language(self):
        submitted("Dutch")
        submitted("Polish", language="pl")
        reader = scenes.moderator()

        assert titles(reader, language="pl") == ["Polish"]
        assert queue_of(reader, now=timezone.now()).languages == ["nl", "pl"]

    def test_by_kind(self):
        on = scenes.initiative()
        submitted("Initiative")
        scenes.comment(on, "Comment", status=Status.SUBMITTED)

        assert titles(scenes.moderator(), kind="comment") == ["Comment"]

    @pytest.mark.parametrize(
        "query",
        [
            "language=xx", "language=%00", "language=nl'--", "kind=official_answer", "kind=%00",
            "kind=x", "after=0", "after=01", "after=-1", "after=1e1", "after=%00",
            "after=999999999999999999", "after=9999999999999999999999", "after=٣", "after=1;--",
            "after=1-0-1", "after=2-1-1", "after=1-99999999999999999-1", "after=1-1-x",
            "area=x", "area=%00", "area=²", "area=99999999999999999999", "why=none", "why=%00",
            "mine=2", "late=yes", "all=1",
            "language=nl&language=%00", "after=" + "9" * 5000,
        ],
    )  # fmt: skip
    def test_choices_that_do_not_exist_show_all_that_waits(self, client: Client, query: str):
        submitted("The first idea")
        client.force_login(scenes.moderator())

        response = client.get(f"{reverse('moderation:queue')}?{query}")

        assert response.status_code == 200
        assert "The first idea" in words(response)


class TestPages:
    def test_every_text_stands_on_exactly_one_page(self):
        dossiers = crowd.waiting(PAGE_SIZE * 2 + 10)
        reader = scenes.moderator()
        seen: list[int] = []
        cursor = ""
        for _page in range(3):
            page = queue_of(reader, now=timezone.now(), after=cursor)
            seen += [row.dossier.pk for row in page.rows]
            cursor = page.next_cursor

        assert seen == [dossier.pk for dossier in dossiers]
        assert cursor == ""

    def test_texts_of_one_moment_are_told_apart(self):
        dossiers = crowd.waiting(PAGE_SIZE + 10)
        Dossier.objects.filter(waiting_since__isnull=False).update(waiting_since=timezone.now())
        reader = scenes.moderator()

        first = queue_of(reader, now=timezone.now())
        second = queue_of(reader, now=timezone.now(), after=first.next_cursor)

        rows = [row.dossier.pk for row in [*first.rows, *second.rows]]
        assert rows == [dossier.pk for dossier in dossiers]

    def test_the_number_of_waiting_texts_is_counted_to_a_thousand(self):
        crowd.waiting(COUNT_AT_MOST + 50)

        queue = queue_of(scenes.moderator(), now=timezone.now())

        assert queue.count == COUNT_AT_MOST + 1
        assert len(queue.rows) == PAGE_SIZE


class TestCost:
    @pytest.mark.parametrize("scope", ["everything", "an-area-and-a-language"])
    def test_the_page_costs_as_much_with_ten_thousand_waiting_as_with_twenty(
        self, client: Client, scope: str
    ):
        city = scenes.area("stad")
        here = scenes.area("hier", parent=city)
        reader = (
            scenes.moderator()
            if scope == "everything"
            else scenes.moderator(area=city, language="nl")
        )
        client.force_login(reader)
        url = reverse("moderation:queue")

        def cost() -> int:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                response = client.get(url)
            assert response.status_code == 200
            return len(
                [q for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
            )

        crowd.waiting(20, where=here)
        client.get(url)
        few = cost()
        crowd.waiting(9980, where=here)

        assert cost() == few
        assert few <= 15
