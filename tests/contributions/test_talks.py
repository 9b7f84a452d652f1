"""Talks of a trusted messenger: what is kept of what people tell, and what keeps it true."""

import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Role, RoleAct, User
from contributions import actions as review
from contributions import slips
from contributions.actions import (
    AnotherEntry,
    ConsentMissing,
    NotAllowed,
    TalkClosed,
    TalkIsOver,
    TalkOpenAlready,
    TooManyTellings,
)
from contributions.kinds import contribution_of
from contributions.models import (
    AssistedSession,
    AuthorAct,
    Channel,
    Contribution,
    Dossier,
    Status,
    Telling,
)
from contributions.privacy import empty_sealed_texts
from contributions.retention import forget_what_talks_needed
from contributions.review import Reason, can_review
from contributions.told import listed_calls
from ideas.models import Initiative
from tests import scenes, talks
from tests.races import CALLERS, at_once

DAY = datetime.timedelta(days=1)
NOON = datetime.datetime(2026, 11, 27, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))


def reasons(slip: review.Slip) -> list[str]:
    reasons: list[str] = Dossier.objects.get(pk=slip.telling.dossier_id).review_reasons
    return reasons


def text_of(slip: review.Slip) -> Contribution:
    return contribution_of(slip.telling.dossier)


@pytest.fixture(autouse=True)
def nobody_is_called(settings: Any) -> None:
    settings.ASSISTED_CHECK_SHARE = 0


@pytest.fixture
def reader(db: None) -> User:
    return scenes.moderator(language="ro")


@pytest.mark.django_db
class TestOpening:
    def test_a_messenger_opens_a_talk_where_and_in_what_language_they_may(self):
        made = talks.talk()
        assert (made.language, made.area) == ("ro", scenes.area())
        assert made.date == timezone.localdate()
        act = RoleAct.objects.get(act="contributions.open_session")
        assert act.details["made"] == f"contributions.assistedsession:{made.pk}"

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR])
    def test_nobody_else_does(self, role: str):
        with pytest.raises(NotAllowed):
            talks.talk(scenes.granted(role))

    def test_another_language_or_neighbourhood_is_refused(self):
        elsewhere = scenes.area("elders")
        with translation.override("en"), pytest.raises(NotAllowed, match="contact person in"):
            talks.talk(talks.messenger(language="pl"))
        with pytest.raises(NotAllowed):
            talks.talk(talks.messenger(area=elsewhere))

    def test_one_is_open_at_a_time(self):
        first = talks.talk()
        with pytest.raises(TalkOpenAlready):
            talks.talk(first.held_by)
        review.close_session(session=first, by=first.held_by)
        second = talks.talk(first.held_by)
        with pytest.raises(TalkOpenAlready):
            review.reopen_session(session=first, by=first.held_by)
        review.close_session(session=second, by=first.held_by)
        assert review.reopen_session(session=first, by=first.held_by).closed_at is None

    def test_nobody_opens_a_talk_again_after_its_day(self):
        late = NOON.replace(hour=23, minute=59)
        made = talks.talk(now=NOON)
        review.close_session(session=made, by=made.held_by, now=NOON)
        assert review.reopen_session(session=made, by=made.held_by, now=late).is_open_at(late)
        review.close_session(session=made, by=made.held_by, now=late)
        with translation.override("en"), pytest.raises(TalkIsOver, match="another day"):
            review.reopen_session(
                session=made, by=made.held_by, now=late + datetime.timedelta(minutes=2)
            )

    def test_nobody_touches_the_talk_of_another(self):
        made, other = talks.talk(), talks.messenger()
        for action in (review.close_session, review.reopen_session):
            with pytest.raises(NotAllowed):
                action(session=made, by=other)


@pytest.mark.django_db
class TestTelling:
    def test_it_keeps_who_wrote_it_down_for_whom_and_how(self, reader: User):
        at = talks.talk()
        slip = talks.told(at)
        text = Initiative.objects.get()
        assert (text.author, text.entered_by, text.channel) == (
            None,
            at.held_by,
            Channel.ASSISTED,
        )
        assert (text.language, text.area, text.text) == ("ro", at.area, talks.TEXT)
        telling = slip.telling
        assert (telling.session, telling.first_name) == (at, "Ileana")
        assert telling.consent_at is not None
        assert telling.slip_until == timezone.localdate() + 90 * DAY
        act = AuthorAct.objects.get(dossier=text.dossier)
        assert (act.act, act.by) == (AuthorAct.Act.ENTERED, at.held_by)

    def test_nobody_can_be_who_tells_it(self, reader: User):
        assert talks.told(first_name="").telling.first_name == ""

    def test_without_consent_nothing_is_kept(self):
        with pytest.raises(ConsentMissing):
            talks.told(has_consent=False)
        assert not Initiative.objects.exists()
        assert not Dossier.objects.exists()

    def test_what_is_sent_again_is_answered_with_the_same_slip(self, reader: User):
        at = talks.talk()
        first = talks.told(at, key="k" * 24)
        review.close_session(session=at, by=at.held_by)
        again = talks.told(at, key="k" * 24)
        assert (again.telling, again.code, again.is_new) == (first.telling, first.code, False)
        assert Initiative.objects.count() == 1

    def test_other_words_under_an_old_key_are_not_swallowed(self, reader: User):
        at = talks.talk()
        talks.told(at, key="k" * 24)
        with pytest.raises(AnotherEntry):
            talks.told(at, "Altceva", key="k" * 24)

    def test_a_closed_talk_takes_nothing_in_but_what_waited_for_a_line(self, reader: User):
        at = talks.talk(now=NOON)
        review.close_session(session=at, by=at.held_by, now=NOON)
        with pytest.raises(TalkClosed):
            talks.told(at, now=NOON)
        assert talks.told(at, is_late=True, now=NOON + 2 * DAY).is_new
        with pytest.raises(TalkClosed):
            talks.told(at, is_late=True, now=NOON + 3 * DAY)

    def test_the_day_after_the_form_takes_nothing_in(self, reader: User):
        at = talks.talk(now=NOON)
        with pytest.raises(TalkClosed):
            talks.told(at, now=NOON + DAY)

    def test_who_is_no_messenger_any_more_writes_nothing_down(self):
        at = talks.talk()
        at.held_by.grants.update(ends_at=timezone.now())
        at = AssistedSession.objects.get(pk=at.pk)
        with pytest.raises(NotAllowed):
            talks.told(at)

    def test_a_talk_and_a_day_are_full_at_some_point(self, settings: Any, reader: User):
        settings.ASSISTED_PER_SESSION, settings.ASSISTED_PER_DAY = 2, 3
        at = talks.talk()
        for number in range(2):
            talks.told(at, f"Idee {number}")
        with translation.override("en"), pytest.raises(TooManyTellings, match="talk is"):
            talks.told(at)
        review.close_session(session=at, by=at.held_by)
        second = talks.talk(at.held_by)
        talks.told(second)
        with translation.override("en"), pytest.raises(TooManyTellings, match="day is"):
            talks.told(second, "Încă una")

    def test_who_wrote_it_down_never_decides_about_it(self, reader: User):
        both = scenes.granted(Role.MODERATOR, user=talks.messenger())
        slip = talks.told(talks.talk(both))
        assert not can_review(both, text_of(slip))
        assert can_review(reader, text_of(slip))


@pytest.mark.django_db
class TestReview:
    def test_a_new_messenger_is_read_first_until_three_stand(self, reader: User):
        at = talks.talk()
        for number in range(3):
            slip = talks.told(at, f"Idee {number}")
            assert reasons(slip) == [Reason.NEW_MESSENGER]
            review.publish(dossier=slip.telling.dossier, by=reader)
        slip = talks.told(at)
        assert text_of(slip).status == Status.PUBLISHED
        assert Dossier.objects.get(pk=slip.telling.dossier_id).review == Dossier.Review.AFTER

    def test_an_age_that_was_not_told_counts_as_under_16(self, reader: User):
        assert Reason.UNDER_16 in reasons(talks.told(is_16=False))

    def test_a_language_that_nobody_reads_waits_for_somebody(self):
        assert Reason.LANGUAGE_UNREAD in reasons(talks.told())

    def test_who_is_chosen_by_lot_waits_for_a_call(self, settings: Any, reader: User):
        settings.ASSISTED_CHECK_SHARE = 1
        slip = talks.told(telephone="0612345678")
        assert Reason.NOT_CONFIRMED in reasons(slip)
        assert slip.telling.call_back == Telling.CallBack.WAITING
        assert "0612345678" not in slip.telling.telephone
        settings.ASSISTED_CHECK_SHARE = 0
        other = talks.told(telephone="0612345678")
        assert other.telling.telephone == ""


@pytest.mark.django_db
class TestCallingBack:
    @pytest.fixture
    def slip(self, settings: Any, reader: User) -> review.Slip:
        settings.ASSISTED_CHECK_SHARE = 1
        return talks.told(telephone="0612345678")

    def test_a_second_person_notes_what_came_of_it_and_the_number_goes(
        self, slip: review.Slip, reader: User
    ):
        told = review.note_call_back(telling=slip.telling, by=reader, outcome="confirmed")
        assert (told.telephone, told.checked_by) == ("", reader)
        assert Reason.NOT_CONFIRMED not in reasons(slip)
        with pytest.raises(review.NotPossibleNow):
            review.note_call_back(telling=slip.telling, by=reader, outcome="denied")

    def test_another_messenger_in_the_language_may_be_that(self, slip: review.Slip):
        helper = talks.messenger()
        assert review.note_call_back(telling=slip.telling, by=helper, outcome="missed")

    def test_who_held_the_talk_is_never_the_second_person(self, slip: review.Slip):
        by = slip.telling.session.held_by
        with pytest.raises(NotAllowed):
            review.note_call_back(telling=slip.telling, by=by, outcome="confirmed")

    def test_nor_is_somebody_of_another_language_or_without_a_role(self, slip: review.Slip):
        for by in (talks.messenger(language="pl"), scenes.person()):
            with pytest.raises(NotAllowed):
                review.note_call_back(telling=slip.telling, by=by, outcome="confirmed")

    def test_nobody_reads_there_what_is_gone(self, slip: review.Slip, reader: User):
        helper = talks.messenger()
        assert listed_calls(helper)
        review.publish(dossier=slip.telling.dossier, by=reader)
        rule = scenes.house_rule()
        review.hide(dossier=slip.telling.dossier, by=reader, rule=rule, reason="Untrue.")
        assert listed_calls(helper) == []
        with pytest.raises(review.NotPossibleNow):
            review.note_call_back(telling=slip.telling, by=helper, outcome="missed")
        client = Client()
        client.force_login(helper)
        assert client.get(f"/en/gesprekken/nabellen/{slip.telling.pk}/").status_code == 404

    def test_who_took_it_back_is_called_by_nobody(self, slip: review.Slip):
        review.withdraw_by_slip(telling=slip.telling)
        told = Telling.objects.get()
        assert (told.call_back, told.telephone) == (Telling.CallBack.NONE, "")

    def test_who_took_it_into_an_account_is_called_by_nobody(self, slip: review.Slip):
        review.claim_telling(telling=slip.telling, by=scenes.person())
        assert not Telling.objects.to_call_back(talks.messenger()).exists()

    def test_what_the_person_did_not_say_is_read_again_where_it_stands(
        self, slip: review.Slip, reader: User
    ):
        dossier = slip.telling.dossier
        review.publish(dossier=dossier, by=reader)
        review.note_call_back(telling=slip.telling, by=reader, outcome="denied")
        dossier = Dossier.objects.get(pk=dossier.pk)
        assert dossier.review == Dossier.Review.AFTER
        assert Reason.NOT_CONFIRMED in dossier.review_reasons


@pytest.mark.django_db
class TestForgetting:
    def test_codes_numbers_and_names_go_when_nobody_needs_them(self, settings: Any, reader: User):
        settings.ASSISTED_CHECK_SHARE = 1
        slip = talks.told(telephone="0612345678")
        now = timezone.now()

        def left() -> list[str]:
            fresh = Telling.objects.get()
            names = ("slip_sealed", "telephone", "first_name")
            return [name for name in names if getattr(fresh, name)]

        forget_what_talks_needed(now=now + 2 * DAY)
        assert left() == ["slip_sealed", "telephone", "first_name"]
        forget_what_talks_needed(now=now + 4 * DAY)
        assert left() == ["telephone", "first_name"]
        forget_what_talks_needed(now=now + 31 * DAY)
        assert left() == ["first_name"]
        forget_what_talks_needed(now=now + 92 * DAY)
        assert left() == []
        assert slips.find(slip.code) == slip.telling

    def test_words_that_were_taken_away_go_with_the_slip(self, reader: User):
        kept, slip = talks.told(title="Rămâne"), talks.told()
        review.withdraw_by_slip(telling=slip.telling)
        now = timezone.now()
        assert empty_sealed_texts(now=now + 90 * DAY) == 0
        assert empty_sealed_texts(now=now + 92 * DAY) == 1
        assert text_of(slip).text == "–"  # type: ignore[attr-defined]
        assert text_of(kept).status == Status.SUBMITTED
        assert empty_sealed_texts(now=now + 93 * DAY) == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_entry_sent_by_many_is_one(self):
        at = talks.talk()
        found = at_once([partial(talks.told, at, key="k" * 24) for _ in range(CALLERS)])
        assert {slip.code for slip in found} == {found[0].code}
        assert sum(slip.is_new for slip in found) == 1
        assert Initiative.objects.count() == Dossier.objects.count() == 1

    def test_a_talk_takes_no_more_than_it_may(self, settings: Any):
        settings.ASSISTED_PER_SESSION = 5
        at = talks.talk()
        found = at_once([partial(talks.told, at, f"Idee {n}") for n in range(CALLERS)])
        assert sum(isinstance(one, TooManyTellings) for one in found) == CALLERS - 5
        assert Telling.objects.count() == Initiative.objects.count() == 5

    def test_a_messenger_takes_no_more_a_day_over_all_talks(self, settings: Any):
        settings.ASSISTED_PER_DAY = 5
        first = talks.talk()
        review.close_session(session=first, by=first.held_by)
        second = talks.talk(first.held_by)
        found = at_once(
            [
                partial(talks.told, (first, second)[n % 2], f"Idee {n}", is_late=True)
                for n in range(CALLERS)
            ]
        )
        assert sum(isinstance(one, TooManyTellings) for one in found) == CALLERS - 5
        assert Telling.objects.count() == 5

    def test_one_talk_is_open_however_many_are_opened(self):
        messenger = talks.messenger()
        scenes.area()
        found = at_once([partial(talks.talk, messenger) for _ in range(CALLERS)])
        assert sum(isinstance(one, TalkOpenAlready) for one in found) == CALLERS - 1

    def test_a_slip_goes_into_one_account(self):
        slip = talks.told()
        people = [scenes.person() for _ in range(CALLERS)]
        found = at_once(
            [partial(review.claim_telling, telling=slip.telling, by=who) for who in people]
        )
        assert sum(isinstance(one, review.SlipUsed) for one in found) == CALLERS - 1
        telling = Telling.objects.get()
        assert telling.claimed_by == Initiative.objects.get().author

    def test_one_caller_notes_what_came_of_it(self, settings: Any):
        settings.ASSISTED_CHECK_SHARE = 1
        slip = talks.told()
        by = scenes.moderator()
        found = at_once(
            [
                partial(review.note_call_back, telling=slip.telling, by=by, outcome="missed")
                for _ in range(CALLERS)
            ]
        )
        assert sum(isinstance(one, review.NotPossibleNow) for one in found) == CALLERS - 1


@pytest.mark.django_db
def test_the_records_are_guarded_still(reader: User):
    slip = talks.told()
    review.withdraw_by_slip(telling=slip.telling)
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE contributions_authoract SET act = 'claimed'")
