"""Every write on initiatives that has a rule."""

from ideas.actions.commenting import change_comment, hand_in_comment, write_comment
from ideas.actions.drafts import DraftsToFinish, TooManyDrafts
from ideas.actions.merging import check_pair, merge, undo_merger
from ideas.actions.news import NotInitiator, change_update, hand_in_update, write_update
from ideas.actions.posting import (
    Incomplete,
    NotInThisName,
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
    "NotInitiator",
    "TooManyDrafts",
    "answer",
    "change_comment",
    "change_update",
    "check_pair",
    "expire",
    "give_support",
    "hand_in",
    "hand_in_comment",
    "hand_in_update",
    "merge",
    "recount",
    "report_progress",
    "revise",
    "rework",
    "start_draft",
    "take_away",
    "take_back_support",
    "undo_merger",
    "write",
    "write_comment",
    "write_pictures",
    "write_update",
]
