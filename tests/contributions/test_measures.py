"""A pause and the end of taking part: what stops, what goes on, and who says so."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone, translation

from accounts.models import Role, User
from contributions import actions
from contributions.actions import (
    HasRole,
    MeasureHolds,
    NobodyToMeasure,
    NotAllowed,
    NotPossibleNow,
    ReasonMissing,
    WrongTerm,
)
from contributions.models import Decision, Measure, Status
from contributions.permissions import measure_on
from contributions.pictures import encode
from ideas import actions as ideas
from ideas.models import Initiative
from jongerenraad.actions.members import change_first_name
from jongerenraad.actions.portraits import agree_to_portrait
from jongerenraad.actions.votes import write_minority_view
from jongerenraad.models import Matter, Membership
from tests import councils, scenes
from tests.contributions.changing import revise
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def warned(text: Initiative | None = None, by: User | None = None) -> Decision:
    text = text or scenes.initiative()
    return actions.warn(
        dossier=text.dossier,
        by=by or scenes.moderator(),
        rule=scenes.house_rule(),
        reason="Not kind.",
    )


def paused(text: Initiative, days: int = 7, **told: Any) -> Measure:
    by = scenes.moderator()
    return actions.pause(decision=warned(text, by), by=by, days=days, **told)


def ended(text: Initiative) -> Measure:
    by = scenes.moderator()
    return actions.end(decision=warned(text, by), by=by)


class TestWhatStops:
    def test_a_paused_person_hands_nothing_in(self):
        text = scenes.initiative()
        paused(text)
        draft = scenes.draft(author=text.author)

        with translation.override("en"), pytest.raises(MeasureHolds, match="until the end of"):
            ideas.hand_in(initiative=draft, by=text.author)
        draft.refresh_from_db()
        assert draft.status == Status.DRAFT

    @pytest.mark.parametrize(
        "write",
        [
            lambda text, _on: revise(text, title="Worse"),
            lambda text, on: scenes.comment(on, author=text.author),
            lambda text, _on: scenes.update(text),
            lambda text, _on: scenes.invited(text),
            lambda text, on: scenes.offered(on, helper=text.author),
            lambda text, on: ideas.accept_invitation(
                token=scenes.invited(on, text.author.email).token,
                by=text.author,
                now=timezone.now(),
            ),
        ],
        ids=["change", "comment", "news", "invite", "offer help", "join"],
    )
    def test_nor_writes_in_any_other_way(self, write: Callable[..., Any]):
        text, on = scenes.initiative(), scenes.initiative("Of another")
        paused(text)

        with pytest.raises(MeasureHolds):
            write(text, on)

    def test_what_waits_is_not_changed_either(self):
        text = scenes.initiative(status=Status.SUBMITTED)
        paused(scenes.initiative(author=text.author))

        with pytest.raises(MeasureHolds):
            ideas.write(initiative=text, by=text.author, draft_key="", values={"title": "Worse"})

    def test_an_ended_person_neither(self):
        text = scenes.initiative()
        actions.agree(measure=ended(text), by=scenes.moderator())

        with translation.override("en"), pytest.raises(MeasureHolds, match="any more"):
            scenes.comment(text, author=text.author)

    def test_nor_on_the_page_of_the_council(self):
        council = councils.council()
        seat = Membership.objects.filter(term__council=council).first()
        assert seat is not None
        paused(scenes.initiative(author=seat.person))

        with pytest.raises(MeasureHolds):
            change_first_name(membership=seat, by=seat.person, first_name="Zqname")
        with pytest.raises(MeasureHolds):
            agree_to_portrait(
                membership=seat, by=seat.person, encoded=encode(scenes.picture_file())
            )
        with pytest.raises(MeasureHolds):
            write_minority_view(matter=Matter(), text="No.", language="nl", by=seat.person)

    def test_who_has_a_seat_is_not_ended(self):
        council = councils.council()
        seat = Membership.objects.filter(term__council=council).first()
        assert seat is not None
        with pytest.raises(HasRole):
            ended(scenes.initiative(author=seat.person))


class TestWhatGoesOn:
    def test_texts_stay_on_the_site(self):
        text = scenes.initiative()
        paused(text)

        text.refresh_from_db()
        assert text.status == Status.PUBLISHED

    def test_support_is_given_and_taken_back(self):
        text, on = scenes.initiative(), scenes.initiative("Of another")
        paused(text)

        ideas.give_support(initiative_pk=on.pk, person=text.author)
        ideas.take_back_support(initiative_pk=on.pk, person=text.author)

    def test_drafts_are_written_and_texts_taken_away(self):
        text = scenes.initiative()
        paused(text)

        ideas.write(
            initiative=scenes.draft(author=text.author),
            by=text.author,
            draft_key="",
            values={"title": "For later"},
        )
        actions.withdraw(contribution=text, by=text.author)

    def test_a_pause_that_is_over_needs_nothing_done(self):
        text = scenes.initiative()
        measure = paused(text, days=7)
        last = timezone.localdate() + 7 * DAY

        assert measure.last_date == last
        assert measure_on(text.author, measure.ends_at - DAY / 24) == measure
        assert measure_on(text.author, measure.ends_at) is None

    def test_of_two_pauses_the_longest_counts(self):
        author = scenes.person()
        one, other = scenes.initiative(author=author), scenes.initiative("Other", author=author)
        paused(one, days=30)
        paused(other, days=2)

        measure = measure_on(author, timezone.now())
        assert measure is not None
        assert measure.last_date == timezone.localdate() + 30 * DAY


class TestWhoDecides:
    @pytest.mark.parametrize("days", [0, -1, 91])
    def test_a_pause_takes_one_to_ninety_days(self, days: int):
        with pytest.raises(WrongTerm):
            paused(scenes.initiative(), days=days)

    def test_a_measure_comes_with_ones_own_decision_once(self):
        by = scenes.moderator()
        decision = warned(by=by)

        with pytest.raises(NotAllowed):
            actions.pause(decision=decision, by=scenes.moderator(), days=3)
        actions.pause(decision=decision, by=by, days=3)
        with pytest.raises(NotPossibleNow):
            actions.pause(decision=decision, by=by, days=3)

    def test_not_with_a_decision_that_does_no_harm(self):
        text, by = scenes.initiative(status=Status.SUBMITTED), scenes.moderator()
        decision = actions.publish(dossier=text.dossier, by=by)

        with pytest.raises(NotPossibleNow):
            actions.pause(decision=decision, by=by, days=3)

    def test_an_end_needs_a_second_moderators_yes(self):
        text = scenes.initiative()
        measure = ended(text)
        first = measure.decided_by
        assert measure_on(text.author, timezone.now()) is None

        with pytest.raises(NotAllowed):
            actions.agree(measure=measure, by=User.objects.get(pk=first.pk))
        with pytest.raises(NotAllowed):
            actions.agree(measure=measure, by=scenes.moderator(area=scenes.area("elders")))
        actions.agree(measure=measure, by=scenes.moderator())

        assert measure_on(text.author, timezone.now()) == measure

    def test_a_second_moderator_can_say_no(self):
        text = scenes.initiative()
        measure = actions.lift(
            measure=ended(text), by=scenes.moderator(), reason="A pause is enough."
        )

        with pytest.raises(NotPossibleNow):
            actions.agree(measure=measure, by=scenes.moderator())
        assert measure_on(text.author, timezone.now()) is None

    def test_an_administrators_end_holds_at_once_if_they_are_a_moderator_too(self):
        text = scenes.initiative()
        by = scenes.granted(Role.ADMINISTRATOR, user=scenes.moderator())

        measure = actions.end(decision=warned(text, by), by=by)

        assert measure_on(text.author, timezone.now()) == measure

    def test_an_administrator_without_a_grant_decides_nothing(self):
        with pytest.raises(NotAllowed):
            warned(by=scenes.granted(Role.ADMINISTRATOR))

    @pytest.mark.parametrize("role", [Role.MESSENGER, Role.PROGRAMME_OFFICE])
    def test_nobody_with_a_role_is_ended(self, role: str):
        text = scenes.initiative(author=scenes.granted(role))

        with pytest.raises(HasRole):
            ended(text)

    def test_nor_who_was_given_one_before_the_second_yes(self):
        text = scenes.initiative()
        measure = ended(text)
        scenes.granted(Role.MESSENGER, user=text.author)

        with pytest.raises(HasRole):
            actions.agree(measure=measure, by=scenes.moderator())

    def test_a_text_without_an_account_pauses_nobody(self):
        text, by = scenes.initiative(), scenes.moderator()
        decision = warned(text, by)
        Initiative.objects.filter(pk=text.pk).update(author=None, channel="paper")

        with pytest.raises(NobodyToMeasure):
            actions.pause(decision=decision, by=by, days=3)


class TestLifting:
    def test_it_is_lifted_with_a_reason(self):
        text = scenes.initiative()
        measure = paused(text)

        with pytest.raises(ReasonMissing):
            actions.lift(measure=measure, by=scenes.moderator(), reason=" ")
        actions.lift(measure=measure, by=scenes.moderator(), reason="We talked.")

        assert measure_on(text.author, timezone.now()) is None
        with pytest.raises(NotPossibleNow):
            actions.lift(measure=measure, by=scenes.moderator(), reason="We talked.")

    def test_not_by_a_moderator_of_elsewhere_nor_by_oneself(self):
        author = scenes.moderator()
        measure = paused(scenes.initiative(author=author))

        for by in (scenes.moderator(area=scenes.area("elders")), author):
            with pytest.raises(NotAllowed):
                actions.lift(measure=measure, by=by, reason="We talked.")


class TestPicturesAndWarnings:
    def test_a_warned_text_stays_and_counts_as_read(self):
        author = scenes.trusted(scenes.person())
        scenes.moderator()
        text = scenes.initiative("One more", author=author)
        assert text.dossier.review == "after"

        warned(text)

        text.dossier.refresh_from_db()
        text.refresh_from_db()
        assert text.status == Status.PUBLISHED
        assert text.dossier.review == "none"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_many_yeses_at_once_one_is_the_second():
    measure = ended(scenes.initiative())
    readers = [scenes.moderator() for _number in range(CALLERS)]

    outcomes = at_once([lambda by=by: actions.agree(measure=measure, by=by) for by in readers])

    assert sum(isinstance(one, Measure) for one in outcomes) == 1
    assert sum(isinstance(one, NotPossibleNow) for one in outcomes) == CALLERS - 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_decision_brings_one_measure_however_often_it_is_sent():
    by = scenes.moderator()
    decision = warned(by=by)

    outcomes = at_once([lambda: actions.pause(decision=decision, by=by, days=3)] * CALLERS)

    assert Measure.objects.count() == 1
    assert sum(isinstance(one, NotPossibleNow) for one in outcomes) == CALLERS - 1
