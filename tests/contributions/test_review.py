"""Who waits for a moderator before others read a text, and by when it is read."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Role, User
from contributions import actions
from contributions.deadlines import today, working_days_later
from contributions.models import Dossier, Status
from contributions.review import Reason, published_by, reasons_to_review
from ideas.actions import answer
from ideas.models import Initiative
from tests import scenes

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def reasons(author: User, language: str = "nl") -> list[str]:
    return [
        str(reason)
        for reason in reasons_to_review(
            author=author, area=scenes.area(), language=language, now=timezone.now()
        )
    ]


@pytest.mark.django_db
class TestWhoWaits:
    @pytest.fixture(autouse=True)
    def someone_reads(self, db: None) -> User:
        return scenes.moderator()

    def test_a_new_account_waits_until_three_texts_stand_published(self):
        neighbour = scenes.person()
        for number in range(3):
            assert reasons(neighbour) == [Reason.NEW_ACCOUNT]
            scenes.initiative(f"Idea {number}", author=neighbour)

        assert reasons(neighbour) == []

    def test_comments_count_as_much_as_initiatives(self):
        neighbour, on = scenes.person(), scenes.initiative()
        for number in range(3):
            scenes.comment(on, f"Number {number}", author=neighbour)

        assert published_by(neighbour) == 3
        assert reasons(neighbour) == []

    @pytest.mark.parametrize(
        "status", [status for status in Status.values if status != Status.PUBLISHED]
    )
    def test_only_what_stands_on_the_site_earns_trust(self, status: str):
        neighbour = scenes.person()
        scenes.initiative("One", author=neighbour)
        scenes.initiative("Two", author=neighbour)
        scenes.initiative("Three", author=neighbour, status=status)

        assert reasons(neighbour) == [Reason.NEW_ACCOUNT]

    def test_an_official_answer_earns_its_writer_no_trust_as_a_neighbour(self):
        office = scenes.granted(Role.PROGRAMME_OFFICE)
        for number in range(3):
            answer(
                initiative=scenes.initiative(f"Idea {number}"),
                by=office,
                outcome="adopted",
                text="We do it.",
                language="nl",
            )

        assert published_by(office) == 0

    @pytest.mark.parametrize("age_band", ["12-15", ""])
    def test_who_is_under_16_or_did_not_tell_always_waits(self, age_band: str):
        young = scenes.trusted(scenes.person(age_band="16-17"))
        assert reasons(young) == []
        young.age_band = age_band

        assert reasons(young) == [Reason.UNDER_16]

    @pytest.mark.parametrize("age_band", ["16-17", "18-26", "27-54", "55+"])
    def test_from_16_on_nobody_waits_for_their_age(self, age_band: str):
        assert Reason.UNDER_16 not in reasons(scenes.person(age_band=age_band))

    def test_all_reasons_are_named(self):
        assert reasons(scenes.person(age_band="12-15"), "xx") == ["under_16", "new_account"]


@pytest.mark.django_db
class TestUnreadLanguages:
    def test_a_language_that_nobody_reads_waits_for_one_who_does_and_says_so(self):
        neighbour = scenes.trusted(scenes.person())
        User.objects.filter(grants__role=Role.MODERATOR).update(is_active=False)
        scenes.moderator(language="nl")

        text = scenes.draft(author=neighbour, language="bg")
        actions.submit(contribution=text, by=neighbour)

        text.refresh_from_db()
        dossier = Dossier.objects.get(pk=text.dossier_id)
        assert text.status == Status.SUBMITTED
        assert dossier.review_reasons == ["language_unread"]
        reader = scenes.moderator(language="bg")
        assert Dossier.objects.waiting().reviewable_by(reader).get() == dossier
        actions.publish(dossier=dossier, by=reader)

    def test_a_reader_of_the_language_elsewhere_does_not_help(self):
        here, there = scenes.area("hier"), scenes.area("daar")
        scenes.moderator(language="bg", area=there)
        author = scenes.person()

        def waits(area: object) -> bool:
            found = reasons_to_review(author=author, area=area, language="bg", now=timezone.now())
            return Reason.LANGUAGE_UNREAD in found

        assert waits(here)
        assert not waits(there)

    def test_a_reader_for_the_whole_city_reads_its_neighbourhoods(self):
        city = scenes.area("stad")
        here = scenes.area("hier", parent=scenes.area("deel", parent=city))
        scenes.moderator(language="bg", area=city)

        found = reasons_to_review(
            author=scenes.person(), area=here, language="bg", now=timezone.now()
        )

        assert Reason.LANGUAGE_UNREAD not in found

    def test_the_author_does_not_count_as_reader_of_their_own_text(self):
        assert Reason.LANGUAGE_UNREAD in reasons(scenes.moderator())

    def test_a_grant_that_ended_or_a_closed_account_reads_nothing(self):
        now = timezone.now()
        scenes.granted(Role.MODERATOR, ends_at=now - datetime.timedelta(seconds=1))
        scenes.granted(Role.MODERATOR, starts_at=now + datetime.timedelta(days=1))
        gone = scenes.moderator()
        gone.is_active = False
        gone.save()

        assert Reason.LANGUAGE_UNREAD in reasons(scenes.person())

    def test_other_roles_read_nothing_for_review(self):
        scenes.granted(Role.MESSENGER, language="pl")
        scenes.granted(Role.ADMINISTRATOR)

        assert Reason.LANGUAGE_UNREAD in reasons(scenes.person(), "pl")


@pytest.mark.django_db
class TestHandingIn:
    def test_a_new_neighbours_text_waits(self):
        scenes.moderator()
        text = scenes.initiative(status=Status.SUBMITTED)

        dossier = Dossier.objects.get(pk=text.dossier_id)
        assert dossier.review == "before"
        assert dossier.review_reasons == ["new_account"]
        assert dossier.waiting_since == text.submitted_at

    def test_a_trusted_neighbours_text_stands_at_once_and_is_read_after(self):
        scenes.moderator()
        neighbour = scenes.trusted(scenes.person())

        text = scenes.initiative("Fourth", author=neighbour, status=Status.SUBMITTED)

        dossier = Dossier.objects.get(pk=text.dossier_id)
        assert text.status == Status.PUBLISHED
        assert text.published_at == text.submitted_at
        assert dossier.review == "after"
        assert dossier.review_reasons == []
        assert dossier.promised_date is not None

    def test_nobody_hands_in_before_telling_their_age(self):
        stranger = scenes.person(age_band="")
        text = scenes.draft(author=stranger)

        with pytest.raises(actions.AgeUnknown):
            actions.submit(contribution=text, by=stranger)

        text.refresh_from_db()
        assert text.status == Status.DRAFT

    def test_the_age_is_asked_again_after_a_year(self):
        neighbour = scenes.person()
        neighbour.age_confirmed_at = timezone.now() - datetime.timedelta(days=366)
        neighbour.save()

        with pytest.raises(actions.AgeUnknown):
            actions.submit(contribution=scenes.draft(author=neighbour), by=neighbour)

    def test_nobody_hands_in_from_an_address_that_is_not_confirmed(self):
        neighbour = scenes.person()
        neighbour.emailaddress_set.update(verified=False)

        with pytest.raises(actions.AddressNotConfirmed):
            actions.submit(contribution=scenes.draft(author=neighbour), by=neighbour)

    def test_nobody_hands_in_someone_elses_text(self):
        text = scenes.draft()

        with pytest.raises(actions.NotAllowed):
            actions.submit(contribution=text, by=scenes.person())

    def test_a_text_without_a_neighbourhood_cannot_be_handed_in(self):
        text = scenes.draft()
        Initiative.objects.filter(pk=text.pk).update(area=None)

        with pytest.raises(actions.NotPossibleNow):
            actions.submit(contribution=text, by=text.author)

        text.refresh_from_db()
        assert text.status == Status.DRAFT

    def test_the_queue_knows_the_place_and_language_that_were_handed_in(self):
        there = scenes.area("daar")
        text = scenes.initiative(status=Status.SUBMITTED, language="pl", where=there)

        dossier = Dossier.objects.get(pk=text.dossier_id)
        assert (dossier.area, dossier.language) == (there, "pl")

    def test_the_promise_is_as_many_working_days_as_the_area_says(self):
        where = scenes.area("rustig", review_working_days=5)
        wednesday = datetime.datetime(2026, 7, 1, 12, tzinfo=AMSTERDAM)
        author = scenes.person()
        author.age_confirmed_at = wednesday
        author.save()

        text = scenes.initiative(status=Status.SUBMITTED, author=author, where=where, now=wednesday)

        dossier = Dossier.objects.get(pk=text.dossier_id)
        assert dossier.promised_date == datetime.date(2026, 7, 8)

    def test_a_text_sent_in_after_midnight_in_amsterdam_counts_from_the_new_day(self):
        # Half past ten in the evening, by the clock of the server in London.
        late = datetime.datetime(2026, 7, 1, 22, 30, tzinfo=datetime.UTC)
        author = scenes.person()
        author.age_confirmed_at = late
        author.save()

        text = scenes.initiative(status=Status.SUBMITTED, author=author, now=late)

        # Thursday 2 July it is here by then: Friday and Monday follow.
        dossier = Dossier.objects.get(pk=text.dossier_id)
        assert dossier.promised_date == datetime.date(2026, 7, 6)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("start", "days", "end"),
        [
            ("2026-06-30", 2, "2026-07-02"),
            ("2026-07-02", 2, "2026-07-06"),
            ("2026-07-03", 2, "2026-07-07"),
            ("2026-07-04", 2, "2026-07-07"),
            ("2026-07-05", 2, "2026-07-07"),
            ("2026-06-29", 10, "2026-07-13"),
            ("2026-06-30", 0, "2026-06-30"),
        ],
        ids=["tuesday", "thursday", "friday", "saturday", "sunday", "two-weeks", "today"],
    )
    def test_weekends_are_no_working_days(self, start: str, days: int, end: str):
        assert working_days_later(day(start), days) == day(end)

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2025-12-31", "2026-01-02"),
            ("2026-04-03", "2026-04-07"),
            ("2026-04-24", "2026-04-28"),
            ("2026-05-13", "2026-05-15"),
            ("2026-05-22", "2026-05-26"),
            ("2026-12-24", "2026-12-28"),
        ],
        ids=["new-year", "easter", "kings-day", "ascension", "whitsun", "christmas"],
    )
    def test_dutch_holidays_are_no_working_days(self, start: str, end: str):
        assert working_days_later(day(start), 1) == day(end)

    def test_good_friday_and_every_fifth_liberation_day_are_holidays_too(self):
        assert working_days_later(day("2026-04-02"), 1) == day("2026-04-07")
        assert working_days_later(day("2030-05-03"), 1) == day("2030-05-06")
        assert working_days_later(day("2025-05-02"), 1) == day("2025-05-06")
        assert working_days_later(day("2026-05-04"), 1) == day("2026-05-05")

    @pytest.mark.parametrize(
        ("moment", "date"),
        [
            ("2026-07-01T21:59:59+00:00", "2026-07-01"),
            ("2026-07-01T22:00:00+00:00", "2026-07-02"),
            ("2026-01-01T22:59:59+00:00", "2026-01-01"),
            ("2026-01-01T23:00:00+00:00", "2026-01-02"),
        ],
    )
    def test_a_day_ends_at_midnight_in_amsterdam_summer_and_winter(self, moment: str, date: str):
        assert today(datetime.datetime.fromisoformat(moment)) == day(date)
