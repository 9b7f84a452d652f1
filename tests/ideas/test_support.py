"""Support: one person's yes to an initiative."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contributions.actions import AddressNotConfirmed
from contributions.models import Status
from ideas import actions
from ideas.models import Initiative, Progress, Support
from tests import scenes
from tests.races import CALLERS, at_once

pytestmark = pytest.mark.django_db


def support_url(initiative: Initiative, name: str = "support") -> str:
    return reverse(f"ideas:{name}", args=[initiative.pk, initiative.address_slug])


def test_a_neighbour_supports_an_initiative_with_one_tap(client: Client):
    initiative = scenes.initiative()
    client.force_login(scenes.person())

    response = client.post(support_url(initiative))

    assert response.status_code == 302
    initiative.refresh_from_db()
    assert initiative.support_count == 1
    assert Support.objects.get().channel == "web"


def test_supporting_twice_counts_once_and_shows_no_error(client: Client):
    initiative = scenes.initiative()
    client.force_login(scenes.person())
    client.post(support_url(initiative))

    response = client.post(support_url(initiative), follow=True)

    assert response.status_code == 200
    initiative.refresh_from_db()
    assert initiative.support_count == Support.objects.count() == 1


def test_support_can_be_taken_back_while_the_initiative_is_open(client: Client):
    initiative = scenes.initiative()
    client.force_login(scenes.person())
    client.post(support_url(initiative))

    client.post(support_url(initiative, "take_back_support"))

    initiative.refresh_from_db()
    assert initiative.support_count == Support.objects.count() == 0


def test_a_visitor_signs_in_first_and_comes_back_to_the_support_page(client: Client):
    initiative = scenes.initiative()

    asked = client.get(support_url(initiative))
    response = client.post(support_url(initiative))

    assert asked.status_code == 200
    assert b"csrfmiddlewaretoken" not in asked.content
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    assert Support.objects.count() == 0


def test_who_did_not_confirm_an_address_cannot_support(client: Client):
    initiative = scenes.initiative()
    neighbour = scenes.person()
    neighbour.emailaddress_set.update(verified=False)

    with pytest.raises(AddressNotConfirmed):
        actions.give_support(initiative_pk=initiative.pk, person=neighbour)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.HIDDEN])
def test_what_is_not_on_the_site_cannot_be_supported_and_does_not_exist(
    client: Client, status: str
):
    initiative = scenes.initiative(status=status)
    client.force_login(scenes.person())

    assert client.post(support_url(initiative)).status_code == 404
    assert client.get(support_url(initiative)).status_code == 404


def test_the_author_of_a_draft_cannot_support_it_either(client: Client):
    initiative = scenes.initiative(status=Status.DRAFT)
    client.force_login(initiative.author)

    response = client.post(support_url(initiative))

    assert response.status_code == 302
    assert Support.objects.count() == 0


def test_nobody_can_support_in_the_name_of_someone_else(client: Client):
    initiative = scenes.initiative()
    neighbour, other = scenes.person(), scenes.person()
    client.force_login(neighbour)

    client.post(
        support_url(initiative), {"person": other.pk, "person_id": other.pk, "user": other.pk}
    )

    assert Support.objects.get().person == neighbour


def test_the_last_day_ends_at_midnight_in_amsterdam():
    initiative = scenes.initiative()
    # 22:30 and 23:30 in London on the last day: half past eleven, and half past midnight the day
    # after, in Amsterdam.
    last_evening = datetime.datetime.combine(
        initiative.closes_on, datetime.time(23, 30), timezone.get_default_timezone()
    )

    actions.give_support(initiative_pk=initiative.pk, person=scenes.person(), now=last_evening)
    with pytest.raises(actions.ClosedForSupport):
        actions.give_support(
            initiative_pk=initiative.pk,
            person=scenes.person(),
            now=last_evening + datetime.timedelta(hours=1),
        )


def test_closed_initiatives_say_so_and_keep_what_they_had(client: Client):
    initiative = scenes.initiative()
    neighbour = scenes.person()
    actions.give_support(initiative_pk=initiative.pk, person=neighbour)
    Initiative.objects.filter(pk=initiative.pk).update(closes_on=datetime.date(2020, 1, 1))
    client.force_login(neighbour)

    response = client.post(support_url(initiative, "take_back_support"), follow=True)

    assert "voorbij" in response.content.decode() or "over" in response.content.decode()
    assert Support.objects.count() == 1


def test_enough_support_starts_the_answer_clock_of_the_area_once():
    area = scenes.area(support_threshold=3, answer_weeks=4)
    initiative = scenes.initiative(where=area)
    moment = timezone.now()
    people = [scenes.person() for _number in range(4)]

    for neighbour in people[:3]:
        actions.give_support(initiative_pk=initiative.pk, person=neighbour, now=moment)
    initiative.refresh_from_db()
    assert initiative.progress == Progress.IN_CONSIDERATION
    assert initiative.crossed_at == moment
    assert initiative.answer_due_date == timezone.localdate(moment) + datetime.timedelta(weeks=4)

    later = moment + datetime.timedelta(days=3)
    actions.take_back_support(initiative_pk=initiative.pk, person=people[0], now=later)
    actions.give_support(initiative_pk=initiative.pk, person=people[3], now=later)

    initiative.refresh_from_db()
    assert initiative.crossed_at == moment
    assert initiative.progress == Progress.IN_CONSIDERATION


def test_changing_the_area_never_moves_the_goal_of_a_running_initiative():
    area = scenes.area(support_threshold=5, support_days=10)
    initiative = scenes.initiative(where=area)
    area.support_threshold = 500
    area.save()

    initiative.refresh_from_db()

    assert initiative.threshold == 5


def test_an_initiative_without_enough_support_expires_the_day_after_its_last():
    initiative = scenes.initiative()
    last_day = datetime.datetime.combine(
        initiative.closes_on, datetime.time(12), timezone.get_default_timezone()
    )

    assert actions.expire(now=last_day) == 0
    assert actions.expire(now=last_day + datetime.timedelta(days=1)) == 1

    initiative.refresh_from_db()
    assert initiative.progress == Progress.EXPIRED


def test_the_counters_can_be_recounted_from_the_rows():
    initiative = scenes.initiative()
    scenes.supporters(2, of=initiative)
    scenes.comment(initiative)
    Initiative.objects.filter(pk=initiative.pk).update(support_count=40, comment_count=9)

    assert actions.recount(initiative_pk=initiative.pk)

    initiative.refresh_from_db()
    assert (initiative.support_count, initiative.comment_count) == (2, 1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    """What only shows with real connections beside each other."""

    def test_twenty_four_identical_supports_make_one_row_and_no_error(self):
        initiative, neighbour = scenes.initiative(), scenes.person()

        outcomes = at_once(
            [
                lambda: actions.give_support(initiative_pk=initiative.pk, person=neighbour)
                for _caller in range(CALLERS)
            ]
        )

        assert all(outcome is None for outcome in outcomes), outcomes
        initiative.refresh_from_db()
        assert initiative.support_count == Support.objects.count() == 1

    def test_every_support_is_counted_and_exactly_one_crosses(self):
        area = scenes.area(support_threshold=CALLERS - 4)
        initiative = scenes.initiative(where=area)
        people = [scenes.person() for _caller in range(CALLERS)]
        moments = [timezone.now() + datetime.timedelta(seconds=number) for number in range(CALLERS)]

        at_once(
            [
                lambda who=who, when=when: actions.give_support(
                    initiative_pk=initiative.pk, person=who, now=when
                )
                for who, when in zip(people, moments, strict=True)
            ]
        )

        initiative.refresh_from_db()
        assert initiative.support_count == Support.objects.count() == CALLERS
        assert initiative.crossed_at in moments
        assert connection.vendor == "postgresql"
