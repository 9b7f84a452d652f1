"""What people are told of initiatives: who, of what, once, and never of what is hidden."""

import datetime
import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from areas.models import Area
from contributions import actions as review
from contributions.actions import write_translation
from contributions.models import Dossier, Status
from contributions.translations import digest_of
from ideas import actions
from ideas.actions.supporting import _gathering
from ideas.mails import send_invitation
from ideas.models import Department, Initiative
from ideas.notices import reached
from ideas.tasks import tell_of_promises
from notifications.actions import choose, follow
from notifications.models import Delivery, Event, Follow
from notifications.sending import send_waiting
from tests import scenes
from tests.notifications.hearing import heard, hearers, let_workers_tell, numbers
from tests.notifications.mailbox import Mailbox

pytestmark = [pytest.mark.django_db]

DAY = datetime.timedelta(days=1)


@pytest.fixture
def officer() -> User:
    return scenes.granted(Role.PROGRAMME_OFFICE)


@pytest.fixture
def initiative() -> Initiative:
    return scenes.initiative("Bankjes op het plein", author=scenes.person("Ana"))


def hide(text: Any) -> None:
    review.hide(
        dossier=Dossier.objects.get(pk=text.dossier_id),
        by=scenes.moderator(),
        rule=scenes.house_rule(),
        reason="Not kind.",
    )


def follows(person: User, kind: str, subject: Any) -> User:
    Follow.objects.create(person=person, kind=kind, subject_id=subject.pk)
    return person


def support(initiative: Initiative, *people: User) -> None:
    for person in people:
        actions.give_support(initiative_pk=initiative.pk, person=person)


def answer(initiative: Initiative, by: User, outcome: str = "adopted") -> Any:
    return actions.answer(
        initiative=initiative, by=by, outcome=outcome, text="We doen **dit**.", language="nl"
    )


class TestComments:
    def test_who_leads_an_initiative_hears_of_a_comment(self, initiative: Initiative):
        together = scenes.joined(initiative)

        made = scenes.comment(initiative, "Wat een *goed* idee")

        assert hearers("comment", made) == numbers(initiative.author, together)
        assert initiative.author is not None
        about = heard("comment", initiative.author, made)
        assert about is not None
        assert about.quote == "Wat een goed idee"
        assert about.values["title"] == "Bankjes op het plein"
        assert f"#reactie-{made.pk}" in about.path

    def test_of_ones_own_comment_one_hears_nothing(self, initiative: Initiative):
        assert hearers("comment", scenes.comment(initiative, author=initiative.author)) == []

    def test_only_when_it_stands_on_the_site(self, initiative: Initiative):
        made = scenes.comment(initiative, status=Status.SUBMITTED)
        assert hearers("comment") == []

        review.publish(dossier=made.dossier, by=scenes.moderator())

        assert hearers("comment", made) == numbers(initiative.author)

    def test_who_is_answered_hears_it_and_nobody_hears_it_twice(self, initiative: Initiative):
        first = scenes.comment(initiative, author=initiative.author)
        neighbour = scenes.comment(initiative)

        to_author = scenes.comment(initiative, parent=first)
        to_neighbour = scenes.comment(initiative, parent=neighbour)

        assert hearers("comment_answered", to_author) == numbers(initiative.author)
        assert hearers("comment", to_author) == []
        assert hearers("comment_answered", to_neighbour) == numbers(neighbour.author)
        assert hearers("comment", to_neighbour) == numbers(initiative.author)

    def test_what_is_hidden_in_between_is_told_to_nobody(self, initiative: Initiative):
        made = scenes.comment(initiative)
        assert initiative.author is not None
        assert heard("comment", initiative.author, made)

        hide(made)

        assert heard("comment", initiative.author, made) is None

    def test_nor_is_a_comment_under_what_is_hidden(self, initiative: Initiative):
        made = scenes.comment(initiative)
        hide(initiative)
        assert initiative.author is not None
        assert heard("comment", initiative.author, made) is None

    def test_who_stepped_down_hears_no_more(self, initiative: Initiative):
        together = scenes.joined(initiative)
        made = scenes.comment(initiative)
        assert heard("comment", together, made)
        seat = initiative.co_initiators.get(user=together)

        actions.end_co_initiator(co_initiator=seat, by=together, now=timezone.now())

        assert heard("comment", together, made) is None

    def test_somebody_under_16_is_named_by_their_pseudonym(self, initiative: Initiative):
        child = scenes.person("Kees Jansen", age_band="12-15")
        made = scenes.comment(initiative, author=child)
        assert initiative.author is not None
        about = heard("comment", initiative.author, made)
        assert about is not None
        assert about.values["name"] == child.pseudonym

    def test_it_is_quoted_in_the_language_of_who_reads_it(self, initiative: Initiative):
        made = scenes.comment(initiative, "Een bankje")
        write_translation(
            contribution=made,
            language="pl",
            words={"text": "Ławka"},
            by=scenes.granted(Role.MESSENGER, language="pl"),
            seen=digest_of(made),
        )
        assert initiative.author is not None
        User.objects.filter(pk=initiative.author.pk).update(language="pl")
        about = heard("comment", initiative.author, made)
        assert about is not None
        assert (about.quote, about.quote_language) == ("Ławka", "")
        User.objects.filter(pk=initiative.author.pk).update(language="ro")
        about = heard("comment", initiative.author, made)
        assert about is not None
        assert (about.quote, about.quote_language) == ("Een bankje", "nl")
        assert about.quote_label == ""

    def test_what_a_machine_translated_says_so(self, initiative: Initiative, client: Client):
        made = scenes.comment(initiative, "Een bankje")
        scenes.translated_by_machine(made, language="en", words={"text": "A couch"})
        assert initiative.author is not None
        User.objects.filter(pk=initiative.author.pk).update(language="en")
        about = heard("comment", initiative.author, made)
        assert about is not None
        assert about.quote == "A couch"
        assert about.quote_label.startswith("Translated by a machine.")
        client.force_login(initiative.author)
        assert about.quote_label in client.get("/en/voor-jou/").content.decode()


class TestInvitations:
    def test_who_has_an_account_finds_it_here_and_gets_one_mail(self, initiative: Initiative):
        person = scenes.person()
        invitation = scenes.invited(initiative, person.email or "")
        mail.outbox.clear()

        send_invitation(invitation.pk, now=timezone.now())

        assert hearers("invited", invitation) == numbers(person)
        assert heard("invited", person, invitation)
        assert len(mail.outbox) == 1
        assert not Delivery.objects.filter(notification__event__kind="invited").exists()

    def test_a_stranger_to_the_site_is_told_by_mail_alone(self, initiative: Initiative):
        send_invitation(scenes.invited(initiative).pk, now=timezone.now())
        assert not Event.objects.filter(kind="invited").exists()

    def test_somebody_under_16_is_not_told(self, initiative: Initiative):
        child = scenes.person(age_band="12-15")
        invitation = scenes.invited(initiative, child.email or "")
        send_invitation(invitation.pk, now=timezone.now())
        assert hearers("invited") == []

    def test_once_answered_it_is_gone(self, initiative: Initiative):
        person = scenes.person()
        invitation = scenes.invited(initiative, person.email or "")
        send_invitation(invitation.pk, now=timezone.now())

        actions.decline_invitation(token=invitation.token, by=person, now=timezone.now())

        assert heard("invited", person, invitation) is None


class TestSupport:
    @pytest.fixture
    def of_six(self) -> Initiative:
        area = scenes.area(support_threshold=6)
        return scenes.initiative(author=scenes.person(), where=area)

    def test_first_half_and_enough_are_told_once_each(self, of_six: Initiative):
        together = scenes.joined(of_six)
        people = [scenes.person() for _number in range(7)]
        reached = []
        for person in people:
            support(of_six, person)
            reached.append(
                sorted(Event.objects.filter(kind__startswith="support").values_list("kind"))
            )

        assert [len(kinds) for kinds in reached] == [1, 1, 2, 2, 2, 3, 3]
        for kind in ("support_first", "support_half", "support_enough"):
            assert hearers(kind, of_six) == numbers(of_six.author, together)
        assert of_six.author is not None
        about = heard("support_enough", of_six.author)
        assert about is not None
        assert about.values["threshold"] == 6

    @pytest.mark.parametrize(("brought", "told"), [(1, ""), (4, "half"), (5, "enough")])
    def test_what_a_double_brings_is_told_as_well(
        self, of_six: Initiative, officer: User, brought: int, told: str
    ):
        double = scenes.initiative("Dubbel", where=of_six.area)
        Initiative.objects.filter(pk=double.pk).update(threshold=75)
        support(double, *(scenes.person() for _number in range(brought)))
        support(of_six, scenes.person())

        actions.merge(double=double, into=of_six, by=officer, reason="The same")

        for kind in ("half", "enough"):
            people = numbers(of_six.author) if kind == told else []
            assert hearers(f"support_{kind}", of_six) == people

    def test_when_its_time_is_over_who_leads_it_hears_how_far_it_came(self, of_six: Initiative):
        together, supporter = scenes.joined(of_six), scenes.person()
        support(of_six, supporter)

        for _day in range(2):
            actions.expire(now=timezone.now() + 365 * DAY)

        assert hearers("own_expired", of_six) == numbers(of_six.author, together)
        about = heard("own_expired", together, of_six)
        assert about is not None
        assert (about.values["count"], about.values["threshold"]) == (1, 6)
        assert about.path == of_six.get_absolute_url()
        hide(of_six)
        assert heard("own_expired", together, of_six) is None

    def test_of_the_end_of_one_that_goes_on_with_another_nobody_hears(
        self, of_six: Initiative, officer: User
    ):
        double = scenes.initiative("Dubbel", author=scenes.person(), where=of_six.area)
        actions.merge(double=double, into=of_six, by=officer, reason="The same")

        assert actions.expire(now=timezone.now() + 365 * DAY) == 2

        assert hearers("own_expired") == numbers(of_six.author)

    def test_taken_back_and_given_again_it_is_no_news(self, of_six: Initiative):
        person = scenes.person()
        for _time in range(3):
            support(of_six, person)
            actions.take_back_support(initiative_pk=of_six.pk, person=person)

        assert hearers("support_first", of_six) == numbers(of_six.author)

    def test_nobody_finds_who_gave_it(self, of_six: Initiative):
        support(of_six, scenes.person())
        assert Event.objects.get(kind="support_first").by is None

    def test_the_first_by_a_co_initiator_is_not_told_to_them(self, of_six: Initiative):
        together = scenes.joined(of_six)
        support(of_six, together)
        assert hearers("support_first", of_six) == numbers(of_six.author)

    @pytest.mark.parametrize("threshold", [1, 2, 3, 4, 5, 75])
    def test_the_statement_and_the_rule_agree_about_what_is_ordinary(self, threshold: int):

        initiative = scenes.initiative(
            where=scenes.area(f"w{threshold}", support_threshold=threshold)
        )
        for before in range(threshold):
            Initiative.objects.filter(pk=initiative.pk).update(support_count=before)
            is_ordinary = _gathering(initiative.pk, timezone.localdate()).exists()
            crosses = before + 1 == threshold
            assert is_ordinary is not bool(reached(before + 1, threshold) or crosses)

    @pytest.mark.postgresql
    def test_an_ordinary_support_costs_as_much_as_before(
        self, of_six: Initiative, django_assert_num_queries: Any
    ):
        support(of_six, scenes.person())
        person = scenes.person()
        assert person.is_confirmed
        # Whether the address is proved, and the statement within a transaction of the test.
        with django_assert_num_queries(4):
            support(of_six, person)


class TestAnswersAndWork:
    def test_who_leads_supports_or_follows_hears_of_the_answer(
        self, initiative: Initiative, officer: User
    ):
        supporter, follower, both, stranger = (scenes.person() for _number in range(4))
        together = scenes.joined(initiative)
        support(initiative, supporter, both, together)
        follows(follower, "initiative", initiative)
        follows(both, "initiative", initiative)

        made = answer(initiative, officer)

        assert hearers("own_answer", made) == numbers(initiative.author, together)
        assert hearers("answer", made) == numbers(supporter, follower, both)
        about = heard("answer", supporter, made)
        assert about is not None
        assert about.quote == "We doen dit."
        assert stranger.pk not in hearers("answer")

    def test_the_office_is_not_told_what_it_did(self, initiative: Initiative, officer: User):
        support(initiative, officer)
        assert hearers("answer", answer(initiative, officer)) == []

    def test_another_answer_is_told_again(self, initiative: Initiative, officer: User):
        supporter = scenes.person()
        support(initiative, supporter)
        made = answer(initiative, officer)
        actions.change_answer(
            official=made, by=officer, outcome="partly", text="Een deel.", language="nl"
        )
        assert hearers("answer", made) == numbers(supporter, supporter)

    def test_supporters_and_writer_of_a_double_hear_it_too(
        self, initiative: Initiative, officer: User
    ):
        double = scenes.initiative("Dubbel", author=scenes.person())
        supporter, follower = scenes.person(), scenes.person()
        support(double, supporter)
        follows(follower, "initiative", double)
        actions.merge(double=double, into=initiative, by=officer, reason="The same")

        made = answer(initiative, officer)

        assert hearers("answer", made) == numbers(double.author, supporter, follower)

    def test_who_left_is_not_told(self, initiative: Initiative, officer: User):
        supporter = scenes.person()
        support(initiative, supporter)
        User.objects.filter(pk=supporter.pk).update(is_active=False)
        assert hearers("answer", answer(initiative, officer)) == []

    def test_steps_reports_and_a_hand_over_are_told(self, initiative: Initiative, officer: User):
        supporter = scenes.person()
        support(initiative, supporter)
        answer(initiative, officer)
        day = timezone.localdate() + 20 * DAY

        milestone = actions.plan_milestone(
            initiative=initiative, by=officer, title="Bestellen", planned_date=day, language="nl"
        )
        actions.change_milestone(
            milestone=milestone, by=officer, state="under_way", planned_date=day, language="nl"
        )
        actions.hand_over(
            initiative=initiative, by=officer, department=Department.objects.create(name="Groen")
        )
        report = actions.report(
            initiative=initiative, by=officer, text="Ze staan er.", language="nl"
        )

        assert hearers("work_step") == numbers(supporter) * 3
        assert hearers("own_work_step") == numbers(initiative.author) * 3
        assert hearers("work_report", report) == numbers(supporter)
        assert hearers("own_work_report", report) == numbers(initiative.author)
        about = heard("work_step", supporter)
        assert about is not None
        assert "Groen" in str(about.values["step"])

    def test_of_what_is_hidden_nothing_is_told(self, initiative: Initiative, officer: User):
        supporter = scenes.person()
        support(initiative, supporter)
        made = answer(initiative, officer)
        assert heard("answer", supporter, made)
        hide(initiative)
        assert heard("answer", supporter, made) is None

    def test_news_is_told_to_supporters_and_not_to_who_wrote_it(self, initiative: Initiative):
        supporter, together = scenes.person(), scenes.joined(initiative)
        support(initiative, supporter)

        made = scenes.update(initiative)

        assert hearers("news", made) == numbers(supporter)
        assert hearers("own_news", made) == numbers(together)


class TestNewInitiatives:
    @pytest.fixture
    def district(self) -> Area:
        return scenes.area("district", kind=Area.Kind.DISTRICT)

    def test_who_lives_there_and_who_follows_area_or_theme(self, district: Area):
        where = scenes.area("binnen", parent=district)
        lives, elsewhere, of_district, of_theme, both = (scenes.person() for _number in range(5))
        User.objects.filter(pk__in=[lives.pk, both.pk]).update(area=where)
        User.objects.filter(pk=elsewhere.pk).update(area=scenes.area("anders"))
        follows(of_district, "area", district)
        follows(both, "theme", scenes.theme())
        follows(of_theme, "theme", scenes.theme())

        made = scenes.initiative(where=where)

        assert hearers("new_here", made) == numbers(lives, both)
        assert hearers("new_followed", made) == numbers(of_district, of_theme)

    def test_its_author_is_not_told(self):
        author = scenes.person()
        User.objects.filter(pk=author.pk).update(area=scenes.area())
        author.refresh_from_db()
        assert hearers("new_here", scenes.initiative(author=author)) == []

    def test_put_back_it_is_no_news(self):
        lives = scenes.person()
        User.objects.filter(pk=lives.pk).update(area=scenes.area())
        made = scenes.initiative()
        hide(made)
        assert hearers("new_here", made) == numbers(lives)
        assert heard("new_here", lives, made) is None

        review.restore(dossier=made.dossier, by=scenes.moderator(), reason="It was right.")

        assert hearers("new_here", made) == numbers(lives)
        assert heard("new_here", lives, made)

    def test_what_waits_for_review_is_told_when_it_is_published(self):
        lives = scenes.person()
        User.objects.filter(pk=lives.pk).update(area=scenes.area())
        made = scenes.initiative(status=Status.SUBMITTED)
        assert hearers("new_here", made) == []
        review.publish(dossier=made.dossier, by=scenes.moderator())
        assert hearers("new_here", made) == numbers(lives)

    def test_one_that_was_joined_with_another_is_told_no_more(self, officer: User):
        lives = scenes.person()
        User.objects.filter(pk=lives.pk).update(area=scenes.area())
        double, into = scenes.initiative("Dubbel"), scenes.initiative("Eerste")
        assert heard("new_here", lives, double)
        actions.merge(double=double, into=into, by=officer, reason="The same")
        assert heard("new_here", lives, double) is None

    def test_a_place_by_somebody_under_16_is_not_in_it(self):
        lives = scenes.person()
        User.objects.filter(pk=lives.pk).update(area=scenes.area())
        child = scenes.person(age_band="12-15")
        made = scenes.initiative(author=child)
        Initiative.objects.filter(pk=made.pk).update(address_line="Zqstraat 7")
        assert "Zqstraat" not in repr(heard("new_here", lives, made))

    def test_following_is_by_the_same_names(self, initiative: Initiative):
        person = scenes.person()
        follow(person=person, kind="initiative", subject_id=initiative.pk)
        assert hearers("news", scenes.update(initiative)) == numbers(person)


class TestUndoneFromTheMail:
    """Whoever follows something stops that by a link in the mail that they get for it."""

    @staticmethod
    def mailed_at_once(*people: User) -> None:
        for person in people:
            choose(person=person, fields={"pace": "at_once", "quiet": False})

    @staticmethod
    def stops_in(mailbox: Mailbox, person: User) -> dict[str, str]:
        """Return the links in somebody's last mail that stop following, by what they name."""
        number = max(n for n, one in enumerate(mailbox.addresses) if one == person.email)
        found = dict(re.findall(r"Stop following \((.*)\):\s+(\S+)", mailbox.text(number)))
        for label, url in found.items():
            assert label in mailbox.html(number)
            assert f'href="{url}"' in mailbox.html(number)
        return found

    def test_of_an_initiative(self, initiative: Initiative, client: Client, mailbox: Mailbox):
        follower, supporter = scenes.person(language="en"), scenes.person(language="en")
        follows(follower, "initiative", initiative)
        support(initiative, supporter)
        self.mailed_at_once(follower, supporter)
        scenes.update(initiative)
        let_workers_tell()
        send_waiting("mail")

        assert self.stops_in(mailbox, supporter) == {}
        ((label, url),) = self.stops_in(mailbox, follower).items()
        assert label == "Bankjes op het plein"
        path = url.removeprefix(settings.SITE_URL)
        assert "Stop following this?" in client.get(path).content.decode()
        assert Follow.objects.count() == 1
        client.post(path)
        assert not Follow.objects.exists()

    def test_of_areas_and_a_theme(self, mailbox: Mailbox):
        district = scenes.area("district", kind=Area.Kind.DISTRICT)
        person = scenes.person(language="en")
        follows(person, "area", district)
        follows(person, "theme", scenes.theme())
        other = follows(scenes.person(language="en"), "theme", scenes.theme())
        self.mailed_at_once(person, other)
        scenes.initiative(where=scenes.area("binnen", parent=district))
        let_workers_tell()
        send_waiting("mail")

        assert set(self.stops_in(mailbox, person)) == {district.name, str(scenes.theme())}
        assert set(self.stops_in(mailbox, other)) == {str(scenes.theme())}

    def test_where_it_would_stop_nothing_it_is_not_offered(
        self, initiative: Initiative, mailbox: Mailbox
    ):
        """Whoever leads an initiative hears of it whether they follow it or not."""
        author = initiative.author
        assert author is not None
        User.objects.filter(pk=author.pk).update(language="en")
        follows(author, "initiative", initiative)
        self.mailed_at_once(author)
        scenes.comment(initiative)
        let_workers_tell()
        send_waiting("mail")

        assert self.stops_in(mailbox, author) == {}


class TestPromises:
    def test_the_office_there_hears_once_of_a_promise_whose_day_is_near(
        self, initiative: Initiative, officer: User
    ):
        elsewhere = scenes.granted(Role.PROGRAMME_OFFICE, area=scenes.area("anders"))
        answer(initiative, officer)
        day = timezone.localdate() + 20 * DAY
        actions.plan_milestone(
            initiative=initiative, by=officer, title="Bestellen", planned_date=day, language="nl"
        )
        tell_of_promises()
        assert hearers("milestone_near") == []
        initiative.milestones.update(planned_date=timezone.localdate() + 6 * DAY)

        tell_of_promises()
        tell_of_promises()

        assert hearers("milestone_near", initiative.milestones.get()) == numbers(officer)
        about = heard("milestone_near", officer)
        assert about is not None
        assert about.values["promise"] == "Bestellen"
        assert elsewhere.pk not in hearers("milestone_near")

    def test_two_promises_of_one_idea_are_each_told_by_name(
        self, initiative: Initiative, officer: User
    ):
        answer(initiative, officer)
        bought, placed = (
            actions.plan_milestone(
                initiative=initiative,
                by=officer,
                title=title,
                planned_date=timezone.localdate() + day * DAY,
                language="nl",
            )
            for title, day in (("Bestellen", 2), ("Plaatsen", 5))
        )

        tell_of_promises()

        for milestone in (bought, placed):
            about = heard("milestone_near", officer, milestone)
            assert about is not None
            assert about.values["promise"] == milestone.title

    def test_where_nobody_works_yet_whoever_comes_hears_it(self, initiative: Initiative):
        Initiative.objects.filter(pk=initiative.pk).update(
            progress="in_consideration",
            crossed_at=timezone.now(),
            answer_due_date=timezone.localdate() + 2 * DAY,
        )
        tell_of_promises()
        came = scenes.granted(Role.PROGRAMME_OFFICE)
        tell_of_promises()
        assert hearers("answer_near", initiative) == numbers(came)

    def test_a_promise_that_was_kept_is_told_no_more(self, initiative: Initiative, officer: User):
        Initiative.objects.filter(pk=initiative.pk).update(
            progress="in_consideration",
            crossed_at=timezone.now(),
            answer_due_date=timezone.localdate() + 2 * DAY,
        )
        tell_of_promises()
        assert heard("answer_near", officer, initiative)
        answer(Initiative.objects.get(pk=initiative.pk), officer)
        assert heard("answer_near", officer, initiative) is None
        let_workers_tell()
