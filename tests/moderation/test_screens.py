"""The moderators' pages, through the client."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, User
from contributions import actions
from contributions.actions import version_of
from contributions.models import Contribution, Decision, Dossier, Status
from ideas.actions import answer, write
from ideas.models import Initiative
from tests import scenes
from tests.contributions.changing import add_picture, revise, with_picture
from tests.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.either]

QUEUE = "moderation:queue"
#: The programme office reviews what was passed on to it.
REVIEWING = {Role.MODERATOR, Role.PROGRAMME_OFFICE}


def item_url(contribution: Contribution) -> str:
    return reverse("moderation:item", args=[contribution.dossier_id])


def seen(contribution: Contribution) -> str:
    return version_of(type(contribution)._default_manager.get(pk=contribution.pk))


def waiting(**fields: Any) -> Initiative:
    return scenes.initiative(status=Status.SUBMITTED, **fields)


@pytest.fixture
def reader() -> User:
    return scenes.moderator()


@pytest.fixture
def moderator(client: Client, reader: User) -> Client:
    client.force_login(reader)
    return client


def decide(client: Client, text: Contribution, decision: str, **typed: Any) -> Any:
    data = {"decision": decision, "seen": seen(text), **typed}
    return client.post(item_url(text), data)


class TestWhoComesIn:
    def test_a_visitor_signs_in_first(self, client: Client):
        for url in (reverse(QUEUE), item_url(waiting())):
            response = client.get(url)
            assert response.status_code == 302
            assert response["Location"].startswith(reverse("account_login"))

    @pytest.mark.parametrize("role", ["", *sorted(set(Role.values) - REVIEWING)])
    def test_for_who_is_no_moderator_these_pages_do_not_exist(self, client: Client, role: str):
        text = waiting()
        client.force_login(scenes.granted(role) if role else scenes.person())

        assert client.get(reverse(QUEUE)).status_code == 404
        assert client.get(item_url(text)).status_code == 404
        assert decide(client, text, "publish").status_code == 404
        text.refresh_from_db()
        assert text.status == Status.SUBMITTED

    def test_for_the_author_neither(self, client: Client):
        text = waiting()
        client.force_login(text.author)

        assert client.get(item_url(text)).status_code == 404

    @pytest.mark.parametrize("scope", ["area", "language"])
    def test_what_lies_outside_the_grants_does_not_exist(self, client: Client, scope: str):
        text = waiting()
        there: dict[str, Any] = (
            {"area": scenes.area("daar")} if scope == "area" else {"language": "bg"}
        )
        client.force_login(scenes.moderator(**there))

        assert client.get(item_url(text)).status_code == 404
        assert decide(client, text, "publish").status_code == 404
        assert "A bench on the square" not in words(client.get(reverse(QUEUE)))

    @pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
    def test_what_its_author_keeps_to_themselves_does_not_exist(
        self, moderator: Client, status: str
    ):
        text = scenes.initiative(status=status)

        assert moderator.get(item_url(text)).status_code == 404

    @pytest.mark.parametrize("number", ["0", "01", "-1", "1e1", "999999999999999999", "x"])
    def test_a_number_that_is_none_does_not_exist(self, moderator: Client, number: str):
        assert moderator.get(f"{reverse(QUEUE)}{number}/").status_code == 404

    def test_nothing_is_decided_by_opening_an_address(self, moderator: Client):
        text = waiting()

        response = moderator.get(item_url(text), {"decision": "publish", "seen": seen(text)})

        assert response.status_code == 200
        text.refresh_from_db()
        assert text.status == Status.SUBMITTED

    def test_the_pages_are_kept_in_no_cache(self, moderator: Client):
        for url in (reverse(QUEUE), item_url(waiting())):
            assert "no-store" in moderator.get(url)["Cache-Control"]


class TestReading:
    def test_the_queue_leads_to_the_text(self, moderator: Client):
        text = waiting()

        page = moderator.get(reverse(QUEUE))

        assert "A bench on the square" in words(page)
        assert item_url(text) in page.content.decode()

    def test_an_empty_queue_says_so(self, moderator: Client):
        assert moderator.get(reverse(QUEUE)).status_code == 200

    def test_all_that_others_will_read_stands_there(self, moderator: Client):
        text = waiting(
            help_wanted="Somebody with a saw",
            address_line="By the old tree",
            groups=[scenes.target_group("jongeren")],
        )
        add_picture(text, "The empty square")

        page = words(moderator.get(item_url(text)))

        for told in (
            "A bench on the square",
            "There is no place to sit.",
            "Somebody with a saw",
            "By the old tree",
            "jongeren",
            "The empty square",
            text.author.public_name,
        ):
            assert told in page

    def test_a_text_is_read_as_it_was_typed(self, moderator: Client):
        text = waiting(text="<script>alert('zq')</script> and **bold**")

        html = moderator.get(item_url(text)).content.decode()

        assert "<script>alert(" not in html
        assert "and **bold**" in html

    def test_a_change_stands_beside_what_it_replaces(self, moderator: Client):
        text = scenes.initiative()
        revise(text, title="Two benches", pictures=with_picture("The old tree"))

        page = words(moderator.get(item_url(text)))

        assert "A bench on the square" in page
        assert "Two benches" in page
        assert "The old tree" in page

    def test_a_comment_is_read_with_what_it_stands_under(self, moderator: Client):
        remark = scenes.comment(
            scenes.initiative("A tree"), "Too much shade", status=Status.SUBMITTED
        )

        page = words(moderator.get(item_url(remark)))

        assert "A tree" in page
        assert "Too much shade" in page

    def test_what_was_decided_before_stands_there(self, moderator: Client):
        text = scenes.initiative()
        scenes.bring(text, Status.HIDDEN)

        assert "Not kind." in words(moderator.get(item_url(text)))

    def test_an_official_answer_can_be_opened(self, moderator: Client):
        official = answer(
            initiative=scenes.initiative(),
            by=scenes.granted(Role.PROGRAMME_OFFICE),
            outcome="adopted",
            text="We build it in May.",
            language="nl",
        )

        assert "We build it in May." in words(moderator.get(item_url(official)))


class TestDeciding:
    @pytest.mark.parametrize(
        ("status", "decision", "to"),
        [
            (Status.SUBMITTED, "publish", Status.PUBLISHED),
            (Status.SUBMITTED, "return", Status.RETURNED),
            (Status.SUBMITTED, "reject", Status.REJECTED),
            (Status.PUBLISHED, "hide", Status.HIDDEN),
            (Status.HIDDEN, "restore", Status.PUBLISHED),
        ],
    )
    def test_a_decision_is_taken_and_the_queue_comes_back(
        self, moderator: Client, reader: User, status: str, decision: str, to: str
    ):
        text, rule = scenes.initiative(status=status), scenes.house_rule()

        response = decide(
            moderator, text, decision, rule=rule.pk, reason="Say it kindly.", facts="Line 3"
        )

        assert response.status_code == 302
        assert response["Location"] == reverse(QUEUE)
        text.refresh_from_db()
        assert text.status == to
        taken = Decision.objects.filter(dossier=text.dossier).last()
        assert taken.decided_by == reader
        assert taken.to_status == to
        if decision in {"return", "reject", "hide"}:
            assert (taken.rule, taken.reason, taken.facts) == (rule, "Say it kindly.", "Line 3")

    def test_what_was_published_at_once_is_kept(self, moderator: Client):
        text = scenes.initiative(author=scenes.trusted(scenes.person()))

        assert decide(moderator, text, "keep").status_code == 302
        assert Dossier.objects.get(pk=text.dossier_id).waiting_since is None

    @pytest.mark.parametrize(
        ("decision", "title"),
        [("accept_revision", "Two benches"), ("return_revision", "A bench on the square")],
    )
    def test_a_change_is_taken_over_or_not(self, moderator: Client, decision: str, title: str):
        text = scenes.initiative()
        revise(text, title="Two benches")

        assert decide(moderator, text, decision, reason="One is enough.").status_code == 302
        text.refresh_from_db()
        assert text.title == title

    def test_a_comment_is_decided_about_in_the_same_way(self, moderator: Client):
        remark = scenes.comment(scenes.initiative(), status=Status.SUBMITTED)

        decide(moderator, remark, "publish")

        remark.refresh_from_db()
        assert remark.status == Status.PUBLISHED

    def test_the_words_on_the_record_are_cleaned(self, moderator: Client):
        text = waiting()

        decide(moderator, text, "return", reason=" Say\x00 it\u202e kindly. \r\n", facts="a\nb")

        taken = Decision.objects.get(dossier=text.dossier)
        assert (taken.reason, taken.facts) == ("Say it kindly.", "a b")


class TestErrors:
    def error(
        self,
        response: Any,
        text: Contribution,
        status: str = Status.SUBMITTED,
        code: int = 422,
    ) -> str:
        assert response.status_code == code
        text.refresh_from_db()
        assert text.status == status
        return words(response)

    @pytest.mark.parametrize(
        ("decision", "typed"),
        [
            ("return", {"facts": "zqfacts"}),
            ("reject", {"facts": "zqfacts", "reason": "zqreason"}),
            ("reject", {"facts": "zqfacts"}),
            ("reject", {"facts": "zqfacts", "reason": "zqreason", "rule": "999999"}),
            ("reject", {"facts": "zqfacts", "reason": "zqreason", "rule": "\x00"}),
            ("reject", {"facts": "zqfacts" + "x" * 500, "reason": "zqreason"}),
            ("return", {"facts": "zqfacts", "reason": "zqreason" + "x" * 2000}),
            ("return", {"facts": "zqfacts", "reason": " \t\x00 "}),
        ],
    )
    def test_what_is_missing_is_said_and_what_was_typed_is_kept(
        self, moderator: Client, decision: str, typed: dict[str, str]
    ):
        text = waiting()
        scenes.house_rule()

        response = decide(moderator, text, decision, **typed)

        self.error(response, text)
        html = response.content.decode()
        for word in ("zqfacts", "zqreason"):
            assert (word in html) == any(word in value for value in typed.values())

    def test_an_old_version_of_a_rule_is_not_chosen_any_more(self, moderator: Client):
        text, rule = waiting(), scenes.house_rule()
        old = rule.pk
        rule.text = "Other words."
        actions.replace_house_rule(rule=rule)

        self.error(decide(moderator, text, "reject", reason="Not kind.", rule=old), text)

    @pytest.mark.parametrize(
        "decision",
        ["", "approve", "hide", "keep", "restore", "%d", "%s%s", "<script>", "x\x00", "p" * 5000],
    )
    def test_a_decision_that_cannot_be_taken_now_is_refused(self, moderator: Client, decision: str):
        text = waiting()

        response = decide(moderator, text, decision, reason="x", rule=scenes.house_rule().pk)

        self.error(response, text)
        assert "<script>" not in response.content.decode()

    def test_a_form_without_anything_is_refused(self, moderator: Client):
        text = waiting()

        self.error(moderator.post(item_url(text)), text)

    def test_a_text_that_was_changed_is_read_again_and_can_then_be_decided(self, moderator: Client):
        text = waiting()
        read = seen(text)
        write(initiative=text, by=text.author, draft_key="", values={"text": "Two benches now"})

        response = decide(moderator, text, "return", seen=read, reason="zqreason")

        page = self.error(response, text, code=409)
        assert "Two benches now" in page
        assert "zqreason" in page
        form = response.context["decision_forms"]["return"]
        again = moderator.post(
            item_url(text),
            {name: form[name].value() or "" for name in ("decision", "seen", "reason")},
        )
        assert again.status_code == 302
        text.refresh_from_db()
        assert text.status == Status.RETURNED

    def test_a_colleague_who_was_first_is_heard_first(self, moderator: Client):
        text, rule = waiting(), scenes.house_rule()
        read = seen(text)
        first = scenes.granted(Role.MODERATOR, user=scenes.person("Anna"))
        actions.publish(dossier=text.dossier, by=first, seen=read)

        response = decide(moderator, text, "reject", seen=read, rule=rule.pk, reason="No.")

        page = self.error(response, text, Status.PUBLISHED, code=409)
        assert "Anna decided on" in page
        assert "published" in page

    def test_nobody_decides_about_their_own_text(self, moderator: Client, reader: User):
        text = waiting(author=reader)

        page = moderator.get(item_url(text))
        response = decide(moderator, text, "publish")

        assert page.status_code == 200
        assert page.context["decision_forms"] == {}
        self.error(response, text)


class TestCost:
    def test_a_page_costs_as_much_after_many_decisions_as_after_one(self, moderator: Client):
        text, rule = scenes.initiative(), scenes.house_rule()

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert moderator.get(item_url(text)).status_code == 200
            return len(queries)

        moderator.get(item_url(text))
        few = cost()
        for _time in range(10):
            reader = scenes.moderator()
            actions.hide(dossier=text.dossier, by=reader, rule=rule, reason="Not kind.")
            actions.restore(dossier=text.dossier, by=reader)

        assert cost() == few
        # Among them one for each kind of which the author may have published something, one for
        # whether the moderator does the initiative too, and one for what checks found.
        assert few <= 39
