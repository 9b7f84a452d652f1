"""The rules by which a vote is counted, as pure sums."""

from jongerenraad.kinds import Majority
from jongerenraad.models import Outcome


def quorum_of(percent: int, electorate: int) -> int:
    """Return how many votes are needed of those who may vote: rounded up, and at least one."""
    return max(1, -(-percent * electorate // 100))


def outcome(majority: Majority, agree: int, disagree: int, abstain: int, quorum: int) -> Outcome:
    """Return what a vote decided.

    The quorum counts all votes that were cast, those without an opinion included. A tie is not
    adopted. For two thirds there are at least twice as many for as against, and one at least.
    """
    if agree + disagree + abstain < quorum:
        return Outcome.NO_QUORUM
    if majority == Majority.TWO_THIRDS:
        adopted = agree > 0 and agree >= 2 * disagree
    else:
        adopted = agree > disagree
    return Outcome.ADOPTED if adopted else Outcome.REJECTED
