"""The sheet of news on the counter: what stands on it, how, and how it gets there."""

import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from areas.models import Area
from contributions import actions as review
from contributions import kept_pages
from contributions.actions import write_translation
from contributions.models import Dossier, Status
from contributions.translations import digest_of
from ideas import actions
from notifications import paper, paper_files
from notifications.columns import WIDTH, columns, wrapped
from notifications.kinds import Category, NotificationKind, all_kinds
from notifications.models import Event
from notifications.tasks import write_news
from tests import councils, scenes
from tests.jongerenraad import voting

pytestmark = pytest.mark.django_db

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = datetime.timedelta(days=1)


@pytest.fixture
def yesterday() -> datetime.date:
    return paper.latest_day(timezone.now())


@pytest.fixture
def officer() -> User:
    return scenes.granted(Role.PROGRAMME_OFFICE)


def happened_on(day: datetime.date, at: str = "12:00") -> None:
    """Let all that happened have happened on a day in Amsterdam."""
    moment = datetime.datetime.combine(day, datetime.time.fromisoformat(at), AMSTERDAM)
    Event.objects.update(created_at=moment)


def sheet(day: datetime.date, language: str = "en", area: Area | None = None) -> str:
    """Return a sheet without its line breaks, so that no sentence is cut."""
    return " ".join(paper.sheet(area or scenes.area(), day, language).split())


def hide(text: Any) -> None:
    review.hide(
        dossier=Dossier.objects.get(pk=text.dossier_id),
        by=scenes.moderator(),
        rule=scenes.house_rule(),
        reason="Not kind.",
    )


class TestWhichKindsStandOnPaper:
    """No list: each kind says so where it is declared."""

    ON_PAPER = [kind for kind in all_kinds() if kind.on_paper is not None]

    def test_all_that_happens_around_people_does(self):
        loaders = {kind.load for kind in self.ON_PAPER}
        for kind in all_kinds():
            if kind.category in (Category.FOLLOWED, Category.NEIGHBOURHOOD):
                assert kind.load in loaders, kind.name

    def test_nothing_is_told_there_twice(self):
        loaders = [kind.load for kind in self.ON_PAPER]
        # How far something is has another moment than what it is about.
        assert len(loaders) - len(set(loaders)) == 1

    @pytest.mark.parametrize("kind", ON_PAPER, ids=[kind.name for kind in ON_PAPER])
    def test_a_kind_finds_what_is_news_of_a_place(self, kind: NotificationKind):
        assert kind.on_paper is not None
        Event.objects.create(kind=kind.name, subject_id=987_654_321)
        place = paper.place_of(scenes.area())

        assert not Event.objects.filter(kind.on_paper.is_news_of(place)).exists()

    @pytest.mark.parametrize("kind", ON_PAPER, ids=[kind.name for kind in ON_PAPER])
    def test_a_line_is_whole_and_names_nobody(self, kind: NotificationKind):
        assert kind.on_paper is not None
        assert "%(" not in str(kind.on_paper.line or kind.subject) % kind.sample
        assert "name" not in kind.sample


class TestWhatHappened:
    def test_a_new_idea(self, yesterday: datetime.date):
        idea = scenes.initiative("Bankjes op het plein", author=scenes.person("Ana"))
        happened_on(yesterday)

        told = sheet(yesterday)

        assert "1. New in Testwijk: Bankjes op het plein" in told
        assert "There is no place to sit." in told
        assert f"/i/{idea.pk}/ " in told
        assert told.count("Bankjes op het plein") == 1
        assert "Ana" not in told

    def test_an_official_answer_and_how_the_work_goes(
        self, yesterday: datetime.date, officer: User
    ):
        idea = scenes.initiative("Bankjes")
        actions.answer(
            initiative=idea, by=officer, outcome="adopted", text="We doen **dit**.", language="nl"
        )
        scenes.update(idea, "Zaterdag beginnen we.")
        happened_on(yesterday)

        told = sheet(yesterday)

        assert "The answer to “Bankjes”: " in told
        assert "We doen dit." in told
        assert "News about “Bankjes”" in told
        assert "Zaterdag beginnen we." in told

    def test_a_response_also_where_it_is_about_a_larger_area(
        self, yesterday: datetime.date, officer: User
    ):
        city = scenes.area("teststad", kind=Area.Kind.MUNICIPALITY, accepts_contributions=False)
        street = scenes.area("straat", parent=city)
        scenes.response(by=officer, where=city)
        happened_on(yesterday)

        assert "What neighbours of Teststad told about “" in sheet(yesterday, area=street)
        assert "What neighbours" not in sheet(yesterday, area=scenes.area("elders"))

    def test_the_result_of_a_vote_and_not_that_it_is_held(self, yesterday: datetime.date):
        council = councils.council()
        now = timezone.now()
        matter = voting.opened(
            council, text="Ana is for it.", now=now - 9 * DAY, closes_at=now - 2 * DAY
        )
        happened_on(yesterday)
        assert "Wednesdays" not in sheet(yesterday)

        voting.close_vote(matter=matter)
        happened_on(yesterday)

        told = sheet(yesterday)
        assert "voted about “Do we meet on Wednesdays?”: not valid: too few votes" in told
        assert "Ana" not in told

    def test_a_secret_vote_is_about_a_person_and_stays_away(self, yesterday: datetime.date):
        council = councils.council()
        now = timezone.now()
        matter = voting.opened(
            council, kind="person", question="Ana?", now=now - 9 * DAY, closes_at=now - 2 * DAY
        )
        voting.close_vote(matter=matter)
        happened_on(yesterday)

        assert "Ana" not in sheet(yesterday)

    def test_what_is_about_somebody_alone_stays_away(self, yesterday: datetime.date):
        idea = scenes.initiative("Bankjes")
        scenes.comment(idea, "Mooi", author=scenes.person("Piet"))
        scenes.supporters(3, of=idea)
        happened_on(yesterday)

        told = sheet(yesterday)

        assert "Mooi" not in told
        assert "Piet" not in told
        assert "support" not in told

    @pytest.mark.parametrize("status", [Status.HIDDEN, Status.WITHDRAWN])
    def test_what_is_not_on_the_site_any_more_is_not_there(
        self, yesterday: datetime.date, status: str
    ):
        scenes.initiative("Weg ermee", status=status)
        happened_on(yesterday)
        assert "Weg ermee" not in sheet(yesterday)

    def test_what_hangs_on_something_hidden_is_not_there(self, yesterday: datetime.date):
        idea = scenes.initiative("Bankjes")
        scenes.update(idea, "Zaterdag beginnen we.")
        happened_on(yesterday)
        assert "Zaterdag" in sheet(yesterday)

        hide(idea)

        assert "Zaterdag" not in sheet(yesterday)

    def test_news_of_an_area_is_that_of_all_within_and_of_no_other(self, yesterday: datetime.date):
        district = scenes.area("laak", kind=Area.Kind.DISTRICT, accepts_contributions=False)
        scenes.initiative("Binnen", where=scenes.area("spoorwijk", parent=district))
        scenes.initiative("Buiten", where=scenes.area("elders"))
        happened_on(yesterday)

        assert "Binnen" in sheet(yesterday, area=district)
        assert "Buiten" not in sheet(yesterday, area=district)


class TestADay:
    @pytest.mark.parametrize(
        ("day", "hours"),
        [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)],
        ids=["clock forward", "clock back", "summer"],
    )
    def test_a_day_is_one_of_amsterdam_however_long(self, day: str, hours: int):
        date = datetime.date.fromisoformat(day)
        midnight = datetime.datetime.combine(date, datetime.time.min, AMSTERDAM)
        begin = midnight.astimezone(datetime.UTC)
        end = begin + datetime.timedelta(hours=hours)
        second = datetime.timedelta(seconds=1)
        moments = {
            "Day before": begin - second,
            "At midnight": begin,
            "Last second": end - second,
            "Day after": end,
        }
        for title, moment in moments.items():
            idea = scenes.initiative(title)
            Event.objects.filter(subject_id=idea.pk).update(created_at=moment)

        told = sheet(date)

        assert [title for title in moments if title in told] == ["At midnight", "Last second"]

    def test_the_newest_stands_first_and_what_happened_twice_once(
        self, yesterday: datetime.date, officer: User
    ):
        response = scenes.response(by=officer)
        Event.objects.create(kind="response_moved", subject_id=response.pk, occasion="one")
        Event.objects.create(kind="response_moved", subject_id=response.pk, occasion="two")
        happened_on(yesterday)
        told = sheet(yesterday)
        assert "2. What neighbours" in told
        assert "3. " not in told


class TestWords:
    def test_a_quote_is_in_the_readers_language_where_somebody_translated_it(
        self, yesterday: datetime.date
    ):
        idea = scenes.initiative("Ławka na placu", language="pl", text="Tu nie ma gdzie usiąść.")
        happened_on(yesterday)
        assert "(This is written in another language: Polski)" in sheet(yesterday)
        assert "another language" not in sheet(yesterday, "pl")

        write_translation(
            contribution=idea,
            by=scenes.granted(Role.MESSENGER, language="en"),
            language="en",
            words={"title": "A bench", "text": "There is nowhere to sit."},
            seen=digest_of(idea),
        )

        told = sheet(yesterday)
        assert "A bench" in told
        assert "There is nowhere to sit." in told
        assert "another language" not in told

    def test_what_a_machine_translated_says_so(self, yesterday: datetime.date):
        scenes.translated_by_machine(
            scenes.initiative("Ławka na placu", language="pl", text="Tu nie ma gdzie usiąść."),
            language="en",
            words={"title": "A bench", "text": "There is nowhere to sit."},
        )
        happened_on(yesterday)
        told = sheet(yesterday)
        assert "There is nowhere to sit. (Translated by a machine." in told
        assert "by a machine" not in sheet(yesterday, "pl")

    def test_it_is_headed_by_area_and_day_in_its_language(self):
        day = datetime.date(2026, 11, 26)
        first, second, *_rest = paper.sheet(scenes.area(), day, "pl").split("\r\n")
        assert first.endswith("Testwijk")
        assert second == "26 listopada 2026 (czwartek)"

    def test_a_day_without_news_says_so(self, yesterday: datetime.date):
        told = sheet(yesterday)
        assert "There was no news here on this day." in told
        assert "/en/wijk/testwijk/" in told

    def test_what_is_more_than_fits_is_said(
        self, yesterday: datetime.date, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(paper, "AT_MOST", 2)
        for number in range(3):
            scenes.initiative(f"Idea {number}")
        happened_on(yesterday)
        told = sheet(yesterday)
        assert "3. " not in told
        assert "There is more news of this day than fits here." in told


class TestLines:
    def test_no_line_is_wider_than_the_paper(self, yesterday: datetime.date):
        scenes.initiative("Heel " * 19 + "lang", text="W" * 150 + " " + "漢字" * 60)
        happened_on(yesterday)

        text = paper.sheet(scenes.area(), yesterday, "nl")

        lines = text.split("\r\n")
        assert lines.pop() == ""
        assert max(columns(line) for line in lines) <= WIDTH
        assert not any("\n" in line or "\r" in line or line != line.rstrip() for line in lines)

    def test_wide_letters_take_two_columns_and_accents_none(self):
        assert columns("漢字") == 4
        assert columns("e\u0301") == 1
        assert wrapped("e\u0301") == ["é"]
        assert [columns(line) for line in wrapped("漢" * 40)] == [72, 8]
        assert wrapped("") == []

    def test_what_follows_is_indented(self):
        assert wrapped("a " * 40, first="1. ", indent="   ")[1].startswith("   a")

    def test_words_of_strangers_bring_no_commands_for_a_printer(self, yesterday: datetime.date):
        scenes.initiative("Bank\u202eje", text="Daar\x1b[2J\x08 en\x0c hier\r\n\r\n2. Vals")
        happened_on(yesterday)

        text = paper.sheet(scenes.area(), yesterday, "nl")

        assert not set(text) & set("\x1b\x08\x0c\u202e\ufeff")
        assert "\r\n2. Vals" not in text


def test_queries_do_not_grow_with_the_news(yesterday: datetime.date, officer: User) -> None:
    def more(count: int) -> int:
        for number in range(count):
            idea = scenes.initiative(f"Idea {number}")
            scenes.update(idea)
            actions.answer(
                initiative=idea, by=officer, outcome="adopted", text="Ja.", language="nl"
            )
        happened_on(yesterday)
        with CaptureQueriesContext(connection) as queries:
            paper.sheet(area, yesterday, "en")
        return len(queries)

    area = scenes.area()
    # SQLite is asked for this once in a process, by whichever test comes first.
    assert connection.features.supports_json_field
    few = more(1)
    assert more(6) == few


class TestItsAddress:
    def test_it_is_text_that_a_browser_shows(self, client: Client, yesterday: datetime.date):
        scenes.initiative("Bankjes")
        happened_on(yesterday)
        scenes.area()

        answer = client.get("/en/wijk/testwijk/nieuws.txt")

        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert "New in Testwijk: Bankjes" in answer.content.decode()
        assert not answer.cookies

    def test_a_day_of_the_last_month_can_be_asked_for(
        self, client: Client, yesterday: datetime.date
    ):
        scenes.initiative("Bankjes")
        first = yesterday - 30 * DAY
        happened_on(first)
        assert "Bankjes" in client.get(f"/nl/wijk/testwijk/nieuws.txt?dag={first}").content.decode()
        assert "Bankjes" not in client.get("/nl/wijk/testwijk/nieuws.txt").content.decode()

    @pytest.mark.parametrize(
        "wrong",
        ["", "gisteren", "2026-13-01", "20261101", "2026-W01-1", "0000-00-00", "٢٠٢٦-١١-٠١", "%00"],
    )
    def test_what_is_no_day_is_answered_with_the_days_there_are(self, client: Client, wrong: str):
        scenes.area()
        answer = client.get(f"/en/wijk/testwijk/nieuws.txt?dag={wrong}")
        assert answer.status_code == 404
        assert "There is news of the days from" in answer.content.decode()

    @pytest.mark.parametrize("days", [-31, 1, 2, 400], ids=["long ago", "today", "later", "far"])
    def test_of_other_days_there_is_none(self, client: Client, yesterday: datetime.date, days: int):
        scenes.area()
        day = yesterday + days * DAY
        assert client.get(f"/en/wijk/testwijk/nieuws.txt?dag={day}").status_code == 404

    def test_it_is_kept_for_a_second_for_visitors(self, client: Client, settings: LazySettings):
        settings.KEPT_PAGE_SECONDS = 60.0
        scenes.area()
        address = "/en/wijk/testwijk/nieuws.txt"
        try:
            first = client.get(address)
            with CaptureQueriesContext(connection) as queries:
                second = client.get(address)
        finally:
            kept_pages.for_visitors.clear()
        assert second.content == first.content
        assert second["Content-Type"] == first["Content-Type"]
        assert not len(queries)

    def test_who_is_signed_in_gets_what_a_visitor_gets(
        self, client: Client, yesterday: datetime.date
    ):
        idea = scenes.initiative("Nog niet", status=Status.SUBMITTED)
        Event.objects.create(kind="new_here", subject_id=idea.pk)
        happened_on(yesterday)
        assert idea.author is not None
        client.force_login(idea.author)
        told = client.get("/en/wijk/testwijk/nieuws.txt").content.decode()
        assert "Nog niet" not in told

    def test_it_is_led_to_from_the_area_and_from_a_contact_persons_page(self, client: Client):
        area = scenes.area()
        assert b"/nl/wijk/testwijk/nieuws.txt" in client.get("/nl/wijk/testwijk/").content

        client.force_login(scenes.granted(Role.MESSENGER, area=area, language="pl"))
        assert b"/pl/wijk/testwijk/nieuws.txt" in client.get("/nl/contactpersoon/").content

    def test_who_works_everywhere_chooses_a_language_by_its_name(self, client: Client) -> None:
        messenger = scenes.granted(Role.MESSENGER, language="pl")
        scenes.granted(Role.MESSENGER, user=messenger, language="ro")
        client.force_login(messenger)
        text = client.get("/en/contactpersoon/").content.decode()
        assert '<a class="nl-link" href="/pl/wijk/">Polski</a>' in text
        assert '<a class="nl-link" href="/ro/wijk/">Română</a>' in text


class TestFiles:
    def test_there_is_one_of_each_area_and_language(
        self, tmp_path: Path, yesterday: datetime.date, settings: LazySettings
    ):
        settings.LISTED_LANGUAGES = ["nl", "pl"]
        scenes.area("laak", kind=Area.Kind.DISTRICT, accepts_contributions=False)
        scenes.area("land", kind=Area.Kind.COUNTRY, accepts_contributions=False)
        scenes.initiative("Ławka")
        happened_on(yesterday)

        call_command("write_news", to=tmp_path, verbosity=0)

        assert sorted(path.name for path in tmp_path.iterdir()) == [
            f"{name}-{yesterday}.{language}.txt"
            for name in ("laak", "testwijk")
            for language in ("nl", "pl")
        ]
        written = (tmp_path / f"testwijk-{yesterday}.nl.txt").read_bytes()
        assert written.decode() == paper.sheet(scenes.area(), yesterday, "nl")
        assert "Ławka".encode() in written

    def test_of_a_given_day(self, tmp_path: Path):
        scenes.area()
        call_command("write_news", f"--to={tmp_path}", "--day=2026-11-26")
        assert (tmp_path / "testwijk-2026-11-26.nl.txt").exists()

    @pytest.mark.parametrize("day", ["morgen", "20261126", "2999-01-01"])
    def test_a_day_that_cannot_be_is_refused(self, tmp_path: Path, day: str):
        with pytest.raises(CommandError, match=day):
            call_command("write_news", f"--to={tmp_path}", f"--day={day}")
        assert not list(tmp_path.iterdir())

    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path):
        with pytest.raises(CommandError, match="nergens"):
            call_command("write_news", to=tmp_path / "nergens")
        assert not (tmp_path / "nergens").exists()

    def test_a_file_appears_whole_or_not_at_all(
        self, tmp_path: Path, yesterday: datetime.date, monkeypatch: pytest.MonkeyPatch
    ):
        scenes.area()
        there = tmp_path / f"testwijk-{yesterday}.nl.txt"
        there.write_text("as it was")

        def full(_descriptor: int) -> None:
            raise OSError("No space left on device")

        monkeypatch.setattr(paper_files.os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            paper_files.write_news(tmp_path, yesterday)

        assert there.read_text() == "as it was"
        assert [path.name for path in tmp_path.iterdir()] == [there.name]

    def test_the_trouble_of_one_area_is_not_that_of_others(
        self, tmp_path: Path, yesterday: datetime.date, monkeypatch: pytest.MonkeyPatch
    ):
        scenes.area("a-wijk")
        scenes.area("b-wijk")

        def made(area: Area, day: datetime.date, language: str) -> str:
            if area.slug == "a-wijk":
                raise ValueError
            return "news"

        monkeypatch.setattr(paper_files, "sheet", made)
        with pytest.raises(CommandError, match="could not be made"):
            call_command("write_news", to=tmp_path)
        assert {path.name[:6] for path in tmp_path.iterdir()} == {"b-wijk"}

    def test_each_morning_where_a_folder_is_set(
        self, tmp_path: Path, yesterday: datetime.date, settings: LazySettings
    ):
        idea = scenes.initiative("Bankjes")
        happened_on(yesterday)
        assert settings.NEWS_FOLDER == ""
        assert write_news() == 0

        settings.NEWS_FOLDER = str(tmp_path)
        assert write_news() == len(settings.LISTED_LANGUAGES)
        hide(idea)
        assert write_news() == len(settings.LISTED_LANGUAGES)

        assert "Bankjes" not in (tmp_path / f"testwijk-{yesterday}.nl.txt").read_text()
