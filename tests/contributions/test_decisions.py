"""Decisions: who may take them, about what they read, and that they stay on the record."""

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Role, User
from accounts.records import AppendOnly
from contributions import actions
from contributions.actions import (
    NotAllowed,
    NotPossibleNow,
    ReasonMissing,
    TextChanged,
    version_of,
)
from contributions.models import Contribution, Decision, Dossier, HouseRule, Status
from ideas.actions import change_comment, write, write_pictures
from ideas.models import Initiative
from tests import scenes
from tests.contributions.changing import pictures_form, with_picture
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db


def dossier_of(contribution: Contribution) -> Dossier:
    return Dossier.objects.get(pk=contribution.dossier_id)


def seen(contribution: Contribution) -> str:
    """Return what a moderator who opens the page now has read."""
    return version_of(type(contribution)._default_manager.get(pk=contribution.pk))


def waiting(**fields: Any) -> Initiative:
    return scenes.initiative(status=Status.SUBMITTED, **fields)


class TestOnTheRecord:
    def test_code_cannot_change_a_decision(self):
        decision = Decision.objects.get(dossier=scenes.initiative().dossier)
        decision.reason = "Something else"

        with pytest.raises(AppendOnly):
            decision.save()
        with pytest.raises(AppendOnly):
            Decision.objects.filter(pk=decision.pk).update(reason="Something else")
        with pytest.raises(AppendOnly), transaction.atomic():
            Decision.objects.bulk_update([decision], ["reason"])
        with pytest.raises(AppendOnly):
            decision.dossier.decisions.update(reason="Something else")

    def test_code_cannot_delete_a_decision(self):
        decision = Decision.objects.get(dossier=scenes.initiative().dossier)

        with pytest.raises(AppendOnly):
            decision.delete()
        with pytest.raises(AppendOnly):
            Decision.objects.all().delete()
        with pytest.raises(AppendOnly):
            decision.dossier.decisions.all().delete()

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE contributions_decision SET reason = 'Something else'",
            "UPDATE contributions_decision SET decided_by_id = NULL, automatic = NOT automatic",
            "UPDATE contributions_decision SET id = id + 1000",
        ],
    )
    def test_the_database_refuses_a_change_from_anywhere(self, change: str):
        scenes.initiative()

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(change)

    def test_the_database_refuses_a_change_dressed_as_an_addition(self):
        decision = Decision.objects.get(dossier=scenes.initiative().dossier)
        decision.reason = "Something else"

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Decision.objects.bulk_create(
                [decision],
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=["reason"],
            )

    @pytest.mark.postgresql
    def test_the_database_refuses_a_deletion_from_anywhere(self):
        scenes.initiative()

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute("DELETE FROM contributions_decision")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"automatic": True},
            {"decided_by": None},
            {"outcome": "rejected", "reason": "Not kind."},
            {"outcome": "hidden", "reason": "Not kind."},
            {"outcome": "returned"},
            {"outcome": "revision_returned"},
        ],
        ids=[
            "by-a-person-and-by-itself",
            "by-nobody",
            "rejected-without-rule",
            "hidden-without-rule",
            "returned-without-words",
            "change-returned-without-words",
        ],
    )
    def test_a_decision_that_says_too_little_cannot_be_stored(self, wrong: dict[str, Any]):
        text = scenes.draft()
        decision: dict[str, Any] = {
            "outcome": "kept",
            "from_status": "published",
            "to_status": "published",
            "decided_by": scenes.person(),
            **wrong,
        }

        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(dossier=text.dossier, **decision)

    @pytest.mark.parametrize("outcome", ["rejected", "hidden"])
    def test_a_decision_against_needs_a_reason_beside_the_rule(self, outcome: str):
        text = scenes.draft()

        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(
                dossier=text.dossier,
                outcome=outcome,
                from_status="submitted",
                to_status="rejected",
                rule=scenes.house_rule(),
                reason="",
                decided_by=scenes.person(),
            )


class TestWhatItSays:
    def test_it_names_the_rule_the_reason_the_facts_who_and_when(self):
        text, reader, rule = waiting(), scenes.moderator(), scenes.house_rule("private-data")
        moment = timezone.now() + datetime.timedelta(minutes=5)

        decision = actions.reject(
            dossier=dossier_of(text),
            by=reader,
            rule=rule,
            reason="A telephone number stands in it.",
            facts="The third line",
            now=moment,
        )

        decision.refresh_from_db()
        assert decision.rule == rule
        assert decision.reason == "A telephone number stands in it."
        assert decision.facts == "The third line"
        assert decision.decided_by == reader
        assert decision.decided_at == moment
        assert not decision.automatic

    @pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
    def test_nobody_is_refused_without_a_reason(self, reason: str):
        text, shown, reader = waiting(), scenes.initiative(), scenes.moderator()
        why: dict[str, Any] = {"by": reader, "rule": scenes.house_rule(), "reason": reason}

        with pytest.raises(ReasonMissing):
            actions.send_back(dossier=dossier_of(text), **why)
        with pytest.raises(ReasonMissing):
            actions.reject(dossier=dossier_of(text), **why)
        with pytest.raises(ReasonMissing):
            actions.hide(dossier=dossier_of(shown), **why)
        with pytest.raises(ReasonMissing):
            actions.return_revision(dossier=dossier_of(shown), **why)

        text.refresh_from_db()
        assert text.status == Status.SUBMITTED

    def test_nobody_is_refused_without_a_house_rule(self):
        text, shown, reader = waiting(), scenes.initiative(), scenes.moderator()
        why: dict[str, Any] = {"by": reader, "rule": None, "reason": "Not kind."}

        with pytest.raises(ReasonMissing):
            actions.reject(dossier=dossier_of(text), **why)
        with pytest.raises(ReasonMissing):
            actions.hide(dossier=dossier_of(shown), **why)

    def test_a_text_is_sent_back_without_a_rule_where_only_something_is_missing(self):
        text = waiting()

        decision = actions.send_back(
            dossier=dossier_of(text), by=scenes.moderator(), reason="Which street?"
        )

        assert decision.rule is None
        text.refresh_from_db()
        assert text.status == Status.RETURNED

    @pytest.mark.parametrize("verb", ["publish", "send_back", "reject"])
    def test_what_is_decided_leaves_the_queue(self, verb: str):
        text = waiting()
        because = {
            "publish": {},
            "send_back": {"reason": "Which street?"},
            "reject": {"reason": "Not kind.", "rule": scenes.house_rule()},
        }

        getattr(actions, verb)(dossier=dossier_of(text), by=scenes.moderator(), **because[verb])

        assert not Dossier.objects.waiting().exists()
        dossier = dossier_of(text)
        assert (dossier.review, dossier.promised_date, dossier.review_reasons) == ("none", None, [])

    def test_what_was_published_at_once_is_kept_by_who_read_it(self):
        reader = scenes.moderator()
        text = scenes.initiative(author=scenes.trusted(scenes.person()))
        assert dossier_of(text).review == "after"

        decision = actions.keep(dossier=dossier_of(text), by=reader)

        assert decision.outcome == "kept"
        assert dossier_of(text).waiting_since is None
        text.refresh_from_db()
        assert text.status == Status.PUBLISHED
        with pytest.raises(NotPossibleNow):
            actions.keep(dossier=dossier_of(text), by=reader)


class TestAboutWhatWasRead:
    def test_a_decision_about_the_words_that_were_read_is_taken(self):
        text = waiting()

        actions.publish(dossier=dossier_of(text), by=scenes.moderator(), seen=seen(text))

        text.refresh_from_db()
        assert text.status == Status.PUBLISHED

    @pytest.mark.parametrize("verb", ["publish", "send_back", "reject"])
    def test_a_text_that_was_changed_while_it_was_read_is_read_again(self, verb: str):
        text, reader, rule = waiting(), scenes.moderator(), scenes.house_rule()
        because = {
            "publish": {},
            "send_back": {"reason": "Which street?"},
            "reject": {"reason": "Not kind.", "rule": rule},
        }
        before = seen(text)
        write(initiative=text, by=text.author, draft_key="", values={"text": "Buy my things"})

        with pytest.raises(TextChanged):
            getattr(actions, verb)(
                dossier=dossier_of(text), by=reader, seen=before, **because[verb]
            )

        text.refresh_from_db()
        assert text.status == Status.SUBMITTED

    def test_a_picture_that_came_while_the_text_was_read_counts_as_a_change(self):
        text = waiting()
        before = seen(text)
        write_pictures(
            initiative=text,
            by=text.author,
            draft_key="",
            form=pictures_form(text, **with_picture()),
        )

        with pytest.raises(TextChanged):
            actions.publish(dossier=dossier_of(text), by=scenes.moderator(), seen=before)

    def test_a_comment_that_was_changed_while_it_was_read_is_read_again(self):
        remark = scenes.comment(scenes.initiative(), status=Status.SUBMITTED)
        before = seen(remark)
        change_comment(
            comment=remark, by=remark.author, draft_key="", values={"text": "Buy my things"}
        )

        with pytest.raises(TextChanged):
            actions.publish(dossier=dossier_of(remark), by=scenes.moderator(), seen=before)

    def test_a_colleague_who_decided_first_is_heard_first(self):
        text, rule = waiting(), scenes.house_rule()
        before = seen(text)
        actions.publish(dossier=dossier_of(text), by=scenes.moderator(), seen=before)

        with pytest.raises(NotPossibleNow):
            actions.reject(
                dossier=dossier_of(text),
                by=scenes.moderator(),
                rule=rule,
                reason="Not kind.",
                seen=before,
            )

        text.refresh_from_db()
        assert text.status == Status.PUBLISHED

    def test_a_colleague_who_kept_it_first_is_heard_first(self):
        scenes.moderator()
        text = scenes.initiative(author=scenes.trusted(scenes.person()))
        before = seen(text)
        actions.keep(dossier=dossier_of(text), by=scenes.moderator(), seen=before)

        with pytest.raises(NotPossibleNow):
            actions.hide(
                dossier=dossier_of(text),
                by=scenes.moderator(),
                rule=scenes.house_rule(),
                reason="Not kind.",
                seen=before,
            )

    def test_one_who_withdrew_and_sent_it_in_again_is_read_again(self):
        text = waiting()
        before = seen(text)
        actions.withdraw(contribution=text, by=text.author)
        actions.submit(contribution=text, by=text.author)

        with pytest.raises(TextChanged):
            actions.publish(dossier=dossier_of(text), by=scenes.moderator(), seen=before)


class TestByWhom:
    def test_nobody_decides_about_their_own_text(self):
        author = scenes.moderator()
        text = waiting(author=author)

        with pytest.raises(NotAllowed):
            actions.publish(dossier=dossier_of(text), by=author)

    def test_nobody_decides_about_a_text_that_they_entered_for_someone_else(self):
        helper = scenes.moderator()
        text = waiting()
        Initiative.objects.filter(pk=text.pk).update(entered_by=helper)

        with pytest.raises(NotAllowed):
            actions.publish(dossier=dossier_of(text), by=helper)

    @pytest.mark.parametrize(
        "role", [role for role in Role.values if role not in (Role.MODERATOR, Role.MESSENGER)]
    )
    def test_no_other_role_decides(self, role: str):
        text = waiting()

        with pytest.raises(NotAllowed):
            actions.publish(dossier=dossier_of(text), by=scenes.granted(role))

    def test_a_messenger_does_not_decide_either(self):
        text = waiting(language="pl")

        with pytest.raises(NotAllowed):
            actions.publish(dossier=dossier_of(text), by=scenes.granted(Role.MESSENGER))

    def test_a_grant_reaches_its_area_and_all_that_lies_inside(self):
        city = scenes.area("stad")
        district = scenes.area("stadsdeel", parent=city)
        here = scenes.area("wijk", parent=district)
        beside = scenes.area("andere-wijk", parent=city)

        def may(granted: Any, text_in: Any) -> bool:
            try:
                actions.publish(
                    dossier=dossier_of(waiting(where=text_in)), by=scenes.moderator(area=granted)
                )
            except NotAllowed:
                return False
            return True

        assert may(None, here)
        assert may(city, here)
        assert may(district, here)
        assert may(here, here)
        assert not may(beside, here)
        assert not may(here, district)

    @pytest.mark.parametrize(
        ("granted", "language", "allowed"),
        [("", "bg", True), ("bg", "bg", True), ("pl", "bg", False), ("bg", "nl", False)],
    )
    def test_a_grant_reaches_its_language(self, granted: str, language: str, allowed: bool):
        text, reader = waiting(language=language), scenes.moderator(language=granted)

        if allowed:
            actions.publish(dossier=dossier_of(text), by=reader)
        else:
            with pytest.raises(NotAllowed):
                actions.publish(dossier=dossier_of(text), by=reader)

    def test_area_and_language_count_together_not_each_on_its_own(self):
        here, there = scenes.area("hier"), scenes.area("daar")
        reader = scenes.moderator(area=here, language="nl")
        reader = scenes.granted(Role.MODERATOR, area=there, language="pl", user=reader)

        with pytest.raises(NotAllowed):
            actions.publish(dossier=dossier_of(waiting(where=here, language="pl")), by=reader)
        actions.publish(dossier=dossier_of(waiting(where=there, language="pl")), by=reader)

    @pytest.mark.parametrize(
        "span",
        [
            {"ends_at": datetime.timedelta(seconds=-1)},
            {"starts_at": datetime.timedelta(hours=1)},
        ],
        ids=["ended", "not-begun"],
    )
    def test_a_grant_counts_only_while_it_lasts(self, span: dict[str, datetime.timedelta]):
        moments = {name: timezone.now() + away for name, away in span.items()}
        reader = scenes.granted(Role.MODERATOR, **moments)

        with pytest.raises(NotAllowed):
            actions.publish(dossier=dossier_of(waiting()), by=reader)

    def test_a_closed_account_decides_nothing(self):
        reader = scenes.moderator()
        User.objects.filter(pk=reader.pk).update(is_active=False)

        with pytest.raises(NotAllowed):
            actions.publish(dossier=dossier_of(waiting()), by=User.objects.get(pk=reader.pk))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    def test_of_many_moderators_exactly_one_decides(self):
        text, rule = waiting(), scenes.house_rule()
        read = seen(text)
        readers = [scenes.moderator() for _caller in range(CALLERS)]
        dossier = dossier_of(text)

        def call(number: int) -> Any:
            common: dict[str, Any] = {"dossier": dossier, "by": readers[number], "seen": read}
            match number % 3:
                case 0:
                    return lambda: actions.publish(**common)
                case 1:
                    return lambda: actions.send_back(**common, reason="Which street?")
            return lambda: actions.reject(**common, rule=rule, reason="Not kind.")

        outcomes = at_once([call(number) for number in range(CALLERS)])

        taken = [outcome for outcome in outcomes if isinstance(outcome, Decision)]
        refused = [outcome for outcome in outcomes if isinstance(outcome, NotPossibleNow)]
        assert (len(taken), len(refused)) == (1, CALLERS - 1), outcomes
        text.refresh_from_db()
        assert Decision.objects.get(dossier=dossier).to_status == text.status

    def test_of_many_moderators_exactly_one_keeps_what_is_on_the_site(self):
        scenes.moderator()
        text = scenes.initiative(author=scenes.trusted(scenes.person()))
        read, dossier = seen(text), dossier_of(text)
        readers = [scenes.moderator() for _caller in range(CALLERS)]

        outcomes = at_once(
            [lambda by=by: actions.keep(dossier=dossier, by=by, seen=read) for by in readers]
        )

        taken = [outcome for outcome in outcomes if isinstance(outcome, Decision)]
        assert len(taken) == 1, outcomes
        assert Decision.objects.filter(dossier=dossier, outcome="kept").count() == 1

    def test_a_text_handed_in_many_times_at_once_is_handed_in_once(self):
        author = scenes.trusted(scenes.person())
        scenes.moderator()
        text = scenes.draft(author=author)

        outcomes = at_once(
            [lambda: actions.submit(contribution=text, by=author) for _caller in range(CALLERS)]
        )

        assert sum(isinstance(outcome, Initiative) for outcome in outcomes) == 1, outcomes
        assert Decision.objects.filter(dossier=text.dossier).count() == 1

    def test_no_edit_slips_in_beside_a_publication(self):
        texts = [waiting() for _pair in range(CALLERS // 2)]
        reader = scenes.moderator()

        def edit(text: Initiative) -> Any:
            return lambda: write(
                initiative=text, by=text.author, draft_key="", values={"text": "Buy my things"}
            )

        def publish(text: Initiative, read: str) -> Any:
            return lambda: actions.publish(dossier=dossier_of(text), by=reader, seen=read)

        calls = [call for text in texts for call in (edit(text), publish(text, seen(text)))]
        outcomes = at_once(calls)

        for number, text in enumerate(texts):
            edited, published = outcomes[2 * number : 2 * number + 2]
            text.refresh_from_db()
            if text.status == Status.PUBLISHED:
                assert text.text != "Buy my things"
                assert isinstance(edited, NotPossibleNow)
            else:
                assert text.text == "Buy my things"
                assert isinstance(published, TextChanged)


def test_a_rule_that_decisions_point_at_stays():
    text, rule = waiting(), scenes.house_rule()
    actions.reject(dossier=dossier_of(text), by=scenes.moderator(), rule=rule, reason="Not kind.")

    with pytest.raises(IntegrityError), transaction.atomic():
        HouseRule.objects.filter(pk=rule.pk).delete()
