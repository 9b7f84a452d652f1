"""Who reads the whole database of a closed secret vote does not learn who voted what."""

import hashlib
import hmac
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User
from jongerenraad.actions.votes import cast_vote, close_vote
from jongerenraad.models import Council, Elector, Matter, MatterKey, SecretVote
from tests import councils
from tests.jongerenraad.voting import opened

pytestmark = pytest.mark.django_db

MEMBERS = 16
AGREE = {0, 3, 4, 8, 10, 13, 14}


@pytest.fixture
def council() -> Council:
    return councils.council(members=MEMBERS)


def choice_of(number: int) -> str:
    return "agree" if number in AGREE else "disagree"


def voted(council: Council) -> tuple[Matter, list[User]]:
    """Let everybody vote one after the other, so that any order that is kept would tell."""
    matter = opened(council, kind="person")
    people = councils.electorate(council)
    for number, person in enumerate(people):
        # Somebody changes their mind in between, as people do.
        if number == 5:
            cast_vote(matter=matter, by=person, choice="agree")
        cast_vote(matter=matter, by=person, choice=choice_of(number))
    return matter, people


def rows_of(table: str, hidden: tuple[str, ...], matter: Matter) -> list[dict[str, Any]]:
    """Return a table's rows of a matter with every column, also those that engines keep unseen."""
    with connection.cursor() as cursor:
        names = ", ".join((*hidden, "*"))
        cursor.execute(f"SELECT {names} FROM {table} WHERE matter_id = %s", [matter.pk])
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def hidden_columns() -> tuple[str, ...]:
    if connection.vendor == "postgresql":
        return ("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid")
    return ("rowid",)


def derived(value: Any) -> Iterator[str]:
    """Yield a value and what somebody would try to make of it."""
    text = str(value)
    yield text
    yield text.replace("-", "").lower()
    for digest in ("md5", "sha1", "sha256"):
        yield hashlib.new(digest, text.encode()).hexdigest()
    yield hmac.new(settings.SECRET_KEY.encode(), text.encode(), "sha256").hexdigest()


def test_no_column_of_a_ballot_equals_or_follows_from_one_of_a_voter(council: Council):
    matter, _people = voted(council)
    close_vote(matter=matter, now=matter.closes_at)
    ballots = rows_of("jongerenraad_secretvote", hidden_columns(), matter)
    electors = rows_of("jongerenraad_elector", hidden_columns(), matter)
    assert len(ballots) == len(electors) == MEMBERS

    # What is the same for every ballot tells none from another. Places in a table and numbers of
    # transactions are compared as orders below.
    places = {"ctid", "rowid", "xmin", "xmax", "cmin", "cmax"}
    for mine, theirs in itertools.product(ballots[0].keys() - places, electors[0].keys() - places):
        if len({ballot[mine] for ballot in ballots}) == 1:
            continue
        left = [set(derived(ballot[mine])) for ballot in ballots]
        right = [set(derived(elector[theirs])) for elector in electors]
        joined = [
            (one, other)
            for one, other in itertools.product(range(MEMBERS), repeat=2)
            if left[one] & right[other]
        ]
        assert len(joined) in (0, MEMBERS * MEMBERS), (mine, theirs)


def test_what_the_engine_keeps_of_a_ballot_is_the_same_for_all(council: Council):
    matter, _people = voted(council)
    close_vote(matter=matter, now=matter.closes_at)
    ballots = rows_of("jongerenraad_secretvote", hidden_columns(), matter)
    for column in {"xmin", "cmin", "cmax", "tableoid", "handle", "matter_id", "word"} & set(
        ballots[0]
    ):
        assert len({ballot[column] for ballot in ballots}) == 1, column
    assert {ballot["handle"] for ballot in ballots} == {""}
    # Nothing else stands in it: no moment, no person.
    assert set(ballots[0]) - set(hidden_columns()) == {
        "id", "matter_id", "handle", "choice", "word",
    }  # fmt: skip


def orders(matter: Matter) -> dict[str, list[str]]:
    """Return the choices in every order in which somebody could read the ballots."""
    by = {"ctid", "rowid", "id"} & {*hidden_columns(), "id"}
    found = {}
    for column in sorted(by):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT choice FROM jongerenraad_secretvote WHERE matter_id = %s "
                f"ORDER BY {column}",
                [matter.pk],
            )
            found[column] = [row[0] for row in cursor.fetchall()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT choice FROM jongerenraad_secretvote WHERE matter_id = %s", [matter.pk]
        )
        found["as it comes"] = [row[0] for row in cursor.fetchall()]
    return found


def test_no_order_of_the_ballots_is_that_in_which_people_voted(council: Council):
    """By chance one order in 11440 is the same; that it happens three times is no chance."""
    as_voted = [choice_of(number) for number in range(MEMBERS)]
    same: dict[str, int] = {}
    seen: dict[str, set[tuple[str, ...]]] = {}
    for _time in range(3):
        matter, _people = voted(council)
        close_vote(matter=matter, now=matter.closes_at)
        for column, choices in orders(matter).items():
            assert sorted(choices) == sorted(as_voted)
            same[column] = same.get(column, 0) + (choices in (as_voted, as_voted[::-1]))
            seen.setdefault(column, set()).add(tuple(choices))
    assert all(times < 2 for times in same.values()), same
    # It is another order each time: drawn by lot, not sorted.
    assert all(len(order) > 1 for order in seen.values()), seen


def test_while_it_is_open_the_database_alone_does_not_tell_whose_a_ballot_is(council: Council):
    matter, _people = voted(council)
    key = MatterKey.objects.get(matter=matter)
    handles = set(SecretVote.objects.filter(matter=matter).values_list("handle", flat=True))
    for elector in Elector.objects.filter(matter=matter):
        for text in (elector.pk, elector.membership_id, elector.receipt):
            guess = hmac.new(key.secret.encode(), str(text).encode(), "sha256").hexdigest()
            assert guess not in handles
    close_vote(matter=matter, now=matter.closes_at)
    assert not MatterKey.objects.exists()
    assert not handles & set(SecretVote.objects.values_list("handle", flat=True))


def test_a_receipt_is_drawn_by_lot_and_stands_beside_no_ballot(council: Council):
    matter, _people = voted(council)
    receipts = list(Elector.objects.filter(matter=matter).values_list("receipt", flat=True))
    assert len(set(receipts)) == MEMBERS
    assert all(re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", one) for one in receipts)
    assert not {"handle", "receipt"} & {field.name for field in Elector._meta.fields} - {"receipt"}
    close_vote(matter=matter, now=matter.closes_at)
    said = json.dumps([list(map(str, row)) for row in SecretVote.objects.values_list()])
    assert not any(receipt in said for receipt in receipts)


def test_no_sequence_counts_along_with_the_ballots(council: Council):
    matter, _people = voted(council)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence('jongerenraad_secretvote', 'id')")
            assert cursor.fetchone() == (None,)
    before = set(SecretVote.objects.values_list("pk", flat=True))
    close_vote(matter=matter, now=matter.closes_at)
    after = set(SecretVote.objects.values_list("pk", flat=True))
    assert not before & after
    assert all(pk.version == 4 for pk in after)


def test_log_lines_tell_neither_who_votes_nor_what(council: Council):
    matter = opened(council, kind="person")
    browser = Client()
    person = councils.electorate(council)[7]
    browser.force_login(person)
    elector = Elector.objects.get(matter=matter, membership__person=person)
    with structlog.testing.capture_logs() as lines:
        response = browser.post(
            matter.get_absolute_url(), {"choice": "disagree", "word": "zqnever"}
        )
        assert response.status_code == 302
        close_vote(matter=matter, now=matter.closes_at)
    elector.refresh_from_db()
    assert elector.has_voted
    assert lines
    for line in lines:
        assert not {"person", "user", "user_id", "membership", "elector", "by"} & set(line), line
        said = json.dumps(line, default=str)
        for secret in ("disagree", "zqnever", elector.receipt, person.email):
            assert secret not in said, line


def test_nobody_reads_on_a_page_what_somebody_voted(council: Council):
    matter = opened(council, kind="person")
    people = councils.electorate(council)
    for number, person in enumerate(people):
        cast_vote(
            matter=matter, by=person, choice=choice_of(number), word="zqword" if number == 2 else ""
        )
    close_vote(matter=matter, now=matter.closes_at)
    for person in (None, people[0], people[2]):
        browser = Client()
        if person:
            browser.force_login(person)
        page = browser.get(matter.get_absolute_url()).content.decode()
        main = page.partition("<main")[2].partition("</main>")[0]
        names = [one.memberships.get().first_name for one in people]
        assert not any(f"<bdi>{name}</bdi>" in main for name in names if name)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_number_of_a_transaction_joins_no_ballot_of_an_open_vote_to_its_voter(
    council: Council,
) -> None:
    matter, people = voted(council)
    electors = rows_of("jongerenraad_elector", ("xmin::text AS written",), matter)
    ballots = rows_of("jongerenraad_secretvote", ("xmin::text AS written",), matter)
    assert len({elector["written"] for elector in electors}) == 1
    assert len({ballot["written"] for ballot in ballots}) == len(people)
    assert [elector["has_voted"] for elector in electors] == [True] * len(people)
    assert len({elector["receipt"] for elector in electors}) == len(people)
