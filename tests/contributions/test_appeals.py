"""Another look: asked for once, in time, by whom it is about; judged by somebody else."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from contributions import actions
from contributions.actions import (
    AppealedAlready,
    AppealTooLate,
    ClaimedByColleague,
    NotAllowed,
    NothingSaid,
    NothingToPutRight,
    NotPossibleNow,
    ReasonMissing,
    TextChanged,
    version_of,
)
from contributions.appeals import can_judge, without_a_judge
from contributions.models import Appeal, Decision, Dossier, Picture, Status
from contributions.pictures import encode
from ideas.actions import hand_in, write, write_pictures
from ideas.models import Initiative
from tests import scenes
from tests.contributions.changing import add_picture, pictures_form, revise
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def last_of(text: Any) -> Decision:
    decision = Decision.objects.filter(dossier=text.dossier_id).last()
    assert decision is not None
    return decision


def appealed(text: Any, words: str = "It was about my own dog.") -> Appeal:
    return actions.appeal(about=last_of(text), by=text.author, words=words)


def granted(made: Appeal, by: User | None = None) -> Appeal:
    return actions.judge(
        appeal=made, by=by or scenes.moderator(), granted=True, reason="You were right."
    )


def with_picture(status: str = Status.PUBLISHED) -> tuple[Initiative, Picture]:
    text = scenes.initiative(status=status)
    with transaction.atomic():
        picture = actions.attach_picture(
            contribution=text,
            encoded=encode(scenes.picture_file(size=(60, 60))),
            description="A dog",
            revision=None,
        )
    return text, picture


def why() -> dict[str, Any]:
    return {"rule": scenes.house_rule(), "reason": "Not kind."}


class TestAsking:
    @pytest.mark.parametrize("status", [Status.RETURNED, Status.REJECTED, Status.HIDDEN])
    def test_an_author_asks_for_another_look_and_reads_by_when(self, status: str):
        text = scenes.initiative(status=status)

        made = appealed(text)

        assert made.decision == last_of(text)
        assert (made.area, made.language) == (text.area, text.language)
        assert made.promised_date > timezone.localdate() + 12 * DAY

    def test_it_is_asked_once(self):
        text = scenes.initiative(status=Status.REJECTED)
        appealed(text)

        with pytest.raises(AppealedAlready):
            appealed(text)

    def test_also_after_it_was_judged(self):
        text = scenes.initiative(status=Status.REJECTED)
        granted(appealed(text))

        with pytest.raises(AppealedAlready):
            actions.appeal(
                about=Decision.objects.get(outcome="rejected"), by=text.author, words="Again."
            )

    @pytest.mark.parametrize(("days", "is_late"), [(42, False), (43, True)])
    def test_it_is_asked_within_six_weeks(self, days: int, is_late: bool):
        text = scenes.initiative(status=Status.REJECTED)
        about, then = last_of(text), timezone.now() + days * DAY

        if is_late:
            with pytest.raises(AppealTooLate):
                actions.appeal(about=about, by=text.author, words="No.", now=then)
        else:
            actions.appeal(about=about, by=text.author, words="No.", now=then)

    def test_nobody_asks_about_what_was_decided_about_another(self):
        text = scenes.initiative(status=Status.REJECTED)

        with pytest.raises(NotAllowed):
            actions.appeal(about=last_of(text), by=scenes.person(), words="Unfair.")

    def test_nobody_asks_about_a_decision_for_them(self):
        text = scenes.initiative()

        with pytest.raises(NotAllowed):
            actions.appeal(about=last_of(text), by=text.author, words="Take it off!")

    def test_nobody_asks_about_what_was_taken_back(self):
        text = scenes.initiative(status=Status.HIDDEN)
        about = last_of(text)
        actions.restore(dossier=text.dossier, by=scenes.moderator())

        with pytest.raises(NothingToPutRight):
            actions.appeal(about=about, by=text.author, words="Unfair.")

    def test_something_is_said(self):
        text = scenes.initiative(status=Status.REJECTED)

        with pytest.raises(NothingSaid):
            appealed(text, words="  ")


class TestPuttingRight:
    @pytest.mark.parametrize(
        ("status", "outcome"),
        [
            (Status.RETURNED, "published"),
            (Status.REJECTED, "published"),
            (Status.HIDDEN, "restored"),
        ],
    )
    def test_a_text_is_on_the_site_at_once(self, status: str, outcome: str):
        text = scenes.initiative(status=status)

        made = granted(appealed(text))

        text.refresh_from_db()
        assert text.status == Status.PUBLISHED
        assert made.put_right_by == last_of(text)
        assert last_of(text).outcome == outcome
        assert last_of(text).decided_by == made.judged_by

    def test_a_picture_is_shown_again(self):
        text, picture = with_picture()
        actions.hide_picture(dossier=text.dossier, picture=picture, by=scenes.moderator(), **why())
        assert not Picture.objects.shown().exists()

        made = granted(appealed(text))

        assert list(Picture.objects.shown()) == [picture]
        assert made.put_right_by is not None
        assert made.put_right_by.outcome == "picture_restored"

    def test_a_change_is_taken_over_after_all(self):
        text = scenes.initiative()
        revise(text, title="Two benches")
        actions.return_revision(
            dossier=text.dossier, by=scenes.moderator(), reason="One is enough."
        )

        made = granted(appealed(text))

        text.refresh_from_db()
        assert text.title == "Two benches"
        assert made.put_right_by is not None
        assert made.put_right_by.outcome == "revision_accepted"
        states = text.dossier.revisions.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["returned", "accepted"]

    def test_a_change_that_was_overtaken_stays_what_it_was(self):
        text = scenes.initiative()
        revise(text, title="Two benches")
        actions.return_revision(
            dossier=text.dossier, by=scenes.moderator(), reason="One is enough."
        )
        made = appealed(text)
        revise(text, title="Three benches")

        made = granted(made)

        text.refresh_from_db()
        assert text.title == "A bench on the square"
        assert made.put_right_by is None

    def test_a_warning_is_taken_back(self):
        text = scenes.initiative()
        warning = actions.warn(dossier=text.dossier, by=scenes.moderator(), **why())

        made = granted(appealed(text))

        assert made.put_right_by is not None
        assert made.put_right_by.undoes == warning

    def test_what_came_with_the_decision_is_lifted(self):
        text = scenes.initiative()
        reader = scenes.moderator()
        warning = actions.warn(dossier=text.dossier, by=reader, **why())
        measure = actions.pause(decision=warning, by=reader, days=7)

        granted(appealed(text))

        measure.refresh_from_db()
        assert measure.lifted_at is not None

    def test_a_measure_is_lifted(self):
        text = scenes.initiative()
        reader = scenes.moderator()
        warning = actions.warn(dossier=text.dossier, by=reader, **why())
        measure = actions.pause(decision=warning, by=reader, days=7)
        made = actions.appeal(about=measure, by=text.author, words="Too long.")

        granted(made)

        measure.refresh_from_db()
        assert measure.lifted_because == "You were right."

    def test_a_refusal_leaves_everything_as_it_is(self):
        text = scenes.initiative(status=Status.HIDDEN)
        made = appealed(text)

        made = actions.judge(
            appeal=made, by=scenes.moderator(), granted=False, reason="A name stands in it."
        )

        text.refresh_from_db()
        assert text.status == Status.HIDDEN
        assert made.outcome == "refused"
        assert made.put_right_by is None

    def test_a_text_that_its_author_took_away_does_not_come_back(self):
        text = scenes.initiative(status=Status.RETURNED)
        made = appealed(text)
        actions.withdraw(contribution=text, by=text.author)

        made = granted(made)

        text.refresh_from_db()
        assert text.status == Status.WITHDRAWN
        assert (made.outcome, made.put_right_by) == ("granted", None)

    def test_a_text_that_was_changed_meanwhile_is_read_again_first(self):
        text = scenes.initiative(status=Status.RETURNED)
        made = appealed(text)
        seen = version_of(Initiative.objects.get(pk=text.pk))
        write(initiative=text, by=text.author, draft_key="", values={"title": "Something else"})

        with pytest.raises(TextChanged):
            actions.judge(
                appeal=made, by=scenes.moderator(), granted=True, reason="Right.", seen=seen
            )

    def test_a_reason_is_given(self):
        made = appealed(scenes.initiative(status=Status.HIDDEN))

        with pytest.raises(ReasonMissing):
            actions.judge(appeal=made, by=scenes.moderator(), granted=False, reason=" ")


class TestWhoJudges:
    def test_never_who_decided(self):
        text = scenes.initiative(status=Status.REJECTED)
        made = appealed(text)
        decider = last_of(text).decided_by
        assert decider is not None

        assert not can_judge(User.objects.get(pk=decider.pk), made)
        with pytest.raises(NotAllowed):
            granted(made, by=User.objects.get(pk=decider.pk))

    @pytest.mark.parametrize("scope", ["area", "language"])
    def test_nobody_outside_the_grants(self, scope: str):
        made = appealed(scenes.initiative(status=Status.REJECTED))
        other = scenes.moderator(
            area=scenes.area("elders") if scope == "area" else None,
            language="pl" if scope == "language" else "",
        )

        with pytest.raises(NotAllowed):
            granted(made, by=other)

    def test_no_moderator_about_their_own_text(self):
        author = scenes.moderator()
        text = scenes.initiative(author=author, status=Status.REJECTED)
        made = actions.appeal(about=last_of(text), by=author, words="No.")

        with pytest.raises(NotAllowed):
            granted(made, by=author)

    def test_an_administrator_without_a_grant_judges_nothing(self):
        made = appealed(scenes.initiative(status=Status.REJECTED))

        with pytest.raises(NotAllowed):
            granted(made, by=scenes.granted("administrator"))

    def test_it_waits_while_there_is_nobody(self):
        text = scenes.initiative(status=Status.REJECTED)
        made = appealed(text)
        assert without_a_judge([made], timezone.now()) == {made.pk}

        scenes.moderator()
        assert without_a_judge([made], timezone.now()) == set()

    def test_a_claim_keeps_colleagues_off_for_half_an_hour(self):
        made = appealed(scenes.initiative(status=Status.REJECTED))
        one, other, now = scenes.moderator(), scenes.moderator(), timezone.now()
        actions.claim_appeal(appeal=made, by=one, now=now)

        with pytest.raises(ClaimedByColleague):
            actions.claim_appeal(appeal=made, by=other, now=now)
        with pytest.raises(ClaimedByColleague):
            actions.judge(appeal=made, by=other, granted=True, reason="Right.", now=now)
        later = now + datetime.timedelta(minutes=31)
        assert actions.claim_appeal(appeal=made, by=other, now=later).claimed_by == other

    def test_it_is_judged_once(self):
        made = appealed(scenes.initiative(status=Status.REJECTED))
        granted(made)

        with pytest.raises(NotPossibleNow):
            granted(made)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_form_that_is_sent_many_times_is_one_appeal(self):
        text = scenes.initiative(status=Status.REJECTED)
        about = last_of(text)

        outcomes = at_once(
            [lambda: actions.appeal(about=about, by=text.author, words="No.")] * CALLERS
        )

        assert Appeal.objects.count() == 1
        assert sum(isinstance(one, Appeal) for one in outcomes) == 1
        assert sum(isinstance(one, AppealedAlready) for one in outcomes) == CALLERS - 1

    def test_of_many_moderators_one_judges(self):
        text = scenes.initiative(status=Status.HIDDEN)
        made = appealed(text)
        readers = [scenes.moderator() for _number in range(CALLERS)]

        outcomes = at_once(
            [
                lambda by=by, number=number: actions.judge(
                    appeal=made, by=by, granted=number % 2 == 0, reason="So it is."
                )
                for number, by in enumerate(readers)
            ]
        )

        assert sum(isinstance(one, Appeal) for one in outcomes) == 1
        assert sum(isinstance(one, NotPossibleNow) for one in outcomes) == CALLERS - 1
        made.refresh_from_db()
        text.refresh_from_db()
        restored = Decision.objects.filter(dossier=text.dossier, outcome="restored").count()
        assert restored == (1 if made.outcome == "granted" else 0)
        assert text.status == (Status.PUBLISHED if restored else Status.HIDDEN)

    def test_of_many_moderators_one_claims(self):
        made = appealed(scenes.initiative(status=Status.HIDDEN))
        readers = [scenes.moderator() for _number in range(CALLERS)]

        outcomes = at_once(
            [lambda by=by: actions.claim_appeal(appeal=made, by=by) for by in readers]
        )

        assert sum(isinstance(one, Appeal) for one in outcomes) == 1
        assert sum(isinstance(one, ClaimedByColleague) for one in outcomes) == CALLERS - 1


def test_the_dossier_of_an_open_appeal_is_known():
    text = scenes.initiative(status=Status.HIDDEN)
    assert not actions.open_appeals_about(Dossier.objects.get(pk=text.dossier_id))
    made = appealed(text)
    assert actions.open_appeals_about(text.dossier)
    granted(made)
    assert not actions.open_appeals_about(text.dossier)


class TestWhoseDecisionItWas:
    def test_they_decide_about_that_text_no_more_until_it_was_refused(self):
        text, first = scenes.initiative(), scenes.moderator()
        hidden = actions.hide(
            dossier=text.dossier, by=first, rule=scenes.house_rule(), reason="Not kind."
        )
        appeal = actions.appeal(about=hidden, by=text.author, words="It was kind.")
        with pytest.raises(actions.HasAPart):
            actions.restore(dossier=text.dossier, by=first)
        judge = scenes.moderator()
        actions.judge(appeal=appeal, by=judge, granted=False, reason="It is not.")
        actions.restore(dossier=text.dossier, by=first)

    def test_nor_after_the_author_was_right(self):
        text, first = scenes.initiative(), scenes.moderator()
        why = {"rule": scenes.house_rule(), "reason": "Not kind."}
        hidden = actions.hide(dossier=text.dossier, by=first, **why)
        appeal = actions.appeal(about=hidden, by=text.author, words="It was kind.")
        actions.judge(appeal=appeal, by=scenes.moderator(), granted=True, reason="It is.")
        for verb in (actions.hide, actions.warn):
            with pytest.raises(actions.HasAPart):
                verb(dossier=text.dossier, by=first, **why)
        actions.hide(dossier=text.dossier, by=scenes.moderator(), **why)


class TestWhatChangedMeanwhile:
    def test_the_judge_sees_that_and_what_checks_find_in_it(self, client: Client):
        text = scenes.draft()
        picture = add_picture(text)
        text = hand_in(initiative=text, by=text.author)
        returned = actions.send_back(dossier=text.dossier, by=scenes.moderator(), reason="Where?")
        appeal = actions.appeal(about=returned, by=text.author, words="Here.")
        text.refresh_from_db()
        write(initiative=text, by=text.author, draft_key="", values={"text": "Call 06-12345678."})
        write_pictures(
            initiative=text,
            by=text.author,
            draft_key="",
            form=pictures_form(text, data={f"remove_{picture.key}": "on"}),
        )

        client.force_login(scenes.moderator())
        page = client.get(f"/en/moderatie/herbeoordelingen/{appeal.pk}/").content.decode()

        assert "Its author changed it since" in page
        assert "06-12345678" in page
        # What was decided about can still be looked at.
        picture.refresh_from_db()
        assert picture.removed_at is not None
