"""Every write on initiatives that has a rule."""

from ideas.actions.commenting import change_comment, hand_in_comment, write_comment
from ideas.actions.drafts import DraftsToFinish, TooManyDrafts
from ideas.actions.posting import (
    Incomplete,
    NotInThisName,
    data_of_change,
    hand_in,
    revise,
    rework,
    start_draft,
    take_away,
    write,
    write_pictures,
)
from ideas.actions.progressing import PROGRESS, answer, expire, report_progress
from ideas.actions.supporting import (
    ClosedForSupport,
    NotFound,
    give_support,
    recount,
    take_back_support,
)

__all__ = [
    "PROGRESS",
    "ClosedForSupport",
    "DraftsToFinish",
    "Incomplete",
    "NotFound",
    "NotInThisName",
    "TooManyDrafts",
    "answer",
    "change_comment",
    "data_of_change",
    "expire",
    "give_support",
    "hand_in",
    "hand_in_comment",
    "recount",
    "report_progress",
    "revise",
    "rework",
    "start_draft",
    "take_away",
    "take_back_support",
    "write",
    "write_comment",
    "write_pictures",
]
