"""Votes at the same moment, and what a vote costs."""

import datetime
import statistics
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from contributions.actions import Refused
from ideas import actions as ideas
from jongerenraad.actions import members, votes
from jongerenraad.models import Elector, Matter, Membership, Office, SecretVote, Vote
from tests import councils, scenes
from tests.jongerenraad.voting import closed, opened
from tests.races import CALLERS, at_once

MEMBERS = 25
A_SECOND = datetime.timedelta(seconds=1)


def ballots_of(matter: Matter) -> Any:
    if matter.is_secret:
        return SecretVote.objects.filter(matter=matter)
    return Vote.objects.filter(elector__matter=matter)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["general", "person"])
class TestAtOnce:
    def test_twenty_five_members_in_the_same_second_are_all_counted_once(self, kind: str):
        council = councils.council(members=MEMBERS)
        matter = opened(council, kind=kind)
        people = councils.electorate(council)
        choices = ["agree", "disagree", "abstain"] * MEMBERS

        receipts = at_once(
            [
                lambda who=who, what=what: votes.cast_vote(matter=matter, by=who, choice=what)
                for who, what in zip(people, choices, strict=False)
            ]
        )

        assert all(isinstance(receipt, str) for receipt in receipts), receipts
        assert len(set(receipts)) == MEMBERS
        result = votes.close_vote(matter=matter, now=matter.closes_at)
        expected = Counter(choices[:MEMBERS])
        assert [result.agree, result.disagree, result.abstain] == [
            expected["agree"],
            expected["disagree"],
            expected["abstain"],
        ]

    def test_a_member_who_taps_many_times_is_counted_once(self, kind: str):
        council = councils.council(members=5)
        matter = opened(council, kind=kind)
        person = councils.electorate(council)[1]

        receipts = at_once(
            [
                lambda what=what: votes.cast_vote(matter=matter, by=person, choice=what)
                for what in ["agree", "disagree"] * (CALLERS // 2)
            ]
        )

        assert set(receipts) == {Elector.objects.get(membership__person=person).receipt}
        assert ballots_of(matter).count() == 1
        assert votes.close_vote(matter=matter, now=matter.closes_at).cast == 1

    def test_a_vote_at_the_moment_of_counting_counts_or_is_refused(self, kind: str):
        council = councils.council(members=MEMBERS - 4)
        matter = opened(council, kind=kind)
        just_before = matter.closes_at - A_SECOND
        calls: list[Callable[[], Any]] = [
            lambda who=who: votes.cast_vote(matter=matter, by=who, choice="agree", now=just_before)
            for who in councils.electorate(council)
        ]
        for place in (5, 9, 13, 17):
            calls.insert(
                place, lambda: votes.close_vote(matter=matter, now=matter.closes_at).outcome
            )

        met = at_once(calls)

        refused = [one for one in met if isinstance(one, Exception)]
        assert all(isinstance(one, votes.VoteClosed) for one in refused), refused
        matter.refresh_from_db()
        taken = MEMBERS - 4 - len(refused)
        assert matter.is_closed
        assert matter.agree == taken == ballots_of(matter).count()
        assert Elector.objects.filter(matter=matter, has_voted=True).count() == taken
        assert votes.recount() == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_one_of_many_gets_the_last_seat():
    council = councils.council(members=2, vacancies=1)
    office = scenes.granted(Role.PROGRAMME_OFFICE)
    seat, term = council.seats.last(), council.terms.get()
    people = [scenes.person() for _person in range(CALLERS)]

    met = at_once(
        [
            lambda who=who: members.appoint(
                term=term,
                seat=seat,
                person=who,
                office=Office.MEMBER,
                first_name="Sam",
                by=office,
            )
            for who in people
        ]
    )

    assert sum(isinstance(one, Membership) for one in met) == 1
    assert all(isinstance(one, members.SeatTaken | Membership) for one in met), met


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_one_second_vote_is_opened_however_many_ask_for_it():
    council = councils.council(members=3)
    first = closed(opened(council))
    met = at_once(
        [
            lambda: opened(council, second_of=first, now=first.closed_at + A_SECOND)
            for _caller in range(CALLERS)
        ]
    )
    assert sum(isinstance(one, Matter) for one in met) == 1
    assert all(isinstance(one, Refused | Matter) for one in met), met


def cost_of(act: Callable[[], Any]) -> tuple[int, float]:
    """Return an act's queries and its seconds."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        started = time.perf_counter()
        act()
        took = time.perf_counter() - started
    return len(asked), took


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["general", "person"])
def test_giving_a_vote_costs_a_few_statements_and_little_more_than_a_support(kind: str):
    council = councils.council(members=MEMBERS)
    matter, initiative = opened(council, kind=kind), scenes.initiative()
    # The first one is told to its author, which is not what is compared here.
    ideas.give_support(initiative_pk=initiative.pk, person=scenes.person())
    people = councils.electorate(council)
    costs: dict[str, list[tuple[int, float]]] = {"vote": [], "support": []}
    for person in people:
        costs["support"].append(
            cost_of(lambda who=person: ideas.give_support(initiative_pk=initiative.pk, person=who))
        )
        costs["vote"].append(
            cost_of(lambda who=person: votes.cast_vote(matter=matter, by=who, choice="agree"))
        )
    queries = {name: max(number for number, _took in all_) for name, all_ in costs.items()}
    middle = {name: statistics.median(took for _n, took in all_) for name, all_ in costs.items()}
    ratio = middle["vote"] / middle["support"]
    print(f"{kind}: queries {queries}, a vote takes {ratio:.2f} times a support")
    # A support that does not cross is locked, checked, counted and kept in one statement, on
    # PostgreSQL without a transaction around it; a vote locks the matter, and finds the voter among
    # its electors.
    assert queries["support"] <= 5
    assert queries["vote"] <= 7
    assert ratio < 6
