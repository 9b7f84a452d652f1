"""What members, applicants and tellers of experiences are told."""

import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from accounts.models import Role
from budgets.actions import reporting
from budgets.models import Stage
from contributions import actions as review
from contributions.models import Dossier
from feedback import actions as feedback
from jongerenraad.actions.votes import cast_vote, close_vote
from jongerenraad.models import Council, Office
from jongerenraad.tasks import tell_of_closing_votes
from notifications.kinds import kind_named
from notifications.models import Event
from tests import councils, money, scenes
from tests.jongerenraad import voting
from tests.notifications.hearing import heard, hearers, numbers

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_files(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def council() -> Council:
    return councils.council()


class TestVotes:
    def test_who_can_vote_hears_that_a_vote_was_opened(self, council: Council):
        members = councils.electorate(council)
        chair = councils.holder(council)
        aside = voting.membership(council, Office.TREASURER)

        matter = voting.opened(council, aside={aside.pk: "It is my brother's plan."})

        others = [one for one in members if one.pk not in (chair.pk, aside.person_id)]
        assert hearers("vote_opened", matter) == numbers(*others)
        about = heard("vote_opened", others[0], matter)
        assert about is not None
        assert about.values["question"] == "Do we meet on Wednesdays?"
        assert about.path == matter.get_absolute_url()

    def test_who_voted_is_told_no_more_and_nobody_when_it_is_counted(self, council: Council):
        matter = voting.opened(council)
        first, second = councils.electorate(council)[1:3]
        cast_vote(matter=matter, by=first, choice="agree")
        assert heard("vote_opened", first, matter) is None
        assert heard("vote_opened", second, matter)
        close_vote(matter=matter, now=matter.closes_at)
        assert heard("vote_opened", second, matter) is None

    def test_who_could_vote_hears_the_result(self, council: Council):
        aside = voting.membership(council, Office.TREASURER)
        matter = voting.opened(council, aside={aside.pk: "It is my brother's plan."})
        voters = [one for one in councils.electorate(council) if one.pk != aside.person_id]

        assert hearers("vote_counted") == []
        close_vote(matter=matter, now=matter.closes_at)
        close_vote(matter=matter, now=matter.closes_at)

        assert hearers("vote_counted", matter) == numbers(*voters)
        about = heard("vote_counted", voters[0], matter)
        assert about is not None
        assert about.values["question"] == "Do we meet on Wednesdays?"
        assert about.path == matter.get_absolute_url()

    def test_the_result_of_a_secret_vote_is_told_to_who_could_vote(self, council: Council):
        matter = voting.opened(council, kind="person", question="Ana?")
        close_vote(matter=matter, now=matter.closes_at)
        voter = councils.electorate(council)[0]
        assert heard("vote_counted", voter, matter)

        kind = kind_named("vote_counted")
        assert kind is not None
        assert kind.load([matter.pk], "en")[matter.pk](scenes.person()) is None

    def test_a_day_before_it_ends_those_hear_it_who_did_not_vote(self, council: Council):
        now = timezone.now()
        matter = voting.opened(council, now=now - 50 * HOUR, closes_at=now + 20 * HOUR)
        voted, *others = councils.electorate(council)
        cast_vote(matter=matter, by=voted, choice="agree")

        tell_of_closing_votes()
        tell_of_closing_votes()

        assert hearers("vote_closes", matter) == numbers(*others)
        assert heard("vote_closes", others[0], matter)

    def test_a_vote_of_a_day_is_told_of_once(self, council: Council):
        now = timezone.now()
        voting.opened(council, now=now, closes_at=now + 23 * HOUR)
        tell_of_closing_votes()
        assert hearers("vote_closes") == []

    def test_who_is_no_member_any_more_is_not_told(self, council: Council):
        matter = voting.opened(council)
        membership = voting.membership(council, Office.SECRETARY)
        membership.ends_at = timezone.now()
        membership.ended_by = membership.appointed_by
        membership.save()
        assert heard("vote_opened", membership.person, matter) is None


class TestApplications:
    def test_the_applicant_hears_each_time_that_somebody_else_moves_it(self, council: Council):
        money.filled(council)
        applicant = scenes.person(age_band="18-26")

        made = money.application(council, Stage.PAID, author=applicant)

        assert set(hearers("application_moved")) == set(numbers(applicant))
        moves = made.changes.exclude(act__in=["hand_in", "agree"])
        told = Event.objects.filter(kind="application_moved", notifications__recipient=applicant)
        stages = [change.pk for change in moves if change.from_stage != change.to_stage]
        assert sorted(told.values_list("subject_id", flat=True)) == sorted(stages)
        assert heard("application_moved", applicant, made.changes.get(to_stage=Stage.PAID))
        # Where it stood before is no news.
        checked = made.changes.get(to_stage=Stage.CHECKED)
        assert heard("application_moved", applicant, checked) is None

    def test_the_report_is_asked_for(self, council: Council):
        money.filled(council)
        applicant = scenes.person(age_band="18-26")
        made = money.application(council, Stage.REPORT_DUE, author=applicant)
        assert hearers("report_due") == numbers(applicant)
        assert heard("report_due", applicant)

        money.STEPS["be_late"](made)
        made.refresh_from_db()
        reporting.ask_for_report(application=made, by=councils.holder(council, Office.SECRETARY))

        assert hearers("report_due") == numbers(applicant) * 3
        about = heard("report_due", applicant)
        assert about is not None
        assert about.path == made.get_absolute_url()

    def test_another_one_does_not_read_it(self, council: Council):
        money.filled(council)
        made = money.application(council, Stage.CHECKED)
        checked = made.changes.get(to_stage=Stage.CHECKED)
        stranger = scenes.person()
        event = Event.objects.get(kind="application_moved", subject_id=checked.pk)
        event.notifications.create(recipient=stranger)
        assert heard("application_moved", stranger) is None
        assert made.author is not None
        assert heard("application_moved", made.author)


class TestResponses:
    def test_who_told_something_there_hears_what_is_done_with_it(self):
        officer = scenes.granted(Role.PROGRAMME_OFFICE)
        city = scenes.area("stad", accepts_contributions=False)
        here, there = scenes.area("hier", parent=city), scenes.area("daar")
        told, told_there, told_else = scenes.person(), scenes.person(), scenes.person()
        scenes.answered(person=told, where=here)
        scenes.answered(person=officer, where=here)
        scenes.answered(where=here)
        scenes.answered(person=told_there, where=there)
        scenes.answered(person=told_else, where=here, of=scenes.indicator("anders"))

        made = scenes.response(by=officer, where=city)

        assert hearers("response", made) == numbers(told)
        about = heard("response", told, made)
        assert about is not None
        assert about.quote == "We open on Saturday."
        assert about.path.endswith(f"#antwoord-{made.pk}")

    def test_and_how_far_it_is_and_nothing_when_it_is_hidden(self):
        officer, told = scenes.granted(Role.PROGRAMME_OFFICE), scenes.person()
        scenes.answered(person=told)
        made = scenes.response(by=officer)
        feedback.report_response(response=made, by=officer, state="done")
        assert hearers("response_moved", made) == numbers(told)
        assert heard("response_moved", told)
        review.hide(
            dossier=Dossier.objects.get(pk=made.dossier_id),
            by=scenes.moderator(),
            rule=scenes.house_rule(),
            reason="Not kind.",
        )
        assert heard("response_moved", told) is None
        assert heard("response", told) is None
