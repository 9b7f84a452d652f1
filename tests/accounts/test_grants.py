"""Roles: granted by somebody else, for a place, a language and a while; on the record."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Role, RoleGrant, User
from accounts.permissions import ADMIN_RIGHTS
from areas.models import Area

pytestmark = pytest.mark.django_db

ADD = "/nl/beheer/accounts/rolegrant/add/"
LIST = "/nl/beheer/accounts/rolegrant/"


def fresh(user: User) -> User:
    """Return somebody as the next request sees them."""
    return User.objects.get(pk=user.pk)


def grant(administrator: User, user: User, role: str, **scope: Any) -> RoleGrant:
    return actions.grant_role(granted_by=administrator, user=user, role=role, **scope)


# --- Scope ----------------------------------------------------------------------------------------


def test_a_grant_for_an_area_covers_what_lies_inside_it_and_nothing_else(
    administrator: User, resident: User, the_hague: Area, schilderswijk: Area, rijswijk: Area
) -> None:
    grant(administrator, resident, "moderator", area=the_hague)
    user = fresh(resident)
    assert user.has_role("moderator")
    assert user.has_role("moderator", area=the_hague)
    assert user.has_role("moderator", area=schilderswijk)
    assert not user.has_role("moderator", area=rijswijk)


def test_a_grant_for_a_neighbourhood_does_not_cover_its_city(
    administrator: User, resident: User, the_hague: Area, schilderswijk: Area
) -> None:
    grant(administrator, resident, "moderator", area=schilderswijk)
    assert not fresh(resident).has_role("moderator", area=the_hague)


def test_a_grant_without_scope_holds_everywhere(
    administrator: User, resident: User, rijswijk: Area
) -> None:
    grant(administrator, resident, "moderator")
    assert fresh(resident).has_role("moderator", area=rijswijk, language="bg")


def test_a_grant_for_a_language_holds_for_that_language(
    administrator: User, resident: User
) -> None:
    grant(administrator, resident, "messenger", language="pl")
    user = fresh(resident)
    assert user.has_role("messenger")
    assert user.has_role("messenger", language="pl")
    assert not user.has_role("messenger", language="bg")
    assert not user.has_role("moderator", language="pl")


def test_area_and_language_must_come_from_the_same_grant(
    administrator: User, resident: User, the_hague: Area, rijswijk: Area
) -> None:
    grant(administrator, resident, "moderator", area=the_hague, language="nl")
    grant(administrator, resident, "moderator", area=rijswijk, language="pl")
    assert not fresh(resident).has_role("moderator", area=rijswijk, language="nl")


def test_asking_for_roles_costs_one_query_and_the_tree_one_more_when_it_matters(
    administrator: User,
    resident: User,
    the_hague: Area,
    schilderswijk: Area,
    rijswijk: Area,
    django_assert_num_queries: Any,
) -> None:
    user = fresh(resident)
    with django_assert_num_queries(1):
        assert not user.has_role("moderator", area=schilderswijk)
        assert not user.has_role("messenger", language="pl")
        assert not user.is_staff
    grant(administrator, resident, "moderator", area=the_hague)
    user = fresh(resident)
    with django_assert_num_queries(1):
        assert user.has_role("moderator", area=the_hague)
    with django_assert_num_queries(1):
        assert user.has_role("moderator", area=schilderswijk)
        assert not user.has_role("moderator", area=rijswijk)


# --- Time -----------------------------------------------------------------------------------------


def test_a_grant_that_has_not_begun_gives_nothing(administrator: User, resident: User) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    row = grant(administrator, resident, "moderator", starts_at=tomorrow)
    assert not fresh(resident).has_role("moderator")
    assert not row.is_current(timezone.now())
    assert row.is_current(tomorrow)


def test_an_expired_grant_gives_nothing(administrator: User, resident: User) -> None:
    now = timezone.now()
    begin, end = now - timedelta(days=9), now - timedelta(seconds=1)
    for role in ("moderator", "administrator"):
        grant(administrator, resident, role, starts_at=begin, ends_at=end)
    user = fresh(resident)
    assert not user.has_role("moderator")
    assert not user.is_staff
    assert not user.has_perm("accounts.add_rolegrant")


def test_a_closed_account_has_no_roles(administrator: User) -> None:
    User.objects.filter(pk=administrator.pk).update(is_active=False)
    user = fresh(administrator)
    assert not user.has_role("administrator")
    assert not user.is_staff


def test_ending_a_grant_keeps_its_row(administrator: User, resident: User) -> None:
    row = grant(administrator, resident, "moderator")
    now = timezone.now()
    actions.end_grant(grant=row, ended_by=administrator, now=now)
    row.refresh_from_db()
    assert row.ends_at == now
    assert row.granted_by == administrator
    assert not fresh(resident).has_role("moderator")
    with pytest.raises(actions.GrantIsOver):
        actions.end_grant(grant=row, ended_by=administrator)


def test_a_grant_that_has_not_begun_can_be_ended(administrator: User, resident: User) -> None:
    begin = timezone.now() + timedelta(days=1)
    row = grant(administrator, resident, "moderator", starts_at=begin)
    actions.end_grant(grant=row, ended_by=administrator)
    row.refresh_from_db()
    assert not row.is_current(begin + timedelta(seconds=1))


# --- Who may grant --------------------------------------------------------------------------------


def test_nobody_grants_a_role_to_themselves(administrator: User) -> None:
    with pytest.raises(actions.SelfGrant):
        grant(administrator, administrator, "moderator")


def test_the_database_refuses_a_grant_to_oneself(resident: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=resident, role="moderator", granted_by=resident)


def test_only_an_administrator_grants_and_ends_roles(administrator: User, resident: User) -> None:
    office = User.objects.create_user("bureau@example.org")
    grant(administrator, office, "programme_office")
    row = grant(administrator, resident, "moderator")
    for somebody in (fresh(office), fresh(resident)):
        other = User.objects.create_user(f"ander{somebody.pk}@example.org")
        with pytest.raises(actions.NotAGranter):
            grant(somebody, other, "moderator")
        with pytest.raises(actions.NotAGranter):
            actions.end_grant(grant=row, ended_by=somebody)


@pytest.mark.parametrize(
    "impossible",
    [
        {"role": "messenger"},
        {"role": "administrator", "language": "nl"},
        {"role": "king"},
        {
            "role": "moderator",
            "starts_at": timezone.now(),
            "ends_at": timezone.now() - timedelta(1),
        },
    ],
)
def test_a_grant_that_contradicts_itself_is_refused(
    administrator: User, resident: User, impossible: dict[str, Any]
) -> None:
    with pytest.raises(actions.ImpossibleGrant):
        actions.grant_role(granted_by=administrator, user=resident, **impossible)
    assert not resident.grants.exists()


def test_the_last_administrator_stays(administrator: User, resident: User) -> None:
    row = administrator.grants.get()
    with pytest.raises(actions.LastAdministrator):
        actions.end_grant(grant=row, ended_by=administrator)
    second = grant(administrator, resident, "administrator")
    actions.end_grant(grant=row, ended_by=fresh(resident))
    with pytest.raises(actions.LastAdministrator):
        actions.end_grant(grant=second, ended_by=fresh(resident))


def test_a_closed_account_does_not_count_as_the_administrator_who_stays(
    administrator: User, resident: User
) -> None:
    grant(administrator, resident, "administrator")
    User.objects.filter(pk=resident.pk).update(is_active=False)
    with pytest.raises(actions.LastAdministrator):
        actions.end_grant(grant=administrator.grants.get(), ended_by=administrator)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_twenty_administrators_who_resign_at_once_one_stays() -> None:
    people = [User.objects.create_user(f"a{n}@example.org") for n in range(20)]
    rows = [
        actions.grant_role(granted_by=None, user=person, role="administrator") for person in people
    ]

    def resign(number: int) -> bool:
        try:
            actions.end_grant(grant=rows[number], ended_by=people[number])
        except actions.LastAdministrator:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sorted(pool.map(resign, range(20))) == [False] + [True] * 19
    assert RoleGrant.objects.current(timezone.now()).count() == 1


def test_losing_an_area_never_widens_a_grant(
    administrator: User, resident: User, rijswijk: Area
) -> None:
    from django.db.models import ProtectedError

    grant(administrator, resident, "moderator", area=rijswijk)
    with pytest.raises(ProtectedError):
        rijswijk.delete()


# --- Rights in the admin --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "scope", "opens"),
    [
        ("administrator", {}, True),
        ("programme_office", {}, True),
        ("programme_office", {"language": "pl"}, False),
        ("moderator", {}, False),
        ("messenger", {"language": "pl"}, False),
        ("steering_group", {}, False),
        ("core_team", {}, False),
        ("municipal_council", {}, False),
    ],
)
def test_the_admin_opens_for_two_roles(
    client: Client,
    administrator: User,
    resident: User,
    role: str,
    scope: dict[str, str],
    opens: bool,
) -> None:
    grant(administrator, resident, role, **scope)
    assert fresh(resident).is_staff is opens
    client.force_login(resident)
    assert client.get("/nl/beheer/").status_code == (200 if opens else 302)


def test_each_role_has_its_own_rights(administrator: User, resident: User) -> None:
    grant(administrator, resident, "programme_office")
    office = fresh(resident)
    assert office.has_perm("indicators.change_theme")
    assert office.has_perm("areas.change_area")
    assert office.has_perms(["participatie.change_page", "contributions.add_houserule"])
    assert office.has_module_perms("indicators")
    assert office.has_perm("accounts.change_organisation")
    assert not office.has_perm("accounts.change_user")
    assert not office.has_perm("accounts.add_rolegrant")
    assert not office.has_perm("contributions.delete_houserule")
    assert administrator.has_perm("accounts.add_rolegrant")
    assert not administrator.has_perm("accounts.delete_rolegrant")
    assert not administrator.has_perm("indicators.change_theme")
    assert not administrator.has_perm("areas.change_area", obj=object())


def test_the_rights_name_objects_that_exist_or_come_later() -> None:
    from django.apps import apps

    for rights in ADMIN_RIGHTS.values():
        for label in rights:
            assert apps.is_installed(label.split(".")[0])


def test_somebody_without_a_role_sees_no_admin_pages(client: Client, resident: User) -> None:
    client.force_login(resident)
    for path in ("/nl/beheer/", LIST, ADD, "/nl/beheer/accounts/user/"):
        assert client.get(path).status_code in (302, 403, 404)


def test_the_programme_office_sees_no_accounts_and_no_grants(
    client: Client, administrator: User, resident: User
) -> None:
    grant(administrator, resident, "programme_office")
    client.force_login(resident)
    assert client.get(LIST).status_code == 403
    assert client.get("/nl/beheer/accounts/user/").status_code == 403
    assert client.get(ADD).status_code == 403


# --- The administrator's pages --------------------------------------------------------------------


def filled_in(**changes: str) -> dict[str, str]:
    return {
        "email": "buur@example.org",
        "role": "moderator",
        "area_choice": "all",
        "language_choice": "nl",
        "starts_at_0": "2026-01-01",
        "starts_at_1": "10:00:00",
        "ends_at_0": "",
        "ends_at_1": "",
        **changes,
    }


def test_an_administrator_grants_a_role(
    client: Client, administrator: User, resident: User, schilderswijk: Area
) -> None:
    client.force_login(administrator)
    assert client.get(ADD).status_code == 200
    response = client.post(ADD, filled_in(area_choice=str(schilderswijk.pk)))
    assert response.status_code == 302, response.context["errors"]
    row = resident.grants.get()
    assert (row.role, row.area, row.language) == ("moderator", schilderswijk, "nl")
    assert row.granted_by == administrator


def test_granting_to_oneself_is_refused_with_a_sentence(
    client: Client, administrator: User
) -> None:
    client.force_login(administrator)
    response = client.post(ADD, filled_in(email=administrator.email.upper()))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["email"]
    assert administrator.grants.count() == 1


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("email", {"email": "niemand@example.org"}),
        ("area_choice", {"area_choice": ""}),
        ("language_choice", {"language_choice": ""}),
        ("language_choice", {"role": "messenger", "language_choice": "all"}),
        ("role", {"role": "administrator"}),
        ("role", {"role": "king"}),
        ("area_choice", {"area_choice": "999999"}),
        ("area_choice", {"area_choice": "1e1"}),
        ("ends_at", {"ends_at_0": "2025-01-01", "ends_at_1": "10:00:00"}),
    ],
)
def test_a_grant_that_cannot_be_gets_a_sentence_at_its_field(
    client: Client, administrator: User, resident: User, field: str, changes: dict[str, str]
) -> None:
    client.force_login(administrator)
    response = client.post(ADD, filled_in(**changes))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors[field]
    assert not resident.grants.exists()


def test_an_administrator_ends_roles_and_changes_nothing_else(
    client: Client, administrator: User, resident: User
) -> None:
    row = grant(administrator, resident, "moderator")
    client.force_login(administrator)
    page = f"{LIST}{row.pk}/change/"
    assert client.get(page).status_code == 200
    assert client.post(page, filled_in(role="administrator")).status_code == 403
    assert client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "end_now", "_selected_action": [str(row.pk)]})
    row.refresh_from_db()
    assert row.role == "moderator"
    assert row.ends_at is not None


def test_an_administrator_cannot_end_the_last_administrators_role_by_the_list(
    client: Client, administrator: User
) -> None:
    client.force_login(administrator)
    row = administrator.grants.get()
    client.post(LIST, {"action": "end_now", "_selected_action": [str(row.pk)]})
    row.refresh_from_db()
    assert row.ends_at is None


def test_an_administrator_can_close_an_account_and_edit_nothing_in_it(
    client: Client, administrator: User, resident: User
) -> None:
    client.force_login(administrator)
    assert client.get("/nl/beheer/accounts/user/?q=buur@example.org").status_code == 200
    page = f"/nl/beheer/accounts/user/{resident.pk}/change/"
    assert client.get(page).status_code == 200
    client.post(page, {"email": "kaping@example.org", "display_name": "Weg", "is_active": ""})
    resident.refresh_from_db()
    assert resident.email == "buur@example.org"
    assert resident.display_name == ""
    assert not resident.is_active
    assert client.post(f"/nl/beheer/accounts/user/{resident.pk}/delete/").status_code == 403
    assert client.get("/nl/beheer/accounts/user/add/").status_code == 403


def test_the_admin_does_not_filter_on_passwords(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    response = client.get(f"{LIST}?user__password__startswith=pbkdf2")
    assert response.status_code == 400


# --- The command ----------------------------------------------------------------------------------


def test_the_command_makes_the_first_administrator(db: None) -> None:
    call_command("create_administrator", "Eerste@example.org")
    user = User.objects.get(email="eerste@example.org")
    assert user.has_role(Role.ADMINISTRATOR)
    assert user.grants.get().granted_by is None
    assert not user.has_usable_password()
    call_command("create_administrator", "eerste@example.org")
    assert RoleGrant.objects.count() == 1


def test_the_command_wants_an_address(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("create_administrator", "geen-adres")
    assert not User.objects.exists()
