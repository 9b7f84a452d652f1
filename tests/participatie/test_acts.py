"""The record of acts as administrators read it and take it along."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, RoleAct, User
from accounts.record import note_act
from tests import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> User:
    person = scenes.granted(Role.ADMINISTRATOR)
    client.force_login(person)
    return person


def done(
    by: User, act: str = "app.verb", *, days_ago: int = 0, about: User | None = None
) -> RoleAct:
    made = note_act(
        by=by, act=act, about=about, now=timezone.now() - datetime.timedelta(days=days_ago)
    )
    assert made is not None
    return made


def shown(client: Client, **choice: object) -> list[int]:
    response = client.get(reverse("acts:list"), choice)
    assert response.status_code == 200
    return [act.pk for act, _details in response.context["acts"]]


def test_the_latest_act_stands_first_with_who_by_which_role_and_about_what(
    client: Client, administrator: User
):
    moderator, who = scenes.moderator(), scenes.person()
    first, second = done(moderator), done(moderator, "app.other", about=who)

    assert shown(client) == [second.pk, first.pk]
    page = client.get(reverse("acts:list")).content.decode()
    assert f"{moderator.pk} · " in page
    assert f"accounts.user {who.pk}" in page


def test_acts_are_found_by_person_role_act_and_period(client: Client, administrator: User):
    moderator, office = scenes.moderator(), scenes.granted(Role.PROGRAMME_OFFICE)
    old = done(moderator, "contributions.hide", days_ago=40)
    new = done(moderator, "contributions.keep")
    other = done(office, "ideas.answer")
    day = timezone.localdate()

    assert shown(client, person=moderator.pk) == [new.pk, old.pk]
    assert shown(client, person=moderator.email.upper()) == [new.pk, old.pk]
    assert shown(client, role="programme_office") == [other.pk]
    assert shown(client, role="council_") == []
    assert shown(client, act="contributions.hide") == [old.pk]
    assert shown(client, act="contributions.") == [new.pk, old.pk]
    assert shown(client, since=day - datetime.timedelta(days=1), until=day) == [other.pk, new.pk]
    assert shown(client, until=day - datetime.timedelta(days=1)) == [old.pk]


@pytest.mark.parametrize(
    "choice",
    [
        {"person": "nobody@buurten.example"},
        {"person": "99999999"},
        {"person": "1" * 400},
        {"role": "king"},
        {"act": "a b"},
        {"since": "yesterday"},
    ],
)
def test_a_choice_that_means_nothing_is_said_beside_its_field(
    client: Client, administrator: User, choice: dict[str, str]
):
    for answer in (
        client.get(reverse("acts:list"), choice),
        client.post(reverse("acts:sheet"), choice),
    ):
        assert answer.status_code == 400
        assert answer.context["form"].errors.keys() == choice.keys()
    assert not RoleAct.objects.exists()


def test_a_cursor_that_is_none_begins_anew(client: Client, administrator: User):
    act = done(scenes.moderator())
    for after in ("x", "-1", "0", "9" * 30):
        assert shown(client, after=after) == [act.pk]


def test_pages_follow_each_other_in_the_same_few_queries(client: Client, administrator: User):
    moderator = scenes.moderator()

    def page(**choice: object) -> tuple[list[int], str, int]:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse("acts:list"), choice)
        pks = [act.pk for act, _details in response.context["acts"]]
        return pks, response.context["next_cursor"], len(queries)

    made = [done(scenes.moderator()).pk for _ in range(3)]
    _few, none, at_three = page()
    assert none == ""
    made += [done(moderator).pk for _ in range(117)]

    found: list[int] = []
    cursor = ""
    while True:
        pks, cursor, queries = page(after=cursor)
        assert queries == at_three
        found += pks
        if not cursor:
            break
    assert found == sorted(made, reverse=True)


def test_the_file_holds_numbers_and_no_names_and_is_on_the_record_itself(
    client: Client, administrator: User
):
    moderator = scenes.granted(Role.MODERATOR, user=scenes.person("Zqname"))
    act = done(moderator, "contributions.hide")
    done(moderator, "contributions.keep")
    choice = {"person": moderator.email, "act": "contributions.hide"}

    response = client.post(reverse("acts:sheet"), choice)
    text = b"".join(response.streaming_content).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == [str(act.pk)]
    assert rows[1][2] == str(moderator.pk)
    assert "Zqname" not in text
    assert moderator.email not in text
    export = RoleAct.objects.get(by=administrator)
    assert export.act == "participatie.export_acts"
    assert export.details == {"person": moderator.pk, "act": "contributions.hide"}


def test_no_cell_of_the_file_is_a_formula(client: Client, administrator: User):
    RoleAct.objects.create(by=scenes.moderator(), roles="=1+1", act="@sum", about="-x")

    response = client.post(reverse("acts:sheet"))
    row = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))[1:]

    told = next(cells for cells in row if "1+1" in cells[3])
    assert (told[3], told[4], told[5]) == ("'=1+1", "'@sum", "'-x")


def test_taking_it_along_asks_for_a_button(client: Client, administrator: User):
    assert client.get(reverse("acts:sheet")).status_code == 405
    assert not RoleAct.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_to_every_other_role_it_does_not_exist(client: Client, role: str):
    client.force_login(scenes.granted(role))
    assert client.get(reverse("acts:list")).status_code == 404
    assert client.post(reverse("acts:sheet")).status_code == 404
