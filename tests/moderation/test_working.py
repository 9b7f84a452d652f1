"""Working through the queue: reading, passing on, undoing, several at once, and what stays."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from accounts.permissions import admin_rights
from contributions import actions
from contributions.actions import version_of
from contributions.loading import load_saved_replies
from contributions.models import Contribution, Decision, Dossier, Note, SavedReply, Status
from ideas.models import Initiative
from moderation.queue import PAGE_SIZE, queue_of
from moderation.waiting import promises_at_risk
from tests import scenes
from tests.contributions.changing import revise
from tests.moderation import crowd
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]

QUEUE = "moderation:queue"


def item_url(text: Contribution) -> str:
    return reverse("moderation:item", args=[text.dossier_id])


def at(name: str, text: Contribution) -> str:
    return reverse(f"moderation:{name}", args=[text.dossier_id])


def seen(text: Contribution) -> str:
    return version_of(type(text)._default_manager.get(pk=text.pk))


def waiting(title: str = "A bench on the square", **fields: Any) -> Initiative:
    return scenes.initiative(title, status=Status.SUBMITTED, **fields)


def decide(client: Client, text: Contribution, decision: str, **typed: Any) -> Any:
    return client.post(item_url(text), {"decision": decision, "seen": seen(text), **typed})


@pytest.fixture
def reader() -> User:
    return scenes.granted(Role.MODERATOR, user=scenes.person("Mo"))


@pytest.fixture
def moderator(client: Client, reader: User) -> Client:
    client.force_login(reader)
    return client


class TestReading:
    def test_opening_a_text_changes_nothing(self, moderator: Client):
        text = waiting()

        page = moderator.get(item_url(text))

        assert "Start reading" in words(page)
        assert Dossier.objects.get(pk=text.dossier_id).claimed_by is None

    def test_who_starts_reading_has_it(self, moderator: Client, reader: User):
        text = waiting()

        response = moderator.post(at("begin", text), follow=True)

        assert "You have this text to yourself until" in words(response)
        assert Dossier.objects.get(pk=text.dossier_id).claimed_by == reader

    def test_a_colleague_sees_who_reads_it_and_decides_nothing_meanwhile(self, moderator: Client):
        text = waiting()
        actions.claim(
            dossier=text.dossier, by=scenes.granted(Role.MODERATOR, user=scenes.person("Anna"))
        )

        page = moderator.get(item_url(text))
        response = decide(moderator, text, "publish")
        begun = moderator.post(at("begin", text))

        assert "Anna is reading this until" in words(page)
        assert page.context["decision_forms"] == {}
        assert "Anna is reading this until" in words(moderator.get(reverse(QUEUE)))
        assert (response.status_code, begun.status_code) == (409, 409)
        assert "Anna is reading this until" in words(begun)
        text.refresh_from_db()
        assert text.status == Status.SUBMITTED

    def test_what_is_put_back_is_for_others(self, moderator: Client):
        text = waiting()
        moderator.post(at("begin", text))

        assert moderator.post(at("put_back", text)).status_code == 302

        assert Dossier.objects.get(pk=text.dossier_id).claimed_by is None

    def test_the_next_one_is_begun_with(self, moderator: Client, reader: User):
        first, second = crowd.waiting(2)

        one = moderator.post(reverse("moderation:next"))
        two = moderator.post(reverse("moderation:next"), {"after": first.pk})

        assert one["Location"] == reverse("moderation:item", args=[first.pk])
        assert two["Location"] == reverse("moderation:item", args=[second.pk])
        assert Dossier.objects.get(claimed_by=reader) == second

    @pytest.mark.parametrize("after", ["", "x", "0", "-1", "²", "9" * 30, "\x00"])
    def test_a_place_that_is_none_begins_at_the_beginning(self, moderator: Client, after: str):
        (only,) = crowd.waiting(1)

        response = moderator.post(reverse("moderation:next"), {"after": after})

        assert response["Location"] == reverse("moderation:item", args=[only.pk])

    def test_with_nothing_left_it_leads_to_the_queue(self, moderator: Client):
        assert moderator.post(reverse("moderation:next"))["Location"] == reverse(QUEUE)

    def test_after_a_decision_the_next_one_opens_for_who_wants_that(self, moderator: Client):
        text, (other,) = waiting(), crowd.waiting(1)

        response = decide(moderator, text, "publish", open_next="on")

        assert response["Location"] == reverse("moderation:item", args=[other.pk])
        page = moderator.get(response["Location"])
        assert page.context["decision_forms"]["publish"]["open_next"].value() is True

    def test_none_of_it_happens_by_opening_an_address(self, moderator: Client):
        text = waiting()

        for name in ("begin", "put_back", "note"):
            assert moderator.get(at(name, text)).status_code == 405
        for name in ("next", "together"):
            assert moderator.get(reverse(f"moderation:{name}")).status_code == 405

    def test_a_text_that_its_author_took_away_is_told_so(self, moderator: Client):
        text = waiting()
        read = seen(text)
        actions.withdraw(contribution=text, by=text.author)

        response = decide(moderator, text, "publish", seen=read)

        assert response.status_code == 409
        assert "Its author took it off the site on" in words(response)
        assert "A bench" not in words(response)


class TestPassingOn:
    def test_a_colleague_finds_it_on_top_with_the_note(self, moderator: Client):
        other = scenes.granted(Role.MODERATOR, user=scenes.person("Anna"))
        crowd.waiting(2)
        text = waiting("Passed")

        moderator.post(at("note", text), {"note": "You know this square.", "to": other.pk})

        client = Client()
        client.force_login(other)
        queue = client.get(reverse(QUEUE))
        assert [row.title for row in queue.context["queue"].passed] == ["Passed"]
        assert "Passed" not in [row.title for row in queue.context["queue"].rows]
        page = words(client.get(item_url(text)))
        assert "You know this square." in page
        assert "Passed on to Anna" in words(moderator.get(reverse(QUEUE)))

    def test_the_office_has_a_list_of_what_was_passed_to_it_and_decides(self, moderator: Client):
        office = Client()
        office.force_login(scenes.granted(Role.PROGRAMME_OFFICE))
        text, other = waiting("Passed"), waiting("Not passed")
        assert office.get(item_url(text)).status_code == 404

        moderator.post(at("note", text), {"note": "For you?", "to": "office"})

        queue = office.get(reverse(QUEUE)).context["queue"]
        assert [row.title for row in queue.rows] == ["Passed"]
        assert office.get(item_url(other)).status_code == 404
        assert decide(office, text, "publish").status_code == 302
        text.refresh_from_db()
        assert text.status == Status.PUBLISHED

    def test_a_note_without_a_name_stays_beside_the_text(self, moderator: Client):
        text = waiting()

        moderator.post(at("note", text), {"note": "Asked the school."})

        assert Note.objects.get().passed_to is None
        assert "Asked the school." in words(moderator.get(item_url(text)))

    @pytest.mark.parametrize(
        "typed",
        [{}, {"note": " "}, {"note": "zqnote", "to": "0"}, {"note": "zqnote", "to": "x\x00"}],
    )
    def test_what_is_missing_is_said_and_what_was_typed_is_kept(
        self, moderator: Client, typed: dict[str, str]
    ):
        text = waiting()

        response = moderator.post(at("note", text), typed)

        assert response.status_code == 422
        assert ("zqnote" in response.content.decode()) == ("zqnote" in str(typed))
        assert not Note.objects.exists()

    def test_what_a_colleague_reads_is_not_passed_on(self, moderator: Client):
        text = waiting()
        actions.claim(dossier=text.dossier, by=scenes.moderator())

        response = moderator.post(at("note", text), {"note": "zqnote", "to": "office"})

        assert response.status_code == 409
        assert "zqnote" in response.content.decode()

    def test_nobody_else_reads_a_note(self, moderator: Client):
        text = scenes.initiative()
        moderator.post(at("note", text), {"note": "zqnote"})
        author = Client()
        author.force_login(text.author)

        history = reverse("contributions:history", args=[text.dossier_id])
        for url in (text.get_absolute_url(), history):
            assert "zqnote" not in author.get(url).content.decode()


class TestUndoing:
    def test_the_last_decision_is_offered_to_be_undone(self, moderator: Client):
        text = waiting()
        decide(moderator, text, "publish")
        decision = Decision.objects.get(dossier=text.dossier_id)

        page = moderator.get(reverse(QUEUE))
        response = moderator.post(reverse("moderation:undo", args=[decision.pk]))

        assert "Undo it" in words(page)
        assert response["Location"] == item_url(text)
        text.refresh_from_db()
        assert text.status == Status.SUBMITTED
        assert "Undo it" not in words(moderator.get(reverse(QUEUE)))

    def test_for_a_colleague_there_is_nothing_to_undo(self, moderator: Client):
        text = waiting()
        decision = actions.publish(dossier=text.dossier, by=scenes.moderator())

        assert moderator.post(reverse("moderation:undo", args=[decision.pk])).status_code == 404

    def test_what_went_on_since_is_told(self, moderator: Client, reader: User):
        text = waiting()
        decision = actions.publish(dossier=text.dossier, by=reader)
        text.refresh_from_db()
        actions.withdraw(contribution=text, by=text.author)

        response = moderator.post(reverse("moderation:undo", args=[decision.pk]))

        assert response.status_code == 409
        assert "something else happened" in words(response)

    def test_after_ten_minutes_it_is_not_offered(self, moderator: Client, reader: User):
        before = timezone.now() - datetime.timedelta(minutes=10)
        actions.publish(dossier=waiting().dossier, by=reader, now=before)

        assert "Undo it" not in words(moderator.get(reverse(QUEUE)))


class TestTogether:
    def boxes(self, client: Client) -> list[str]:
        return [row.together for row in client.get(reverse(QUEUE)).context["queue"].rows]

    def test_several_are_published_at_once(self, moderator: Client):
        texts = [waiting(f"Idea {number}") for number in range(3)]
        scenes.initiative("At once", author=scenes.trusted(scenes.person()))

        response = moderator.post(
            reverse("moderation:together"), {"chosen": self.boxes(moderator)}, follow=True
        )

        assert "Done: 4 texts stand." in response.content.decode()
        for text in texts:
            text.refresh_from_db()
            assert text.status == Status.PUBLISHED
        assert not Dossier.objects.waiting().exists()

    def test_what_changed_is_left_and_named_and_the_rest_goes(self, moderator: Client):
        changed, read, decided, gone, fine = (
            waiting(title) for title in ("Changed", "Read", "Decided", "Gone", "Fine")
        )
        boxes = self.boxes(moderator)
        with actions.editing(changed, by=changed.author) as locked:
            locked.text = "Other words"
        actions.claim(dossier=read.dossier, by=scenes.moderator())
        first = scenes.granted(Role.MODERATOR, user=scenes.person("Anna"))
        actions.send_back(dossier=decided.dossier, by=first, reason="Which street?")
        actions.withdraw(contribution=gone, by=gone.author)

        response = moderator.post(reverse("moderation:together"), {"chosen": boxes})

        page = words(response)
        assert response.status_code == 409
        assert "1 text stands." in page
        assert "changed the text while you read it" in page
        assert "is reading this until" in page
        assert "Anna decided on" in page
        assert "Its author took it off the site" in page
        assert "Gone" not in page
        fine.refresh_from_db()
        changed.refresh_from_db()
        assert (fine.status, changed.status) == (Status.PUBLISHED, Status.SUBMITTED)

    def test_changes_what_is_urgent_and_ones_own_have_no_box(self, moderator: Client, reader: User):
        revise(scenes.initiative(), title="Two benches")
        urgent = waiting("Urgent")
        Dossier.objects.filter(pk=urgent.dossier_id).update(is_urgent=True)
        waiting("Mine", author=reader)

        assert not any(self.boxes(moderator))
        box = f"{urgent.dossier_id} {seen(urgent)}"
        assert moderator.post(reverse("moderation:together"), {"chosen": box}).status_code == 409
        urgent.refresh_from_db()
        assert urgent.status == Status.SUBMITTED

    def test_what_lies_outside_the_grants_is_not_named(self, client: Client):
        text = waiting("zqelsewhere")
        client.force_login(scenes.moderator(language="bg"))

        response = client.post(
            reverse("moderation:together"), {"chosen": f"{text.dossier_id} {seen(text)}"}
        )

        assert response.status_code == 409
        assert "zqelsewhere" not in response.content.decode()

    @pytest.mark.parametrize("chosen", ["x", "", "0 x", "²", "9" * 40, "1\x00"])
    def test_what_is_no_choice_does_nothing(self, moderator: Client, chosen: str):
        response = moderator.post(reverse("moderation:together"), {"chosen": chosen})

        assert response.status_code == 409

    def test_without_a_choice_it_says_so(self, moderator: Client):
        response = moderator.post(reverse("moderation:together"), follow=True)

        assert "Choose at least one text." in response.content.decode()


class TestChoicesStay:
    def shown(self, client: Client, query: str = "") -> list[str]:
        rows = client.get(f"{reverse(QUEUE)}{query}").context["queue"].rows
        return sorted(row.title for row in rows)

    def test_after_a_decision_the_queue_is_as_it_was_chosen(self, moderator: Client):
        waiting("Dutch")
        one, _two = waiting("One", language="pl"), waiting("Two", language="pl")
        assert self.shown(moderator, "?language=pl") == ["One", "Two"]

        decide(moderator, one, "publish")

        assert self.shown(moderator) == ["Two"]
        assert self.shown(moderator, "?all=1") == ["Dutch", "Two"]
        assert self.shown(moderator) == ["Dutch", "Two"]

    def test_the_next_one_is_of_what_was_chosen(self, moderator: Client):
        waiting("Dutch")
        polish = waiting("Polish", language="pl")
        moderator.get(f"{reverse(QUEUE)}?language=pl")

        response = moderator.post(reverse("moderation:next"))

        assert response["Location"] == item_url(polish)

    def test_by_area_by_why_by_lateness_and_what_was_passed_on(
        self, moderator: Client, reader: User
    ):
        there = scenes.area("daar")
        waiting("There", where=there)
        waiting("Late")
        Dossier.objects.filter(initiative__title="Late").update(promised_date=timezone.localdate())
        passed = waiting("Passed")
        actions.pass_on(dossier=passed.dossier, by=scenes.moderator(), text="Look", to=reader)
        scenes.initiative("At once", author=scenes.trusted(scenes.person()))

        assert self.shown(moderator, f"?area={there.pk}") == ["There"]
        assert self.shown(moderator, "?why=after") == ["At once"]
        assert self.shown(moderator, "?late=1") == ["Late"]
        assert self.shown(moderator, "?mine=1") == ["Passed"]
        assert self.shown(moderator, "?language=") == ["At once", "Late", "There"]


class TestSavedReplies:
    def test_six_come_with_the_site_in_every_language(self):
        assert load_saved_replies() == 6
        assert load_saved_replies() == 0
        for reply in SavedReply.objects.all():
            for code in ("nl", "en", "pl", "bg", "ro"):
                assert reply.text_in(code)
                assert getattr(reply, f"title_{code}")
        assert reply.text_in("tr") == reply.text

    def test_one_is_put_in_in_the_language_of_the_author(self, moderator: Client):
        load_saved_replies()
        reply = SavedReply.objects.first()
        text, rule = waiting(author=scenes.person(language="pl")), scenes.house_rule()

        response = decide(
            moderator,
            text,
            "reject",
            reply=reply.pk,
            reason="Hello.",
            facts="line 3",
            rule=rule.pk,
            put_in="1",
        )

        form = response.context["decision_forms"]["reject"]
        assert response.status_code == 200
        assert form["reason"].value() == f"Hello.\n\n{reply.text_pl}"
        assert form["facts"].value() == "line 3"
        assert str(form["rule"].value()) == str(rule.pk)
        assert not form.errors
        text.refresh_from_db()
        assert text.status == Status.SUBMITTED

    @pytest.mark.parametrize("reply", ["", "x", "0", "\x00", "9" * 30])
    def test_one_that_is_none_changes_nothing(self, moderator: Client, reply: str):
        response = decide(moderator, waiting(), "return", reply=reply, reason="Hello.", put_in="1")

        assert response.context["decision_forms"]["return"]["reason"].value() == "Hello."

    def test_the_programme_office_changes_them(self):
        office = scenes.granted(Role.PROGRAMME_OFFICE)

        assert "contributions.change_savedreply" in admin_rights(office)


class TestAuthor:
    def test_what_was_decided_before_about_the_author_stands_beside_it(self, moderator: Client):
        author = scenes.person()
        scenes.initiative(author=author, status=Status.REJECTED)
        scenes.initiative(author=author, status=Status.HIDDEN)
        text = waiting(author=author)

        past = moderator.get(item_url(text)).context["past"]

        assert dict(past.counts) == {"rejected": 1, "published": 1, "hidden": 1}
        assert len(past.last) == 3

    def test_only_of_texts_that_the_reader_may_decide_about(self, client: Client):
        author = scenes.person()
        scenes.initiative(author=author, status=Status.REJECTED, language="bg")
        text = waiting(author=author)
        client.force_login(scenes.moderator(language="nl"))

        past = client.get(item_url(text)).context["past"]

        assert (list(past.counts), list(past.last)) == ([], [])


class TestFigures:
    def test_what_waits_is_counted_by_language_and_area(self, moderator: Client):
        there = scenes.area("daar")
        waiting()
        waiting()
        waiting(where=there, language="pl")
        day = timezone.localdate()
        Dossier.objects.filter(language="pl").update(promised_date=day - datetime.timedelta(days=1))

        page = moderator.get(reverse("moderation:waiting"))

        told = [(one.language, one.area, one.waiting, one.late) for one in page.context["figures"]]
        assert told == [("pl", "Daar", 1, 1), ("nl", "Testwijk", 2, 0)]
        assert "1 text is past its promised date" in words(page)

    def test_a_moderator_counts_what_is_theirs_and_the_office_all_of_its_area(self, client: Client):
        waiting()
        waiting(language="pl")

        for person, count in (
            (scenes.moderator(language="pl"), 1),
            (scenes.granted(Role.PROGRAMME_OFFICE), 2),
            (scenes.granted(Role.PROGRAMME_OFFICE, area=scenes.area("daar")), 0),
        ):
            client.force_login(person)
            assert client.get(reverse("moderation:waiting")).context["waiting"] == count

    def test_the_office_is_alarmed_about_promises_that_break(self, client: Client):
        office = scenes.granted(Role.PROGRAMME_OFFICE)
        waiting()
        Dossier.objects.filter(waiting_since__isnull=False).update(
            promised_date=timezone.localdate() + datetime.timedelta(days=20)
        )
        late = waiting()
        Dossier.objects.filter(pk=late.dossier_id).update(promised_date=timezone.localdate())

        assert promises_at_risk(office, now=timezone.now()) == 1
        assert promises_at_risk(scenes.moderator(), now=timezone.now()) == 0
        client.force_login(office)
        assert "1 text is late, or promised for today" in words(client.get(reverse("account_home")))

    def test_its_cost_does_not_grow(self, moderator: Client):
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert moderator.get(reverse("moderation:waiting")).status_code == 200
            return len(queries)

        crowd.waiting(10)
        cost()
        few = cost()
        crowd.waiting(500)
        assert cost() == few


class TestOrder:
    def test_what_cannot_wait_stands_first_on_every_page(self):
        dossiers = crowd.waiting(PAGE_SIZE * 2 + 10)
        urgent = dossiers[1::2]
        Dossier.objects.filter(pk__in=[one.pk for one in urgent]).update(is_urgent=True)
        reader, seen_pks, cursor = scenes.moderator(), [], ""
        for _page in range(3):
            page = queue_of(reader, now=timezone.now(), after=cursor)
            seen_pks += [row.dossier.pk for row in page.rows]
            cursor = page.next_cursor

        assert seen_pks == [one.pk for one in [*urgent, *dossiers[0::2]]]

    def test_a_page_goes_on_where_it_was_when_its_last_text_is_gone(self):
        dossiers = crowd.waiting(PAGE_SIZE + 2)
        reader = scenes.moderator()
        first = queue_of(reader, now=timezone.now())
        actions.publish(dossier=first.rows[-1].dossier, by=reader)

        page = queue_of(reader, now=timezone.now(), after=first.next_cursor)

        assert [row.dossier.pk for row in page.rows] == [one.pk for one in dossiers[PAGE_SIZE:]]
