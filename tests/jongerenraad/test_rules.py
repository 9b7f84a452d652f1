"""The rules of counting, beside a reading of them that goes through the ballots one by one."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from jongerenraad.kinds import Majority
from jongerenraad.models import Outcome
from jongerenraad.rules import outcome, quorum_of

ballots = st.lists(st.sampled_from(["agree", "disagree", "abstain"]), max_size=30)


def as_the_by_laws_say(majority: str, cast: list[str], quorum: int) -> str:
    """Read the rule word for word: sort the ballots into heaps and take from them in pairs."""
    if len(cast) < quorum:
        return "no_quorum"
    heap_for = [ballot for ballot in cast if ballot == "agree"]
    heap_against = [ballot for ballot in cast if ballot == "disagree"]
    if majority == "two_thirds":
        # For each one against there are two for it.
        while heap_against:
            heap_against.pop()
            if len(heap_for) < 2:
                return "rejected"
            heap_for = heap_for[2:]
        return "adopted" if "agree" in cast else "rejected"
    while heap_for and heap_against:
        heap_for.pop()
        heap_against.pop()
    return "adopted" if heap_for else "rejected"


@given(st.sampled_from(Majority), ballots, st.integers(1, 30))
def test_the_outcome_is_what_a_reading_ballot_by_ballot_gives(
    majority: Majority, cast: list[str], quorum: int
):
    counts = [cast.count(choice) for choice in ("agree", "disagree", "abstain")]
    assert outcome(majority, *counts, quorum) == as_the_by_laws_say(majority, cast, quorum)


@given(st.sampled_from(Majority), ballots, st.integers(1, 30))
def test_one_more_vote_for_it_never_stops_what_was_adopted(
    majority: Majority, cast: list[str], quorum: int
):
    counts = [cast.count(choice) for choice in ("agree", "disagree", "abstain")]
    if outcome(majority, *counts, quorum) == Outcome.ADOPTED:
        assert outcome(majority, counts[0] + 1, *counts[1:], quorum) == Outcome.ADOPTED


@given(st.integers(1, 100), st.integers(1, 200))
def test_the_quorum_is_the_smallest_number_that_reaches_the_share(percent: int, electorate: int):
    quorum = quorum_of(percent, electorate)
    assert 1 <= quorum <= electorate
    assert Fraction(quorum, electorate) >= Fraction(percent, 100)
    assert quorum == 1 or Fraction(quorum - 1, electorate) < Fraction(percent, 100)


def test_a_tie_is_not_adopted():
    assert outcome(Majority.SIMPLE, 4, 4, 3, 1) == Outcome.REJECTED


def test_two_thirds_of_the_votes_for_or_against_are_enough_and_less_is_not():
    assert outcome(Majority.TWO_THIRDS, 8, 4, 9, 1) == Outcome.ADOPTED
    assert outcome(Majority.TWO_THIRDS, 7, 4, 9, 1) == Outcome.REJECTED


def test_without_anybody_for_it_nothing_is_adopted():
    assert outcome(Majority.TWO_THIRDS, 0, 0, 9, 1) == Outcome.REJECTED
    assert outcome(Majority.SIMPLE, 0, 0, 9, 1) == Outcome.REJECTED
