"""Who looks after what goes out: what waits and failed, another try, and what it looks like."""

import datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, RoleAct, User
from notifications import actions, outbox
from notifications.kinds import all_kinds
from notifications.models import Delivery, Event, Letter, Preference
from tests import scenes
from tests.notifications import happenings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("happening")]

PAGE = "/en/beheer/seintjes/"
ERROR = "The text could not be made."


@pytest.fixture
def office(client: Client) -> User:
    person = scenes.granted(Role.PROGRAMME_OFFICE)
    client.force_login(person)
    return person


def failed(count: int = 1, *, of: Any = happenings.REPLIED, **fields: Any) -> list[Delivery]:
    """Return mails that failed."""
    crowd = [scenes.person() for _ in range(count)]
    Preference.objects.bulk_create(Preference(person=one, pace="at_once") for one in crowd)
    actions.notify(of.name, 7, to=[one.pk for one in crowd])
    rows = Delivery.objects.filter(notification__event__kind=of.name)
    values = {"state": "failed", "why": "template", "tries": 3, "done_at": timezone.now()}
    rows.update(**values | fields)
    return list(rows.order_by("pk"))


def letter(**fields: Any) -> Letter:
    """Return somebody's letter of this week."""
    today = timezone.localdate()
    monday = today - datetime.timedelta(days=today.weekday())
    values: dict[str, Any] = {"week_date": monday, "up_to": 1, **fields}
    values.setdefault("recipient", scenes.person())
    return Letter.objects.create(**values)


def letter_after(row: Delivery, **fields: Any) -> Letter:
    """Return the letter that went an hour after a mail failed, with what that told."""
    at = row.done_at + datetime.timedelta(hours=1) if row.done_at else timezone.now()
    notification = row.notification
    values: dict[str, Any] = {"state": "sent", "taken_at": at, "done_at": at}
    values |= {"after": notification.pk - 1, "up_to": notification.pk}
    return letter(recipient=notification.recipient, **values | fields)


def page(client: Client, query: str = "") -> str:
    return client.get(f"{PAGE}{query}").content.decode()


class TestThePage:
    def test_it_counts_by_channel_and_forgets_what_was_sent_before_yesterday(self, office: User):
        now = timezone.now()
        failed(2)
        (sent,) = failed(1, of=happenings.NEAR, state="sent")
        failed(1, of=happenings.FOLLOWED, state="sent", done_at=now - datetime.timedelta(hours=25))
        failed(1, of=happenings.DECIDED, state="in_flight", done_at=None)
        made = now - datetime.timedelta(hours=3)
        letter(created_at=made)
        letter(state="dropped", done_at=now)

        mail, push, letters = outbox.states(now=now)

        assert sent.channel == "mail"
        assert (mail.waiting, mail.in_flight, mail.sent, mail.failed) == (0, 1, 1, 2)
        assert (push.waiting, push.sent, push.failed, push.waiting_since) == (0, 0, 0, None)
        assert (letters.waiting, letters.dropped, letters.waiting_since) == (1, 1, made)

    def test_it_shows_kind_tries_and_why_but_no_words_names_or_addresses(
        self, client: Client, office: User
    ):
        (row,) = failed(tries=3)
        person = row.notification.recipient

        shown = page(client)

        assert "test_replied" in shown
        assert "tried 3 times" in shown
        assert ERROR in shown
        assert str(person.email) not in shown
        assert person.pseudonym not in shown
        assert happenings.TITLE not in shown

    def test_what_failed_stands_newest_first_page_by_page(
        self, client: Client, office: User, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(outbox, "PAGE_SIZE", 2)
        first, second, third = (row.pk for row in failed(3))

        shown = page(client)
        rest = page(client, f"?channel=mail&after={second}")

        assert shown.index(f"failed-{third}") < shown.index(f"failed-{second}")
        assert f'id="failed-{first}"' not in shown
        assert f"?channel=mail&amp;after={second}" in shown
        assert f'id="failed-{first}"' in rest
        assert f'id="failed-{second}"' not in rest

    def test_odd_choices_show_the_first_page_of_mail(self, client: Client, office: User):
        (row,) = failed()

        for query in ("?channel=pigeon", "?after=-1", "?after=9x"):
            assert f'id="failed-{row.pk}"' in page(client, query)

    def test_its_queries_do_not_grow_with_what_failed(self, client: Client, office: User):
        failed(2)
        page(client)
        with CaptureQueriesContext(connection) as few:
            page(client)
        failed(20, of=happenings.DECIDED)
        with CaptureQueriesContext(connection) as many:
            page(client)

        assert len(many) == len(few)


class TestWhoMaySeeIt:
    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.CORE_TEAM, Role.STEERING_GROUP])
    def test_for_others_it_does_not_exist(self, client: Client, role: str):
        client.force_login(scenes.granted(role))

        assert client.get(PAGE).status_code == 404

    def test_for_an_office_of_one_neighbourhood_it_does_not_exist(self, client: Client):
        (row,) = failed()
        scoped = scenes.granted(Role.PROGRAMME_OFFICE, area=scenes.area())
        client.force_login(scoped)

        assert client.get(PAGE).status_code == 404
        assert client.get(f"{PAGE}voorbeelden/test_replied/en/mail/").status_code == 404
        assert client.post(f"{PAGE}opnieuw/mail/{row.pk}/").status_code == 404
        with pytest.raises(actions.NotForYou):
            actions.retry(outgoing=row, by=scoped)
        row.refresh_from_db()
        assert row.state == "failed"


class TestTryingAgain:
    def test_one_waits_again_once_and_with_all_its_tries(self, client: Client, office: User):
        one, other = failed(2, tries=15)

        for _number in range(2):
            answer = client.post(f"{PAGE}opnieuw/mail/{one.pk}/")
            assert answer.status_code == 302

        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.state, one.tries, one.why, one.done_at) == ("waiting", 0, "", None)
        assert other.state == "failed"
        told = [str(message) for message in get_messages(answer.wsgi_request)]
        assert told[-1] == "Nothing was left to try again."

    def test_it_goes_out_then(self, office: User, mailbox: Any):
        from notifications.sending import send_waiting

        (row,) = failed(tries=15)
        noon = timezone.now().replace(hour=12) + datetime.timedelta(days=1)

        assert actions.retry(outgoing=row, by=office)
        send_waiting("mail", now=noon)

        assert mailbox.addresses == [str(row.notification.recipient.email)]

    def test_what_was_sent_is_never_sent_again(self, client: Client, office: User):
        (row,) = failed(state="sent", why="")

        client.post(f"{PAGE}opnieuw/mail/{row.pk}/")
        client.post(f"{PAGE}opnieuw/mail/soort/test_replied/")

        row.refresh_from_db()
        assert row.state == "sent"

    def test_all_of_a_kind_wait_again_and_no_others(self, client: Client, office: User):
        failed(3)
        failed(1, of=happenings.NEAR)

        client.post(f"{PAGE}opnieuw/mail/soort/test_replied/")

        rows = Delivery.objects.filter(state="failed")
        assert set(rows.values_list("notification__event__kind", flat=True)) == {"test_near"}
        assert Delivery.objects.filter(state="waiting").count() == 3

    def test_letters_wait_again(self, client: Client, office: User):
        one, other = (letter(state="failed", tries=15, why="not taken") for _ in range(2))

        client.post(f"{PAGE}opnieuw/letter/{one.pk}/")
        one.refresh_from_db()
        assert one.state == "waiting"
        client.post(f"{PAGE}opnieuw/letter/soort/letter/")
        other.refresh_from_db()
        assert (other.state, other.tries) == ("waiting", 0)

    def test_what_a_letter_told_since_is_dropped(self, client: Client, office: User):
        one, other, untold = failed(3)
        for row in (one, other):
            letter_after(row)

        client.post(f"{PAGE}opnieuw/mail/{one.pk}/")
        client.post(f"{PAGE}opnieuw/mail/soort/test_replied/")

        for row in (one, other):
            row.refresh_from_db()
            assert (row.state, row.why) == ("dropped", "told in a letter")
        untold.refresh_from_db()
        assert untold.state == "waiting"

    @pytest.mark.parametrize(
        "fields",
        [
            {"state": "failed"},
            {"state": "dropped"},
            {"state": "waiting", "done_at": None},
            {"taken_at": timezone.now() - datetime.timedelta(hours=1)},
            {"up_to": 0, "after": 0},
            {"after": 10**9, "up_to": 10**9},
        ],
        ids=["failed", "had nothing to tell", "waits", "went before", "of before", "of later news"],
    )
    def test_what_no_letter_told_goes_out(self, office: User, fields: dict[str, Any]):
        (row,) = failed()
        letter_after(row, **fields)

        assert actions.retry(outgoing=row, by=office)

    def test_a_line_in_a_letter_is_no_decision(self, office: User):
        (row,) = failed(of=happenings.DECIDED)
        letter_after(row)

        assert actions.retry(outgoing=row, by=office)

    def test_of_a_letter_whose_week_is_over_the_next_one_takes_the_place(
        self, client: Client, office: User
    ):
        one = letter(state="failed", why="not taken")
        other = letter(state="failed", why="not taken")
        week = datetime.timedelta(days=7)
        Letter.objects.update(week_date=one.week_date - week)
        this_week = letter(state="failed", why="not taken")

        client.post(f"{PAGE}opnieuw/letter/{one.pk}/")
        client.post(f"{PAGE}opnieuw/letter/soort/letter/")

        for row in (one, other):
            row.refresh_from_db()
            assert (row.state, row.why) == ("dropped", "week is over")
        this_week.refresh_from_db()
        assert this_week.state == "waiting"

    def test_it_is_on_the_record(self, office: User):
        one, _other = failed(2)

        actions.retry(outgoing=one, by=office)
        actions.retry_kind(channel="mail", kind="test_replied", by=office)

        first, second = RoleAct.objects.filter(by=office).order_by("pk")
        assert (first.act, first.about_pk) == ("notifications.retry", one.pk)
        assert (first.about, second.act) == ("notifications.delivery", "notifications.retry_kind")

    def test_an_unknown_channel_or_number_is_not_there(self, client: Client, office: User):
        (row,) = failed()

        assert client.post(f"{PAGE}opnieuw/pigeon/{row.pk}/").status_code == 404
        assert client.post(f"{PAGE}opnieuw/push/{row.pk}/").status_code == 404
        assert client.post(f"{PAGE}opnieuw/pigeon/soort/test_replied/").status_code == 404


class TestPreviews:
    def test_every_kind_is_explained(self, client: Client, office: User):
        shown = client.get(f"{PAGE}voorbeelden/").content.decode()

        for kind in all_kinds():
            assert f"/voorbeelden/{kind.name}/" in shown

    @pytest.mark.parametrize("language", settings.LISTED_LANGUAGES)
    def test_every_kind_and_the_letter_have_one_in_every_language(
        self, client: Client, office: User, language: str
    ):
        for name in [*(kind.name for kind in all_kinds()), outbox.LETTER]:
            answer = client.get(f"{PAGE}voorbeelden/{name}/{language}/")
            assert answer.status_code == 200, name
            preview = answer.context["preview"]
            mail = client.get(f"{PAGE}voorbeelden/{name}/{language}/mail/")
            assert mail.status_code == (200 if preview.html else 404), name
            if preview.html:
                assert f'lang="{language}"' in mail.content.decode()
                assert preview.subject
                assert preview.text
            if name != outbox.LETTER:
                assert preview.push_title
                assert preview.inbox_title

    def test_nothing_in_a_mail_can_run_or_be_sent(self, client: Client, office: User):
        answer = client.get(f"{PAGE}voorbeelden/test_replied/en/mail/")

        policy = answer.headers["Content-Security-Policy"]
        assert "sandbox" in policy
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "style-src 'unsafe-inline'" in policy
        assert "form-action 'none'" in policy
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"

    def test_its_links_are_good_for_nothing(self, client: Client, office: User):
        text = client.get(f"{PAGE}voorbeelden/test_replied/en/").context["preview"].text
        links = [line for line in text.splitlines() if "/stop/" in line or "/voorkeuren/" in line]

        assert len(links) == 2
        for link in links:
            answer = Client().get(link.removeprefix(settings.SITE_URL))
            assert "This link does not work" in answer.content.decode()

    def test_unknown_ones_are_not_there(self, client: Client, office: User):
        for rest in ("nothing/en/", "test_replied/xx/", "test_replied/xx/mail/", "letter/xx/"):
            assert client.get(f"{PAGE}voorbeelden/{rest}").status_code == 404


class TestFigures:
    TOKEN = "a long random word"

    def ask(self, client: Client, told: str = f"Bearer {TOKEN}") -> Any:
        return client.get("/metrics", headers={"authorization": told})

    def test_they_are_told_to_who_shows_the_token(self, client: Client, settings: Any):
        settings.METRICS_TOKEN = self.TOKEN
        failed(2)
        letter(created_at=timezone.now() - datetime.timedelta(minutes=5))
        Event.objects.create(kind="test_near", subject_id=9)

        answer = self.ask(client)

        lines = answer.content.decode().splitlines()
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert 'participatie_outbox_messages{channel="mail",state="failed"} 2.0' in lines
        assert 'participatie_outbox_messages{channel="push",state="waiting"} 0.0' in lines
        assert 'participatie_outbox_messages_last_day{channel="mail",state="failed"} 2.0' in lines
        (oldest,) = (
            line
            for line in lines
            if line.startswith("participatie_outbox_oldest_waiting_seconds{")
            and 'channel="letter"' in line
        )
        assert 300 <= float(oldest.rpartition(" ")[2]) < 360
        (to_tell,) = (line for line in lines if line.startswith("participatie_events_to_tell "))
        assert float(to_tell.rpartition(" ")[2]) >= 1

    @pytest.mark.parametrize("told", ["", "Bearer ", "Bearer other", "Basic x", "Bearer \xe9"])
    def test_without_it_they_do_not_exist(self, client: Client, settings: Any, told: str):
        settings.METRICS_TOKEN = self.TOKEN

        assert self.ask(client, told).status_code == 404

    @pytest.mark.parametrize("told", ["", "Bearer ", "Bearer"])
    def test_without_the_setting_there_are_none(self, client: Client, settings: Any, told: str):
        settings.METRICS_TOKEN = ""

        assert self.ask(client, told).status_code == 404

    def test_they_take_seven_queries_however_much_there_is(self, client: Client, settings: Any):
        settings.METRICS_TOKEN = self.TOKEN
        for kind, count in ((happenings.REPLIED, 1), (happenings.NEAR, 30)):
            failed(count, of=kind)
            with CaptureQueriesContext(connection) as queries:
                self.ask(client)
            assert len(queries) == 7

    def test_each_question_is_answered_by_an_index(self, client: Client, settings: Any):
        settings.METRICS_TOKEN = self.TOKEN
        with CaptureQueriesContext(connection) as queries:
            self.ask(client)
        for query in queries.captured_queries:
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    # Few rows are read as they stand: whether an index would do is asked.
                    cursor.execute("SET LOCAL enable_seqscan = off")
                    cursor.execute("EXPLAIN " + query["sql"])
                else:
                    cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
                plan = str(cursor.fetchall())
            assert "delivery_" in plan or "letter_" in plan or "event_to_tell" in plan, plan
