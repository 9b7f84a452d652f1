"""Writing in an organisation's name: granted by the office, for a while, on the record."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Organisation, OrganisationGrant, Role, User
from accounts.organisations import written_for_by
from tests import councils, scenes
from tests.pages import words

pytestmark = pytest.mark.django_db

ADD = "/nl/beheer/accounts/organisationgrant/add/"
LIST = "/nl/beheer/accounts/organisationgrant/"


@pytest.fixture
def office() -> User:
    return scenes.granted(Role.PROGRAMME_OFFICE)


@pytest.fixture
def shops() -> Organisation:
    return Organisation.objects.create(name="Shops of the Lane", kind="shop_street")


def names_of(person: User) -> list[str]:
    return [one.name for one in written_for_by(person, timezone.now())]


def filled(email: str, organisation: Organisation, **more: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "email": email,
        "organisation": organisation.pk,
        "starts_at_0": str(today - timedelta(days=1)),
        "starts_at_1": "00:00",
        **more,
    }


def test_the_office_lets_somebody_write_for_a_shop_street_and_ends_it(
    client: Client, office: User, shops: Organisation
):
    person = scenes.person("Wendela")
    client.force_login(office)

    assert client.post(ADD, filled(person.email, shops)).status_code == 302

    assert names_of(person) == ["Shops of the Lane"]
    grant = OrganisationGrant.objects.get()
    assert grant.granted_by == office
    draft = scenes.draft(author=person)
    client.force_login(person)
    step = f"/en/initiatieven/nieuw/{draft.pk}/wie/"
    assert "In whose name? (not required)" in words(client.get(step))
    written = scenes.initiative(author=person, on_behalf_of=shops)

    client.force_login(office)
    client.post(LIST, {"action": "end_now", "_selected_action": [grant.pk]})

    assert names_of(person) == []
    # The record stays, and so does what was written.
    assert OrganisationGrant.objects.count() == 1
    client.logout()
    assert "Shops of the Lane" in words(client.get(written.get_absolute_url()))


def test_nobody_grants_a_name_to_themselves(client: Client, office: User, shops: Organisation):
    client.force_login(office)
    assert client.post(ADD, filled(office.email, shops)).status_code == 200
    with pytest.raises(actions.SelfGrant):
        actions.grant_name(granted_by=office, user=office, organisation=shops)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationGrant.objects.create(user=office, organisation=shops, granted_by=office)
    assert not OrganisationGrant.objects.exists()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.STEERING_GROUP, None])
def test_who_is_not_of_the_office_grants_and_ends_nothing(
    role: str | None, office: User, shops: Organisation
):
    other = scenes.granted(role) if role else scenes.person()
    person = scenes.person()
    with pytest.raises(actions.NotAGranter):
        actions.grant_name(granted_by=other, user=person, organisation=shops)
    grant = actions.grant_name(granted_by=office, user=person, organisation=shops)
    with pytest.raises(actions.NotAGranter):
        actions.end_name_grant(grant=grant, ended_by=other)


def test_an_office_of_one_area_grants_no_names(shops: Organisation):
    scoped = scenes.granted(Role.PROGRAMME_OFFICE, area=scenes.area())
    with pytest.raises(actions.NotAGranter):
        actions.grant_name(granted_by=scoped, user=scenes.person(), organisation=shops)


def test_who_writes_for_a_council_follows_from_its_seats_alone(client: Client, office: User):
    council = councils.council(members=1)
    person = scenes.person()
    with pytest.raises(actions.ImpossibleGrant):
        actions.grant_name(granted_by=office, user=person, organisation=council.organisation)
    client.force_login(office)
    assert client.post(ADD, filled(person.email, council.organisation)).status_code == 200
    assert not OrganisationGrant.objects.exists()


def test_a_right_holds_from_its_start_to_its_end(office: User, shops: Organisation):
    now = timezone.now()
    for starts, ends, expected in (
        (now + timedelta(hours=1), None, []),
        (now - timedelta(days=2), now - timedelta(days=1), []),
        (now - timedelta(days=2), now + timedelta(days=1), ["Shops of the Lane"]),
    ):
        person = scenes.person()
        actions.grant_name(
            granted_by=office, user=person, organisation=shops, starts_at=starts, ends_at=ends
        )
        assert names_of(person) == expected
        if not expected:
            continue
        User.objects.filter(pk=person.pk).update(is_active=False)
        assert names_of(User.objects.get(pk=person.pk)) == []
    with pytest.raises(actions.ImpossibleGrant):
        actions.grant_name(
            granted_by=office, user=scenes.person(), organisation=shops, starts_at=now, ends_at=now
        )


def test_an_ended_right_is_not_ended_twice_and_one_to_come_never_begins(
    office: User, shops: Organisation
):
    later = timezone.now() + timedelta(days=3)
    grant = actions.grant_name(
        granted_by=office, user=scenes.person(), organisation=shops, starts_at=later
    )
    ended = actions.end_name_grant(grant=grant, ended_by=office)
    assert ended.ends_at > ended.starts_at
    with pytest.raises(actions.GrantIsOver):
        actions.end_name_grant(grant=grant, ended_by=office, now=later + timedelta(days=1))


def test_an_organisation_has_a_page_with_its_newest_ideas(
    client: Client, office: User, shops: Organisation
):
    person = scenes.person("Wendela")
    actions.grant_name(granted_by=office, user=person, organisation=shops)
    shown = scenes.initiative("Lights in the lane", author=person, on_behalf_of=shops)
    scenes.initiative("Gone again", author=person, on_behalf_of=shops, status="withdrawn")

    page = client.get(f"/en/organisatie/{shops.pk}/")

    assert "Lights in the lane" in words(page)
    assert "Gone again" not in words(page)
    assert "Wendela" not in page.content.decode()
    address = f'href="/en/organisatie/{shops.pk}/"'
    client.cookies["django_language"] = "en"
    detail = client.get(shown.get_absolute_url().replace("/nl/", "/en/"))
    assert address in detail.content.decode()


def test_a_councils_name_leads_to_the_councils_page(client: Client):
    council = councils.council(members=1)
    response = client.get(f"/en/organisatie/{council.organisation_id}/")
    assert response["Location"] == f"/en/{council.slug}/"
