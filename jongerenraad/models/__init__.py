"""Councils and their members; matters, who may vote on them and what was voted."""

from .council import Council, Membership, Office, Seat, Term
from .matter import (
    Choice,
    Elector,
    Matter,
    MatterKey,
    MinorityView,
    Outcome,
    SecretVote,
    Subject,
    Vote,
)

__all__ = [
    "Choice",
    "Council",
    "Elector",
    "Matter",
    "MatterKey",
    "Membership",
    "MinorityView",
    "Office",
    "Outcome",
    "Seat",
    "SecretVote",
    "Subject",
    "Term",
    "Vote",
]
