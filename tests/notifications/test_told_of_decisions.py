"""What authors are told of decisions about them: always, and not while they can be undone."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from contributions import actions
from contributions.actions import UNDO_WITHIN
from contributions.models import Decision, Dossier, Status
from contributions.tasks import tell_translators
from contributions.translations import digest_of
from ideas.models import Initiative
from moderation.tasks import tell_moderators
from notifications.kinds import kind_named
from notifications.models import Delivery, Event, Notification, Preference
from tests import scenes
from tests.contributions.changing import revise
from tests.notifications.hearing import heard, hearers, numbers

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def dossier_of(text: Any) -> Dossier:
    return Dossier.objects.get(pk=text.dossier_id)


def why() -> dict[str, Any]:
    return {"rule": scenes.house_rule(), "reason": "Not kind, because of **this**."}


class TestDecisions:
    @pytest.mark.parametrize("status", [Status.RETURNED, Status.REJECTED, Status.HIDDEN])
    def test_the_author_is_told_why_and_where_to_disagree(self, status: str):
        text = scenes.initiative("Bankjes", status=status)
        decision = Decision.objects.filter(dossier=text.dossier_id).order_by("pk").last()
        assert decision is not None
        assert text.author is not None

        assert hearers("text_refused") == numbers(text.author)
        about = heard("text_refused", text.author, decision)
        assert about is not None
        assert about.path == f"/nl/beslissingen/{decision.pk}/"
        assert about.values["title"] == "Bankjes"
        assert about.quote.endswith(decision.reason.split()[-1])

    def test_the_author_is_told_that_it_was_placed(self):
        moderator = scenes.moderator()
        text = scenes.initiative("Bankjes", status=Status.SUBMITTED)
        actions.publish(dossier=dossier_of(text), by=moderator)
        assert hearers("text_accepted") == numbers(text.author)
        assert text.author is not None
        about = heard("text_accepted", text.author)
        assert about is not None
        assert about.path == text.get_absolute_url()

    def test_what_went_by_itself_tells_nobody(self):
        author = scenes.trusted(scenes.person())
        scenes.moderator()
        Notification.objects.all().delete()

        text = scenes.initiative(author=author)

        assert text.is_published
        assert hearers("text_accepted") == []

    def test_a_change_that_was_taken_over_or_not_is_told(self):
        text = scenes.initiative("Bankjes")
        Notification.objects.all().delete()
        revise(text, title="Andere bankjes")
        actions.return_revision(dossier=dossier_of(text), by=scenes.moderator(), reason="Why?")
        revise(text, title="Nog andere bankjes")
        actions.accept_revision(dossier=dossier_of(text), by=scenes.moderator())
        assert hearers("text_refused") == numbers(text.author)
        assert hearers("text_accepted") == numbers(text.author)

    def test_it_leaves_the_site_only_when_it_cannot_be_undone_any_more(self):
        text = scenes.initiative()
        now = timezone.now()
        actions.hide(dossier=dossier_of(text), by=scenes.moderator(), now=now, **why())
        row = Delivery.objects.get(notification__event__kind="text_refused")
        assert row.next_try_at == now + UNDO_WITHIN

    def test_whatever_somebody_chose_they_are_told(self):
        text = scenes.initiative()
        Preference.objects.create(person=text.author, pace="weekly", paused_at=timezone.now())
        actions.hide(dossier=dossier_of(text), by=scenes.moderator(), **why())
        assert Delivery.objects.filter(notification__event__kind="text_refused").count() == 1

    def test_what_was_undone_is_told_to_nobody(self):
        text, moderator = scenes.initiative(), scenes.moderator()
        decision = actions.hide(dossier=dossier_of(text), by=moderator, **why())
        assert text.author is not None
        assert heard("text_refused", text.author, decision)

        actions.undo(decision=decision, by=moderator)

        assert heard("text_refused", text.author, decision) is None

    def test_what_was_placed_and_taken_away_since_is_not_on_the_site(self):
        text = scenes.initiative()
        assert text.author is not None
        assert heard("text_accepted", text.author)
        actions.hide(dossier=dossier_of(text), by=scenes.moderator(), **why())
        assert heard("text_accepted", text.author) is None

    def test_of_another_ones_text_nobody_reads(self):
        text = scenes.initiative(status=Status.HIDDEN)
        stranger = scenes.person()
        event = Event.objects.get(kind="text_refused")
        Notification.objects.create(event=event, recipient=stranger)
        assert heard("text_refused", stranger) is None
        assert text.author is not None
        assert heard("text_refused", text.author)

    def test_the_reason_keeps_its_language(self):
        text = scenes.initiative()
        told = {**why(), "words_language": "pl"}
        actions.hide(dossier=dossier_of(text), by=scenes.moderator(), **told)
        assert text.author is not None
        about = heard("text_refused", text.author)
        assert about is not None
        assert about.quote_language == "pl"

    def test_queries_do_not_grow_with_decisions(self, django_assert_num_queries: Any):
        kind = kind_named("text_refused")
        assert kind is not None
        decisions = [
            Decision.objects.get(dossier=text.dossier_id, outcome="hidden").pk
            for text in [
                *(scenes.initiative(status=Status.HIDDEN) for _number in range(3)),
                scenes.comment(scenes.initiative(), status=Status.HIDDEN),
                scenes.remark(status=Status.HIDDEN),
            ]
        ]
        with CaptureQueriesContext(connection) as few:
            kind.load([decisions[0], *decisions[3:]], "nl")
        with django_assert_num_queries(len(few)):
            assert len(kind.load(decisions, "nl")) == 5


class TestAppealsAndMeasures:
    def _appealed(self) -> tuple[Initiative, Any]:
        text = scenes.initiative(status=Status.HIDDEN)
        decision = Decision.objects.get(dossier=text.dossier_id, outcome="hidden")
        return text, actions.appeal(about=decision, by=text.author, words="No.")  # type: ignore[arg-type]

    @pytest.mark.parametrize("granted", [True, False])
    def test_who_asked_for_another_look_is_told(self, granted: bool):
        text, appeal = self._appealed()
        assert text.author is not None
        before = len(hearers("text_accepted"))
        actions.judge(
            appeal=appeal,
            by=scenes.moderator(),
            granted=granted,
            reason="Looked",
            reason_language="en",
        )
        assert hearers("appeal_decided", appeal) == numbers(text.author)
        about = heard("appeal_decided", text.author)
        assert about is not None
        assert (about.quote, about.quote_language) == ("Looked", "en")
        assert about.path == f"/nl/beslissingen/{appeal.decision_id}/"
        # That it is on the site again stands in the same message.
        if granted:
            assert len(hearers("text_accepted")) == before + 1
            assert heard("text_accepted", text.author) is None

    def test_a_pause_is_told_and_lifted_it_is_not(self):
        text, moderator = scenes.initiative(), scenes.moderator()
        decision = actions.warn(dossier=dossier_of(text), by=moderator, **why())
        measure = actions.pause(decision=decision, by=moderator, days=7)
        assert hearers("measure_taken", measure) == numbers(text.author)
        assert text.author is not None
        assert heard("measure_taken", text.author)
        actions.lift(measure=measure, by=scenes.moderator(), reason="Sorry")
        assert heard("measure_taken", text.author) is None

    def test_an_end_is_told_when_a_second_one_agreed(self):
        text, moderator = scenes.initiative(), scenes.moderator()
        decision = actions.warn(dossier=dossier_of(text), by=moderator, **why())
        measure = actions.end(decision=decision, by=moderator)
        assert hearers("measure_taken") == []
        actions.agree(measure=measure, by=scenes.moderator())
        assert hearers("measure_taken", measure) == numbers(text.author)


class TestWaiting:
    def test_moderators_hear_once_a_day_of_what_waits_where_they_read(self):
        here, there = scenes.area("hier"), scenes.area("daar")
        reader = scenes.moderator(area=here, language="nl")
        elsewhere = scenes.moderator(area=there)
        other_language = scenes.moderator(area=here, language="pl")
        scenes.initiative(where=here, status=Status.SUBMITTED)

        tell_moderators()
        tell_moderators()

        # Once each, also who reads everywhere.
        assert hearers("review_waiting").count(reader.pk) == 1
        about = heard("review_waiting", reader)
        assert about is not None
        assert about.values == {"count": 1, "late": 0}
        assert not {elsewhere.pk, other_language.pk} & set(hearers("review_waiting"))

    def test_where_nothing_waits_nobody_hears(self):
        scenes.moderator()
        tell_moderators()
        assert not Event.objects.filter(kind="review_waiting").exists()

    def test_read_in_between_it_waits_no_more(self):
        reader = scenes.moderator()
        text = scenes.initiative(status=Status.SUBMITTED)
        tell_moderators()
        assert heard("review_waiting", reader)
        actions.publish(dossier=dossier_of(text), by=reader)
        assert heard("review_waiting", reader) is None

    def test_contact_persons_hear_of_new_texts_in_other_languages(self):
        polish = scenes.granted(Role.MESSENGER, language="pl")
        scenes.granted(Role.MESSENGER, language="nl")
        scenes.granted(Role.MESSENGER, language="pl", area=scenes.area("anders"))
        text = scenes.initiative(now=timezone.now() - DAY)
        Initiative.objects.filter(pk=text.pk).update(published_at=timezone.now() - DAY)

        tell_translators()
        tell_translators()

        assert hearers("translation_asked") == numbers(polish)
        about = heard("translation_asked", polish)
        assert about is not None
        assert about.values == {"count": 1}

        actions.write_translation(
            contribution=Initiative.objects.get(pk=text.pk),
            language="pl",
            words={"title": "Ławki", "text": "Ławki"},
            by=polish,
            seen=digest_of(text),
        )
        assert heard("translation_asked", polish) is None

    def test_what_is_not_on_the_site_is_for_nobody_to_translate(self):
        scenes.granted(Role.MESSENGER, language="pl")
        text = scenes.initiative(status=Status.HIDDEN)
        Initiative.objects.filter(pk=text.pk).update(published_at=timezone.now() - DAY)
        tell_translators()
        assert not Event.objects.filter(kind="translation_asked").exists()


def test_who_decided_is_not_told() -> None:
    text = scenes.initiative(status=Status.REJECTED)
    decision = Decision.objects.get(dossier=text.dossier_id, outcome="rejected")
    assert decision.decided_by is not None
    assert decision.decided_by.pk not in hearers("text_refused")
    assert User.objects.filter(pk=decision.decided_by.pk).exists()
