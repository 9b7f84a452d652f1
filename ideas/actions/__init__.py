"""Every write on initiatives that has a rule."""

from ideas.actions.answering import (
    NewDateMissing,
    NothingChanged,
    answer,
    change_answer,
    version_of_answer,
)
from ideas.actions.commenting import change_comment, hand_in_comment, write_comment
from ideas.actions.drafts import DraftsToFinish, TooManyDrafts
from ideas.actions.milestones import (
    MAX_MILESTONES,
    MILESTONE_STATES,
    TooManyMilestones,
    change_milestone,
    plan_milestone,
)
from ideas.actions.office import DayIsOver, MilestonesOpen, NoWorkPromised, ReasonMissing
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
from ideas.actions.progressing import PROGRESS, expire
from ideas.actions.reporting import (
    NotThisDepartment,
    WorksOnItAlready,
    begin_work,
    departments_for,
    hand_over,
    report,
)
from ideas.actions.supporting import (
    ClosedForSupport,
    NotFound,
    give_support,
    recount,
    take_back_support,
)

__all__ = [
    "MAX_MILESTONES",
    "MILESTONE_STATES",
    "PROGRESS",
    "ClosedForSupport",
    "DayIsOver",
    "DraftsToFinish",
    "Incomplete",
    "MilestonesOpen",
    "NewDateMissing",
    "NoWorkPromised",
    "NotFound",
    "NotInThisName",
    "NotThisDepartment",
    "NothingChanged",
    "ReasonMissing",
    "TooManyDrafts",
    "TooManyMilestones",
    "WorksOnItAlready",
    "answer",
    "begin_work",
    "change_answer",
    "change_comment",
    "change_milestone",
    "departments_for",
    "expire",
    "give_support",
    "hand_in",
    "hand_in_comment",
    "hand_over",
    "plan_milestone",
    "recount",
    "report",
    "revise",
    "rework",
    "start_draft",
    "take_away",
    "take_back_support",
    "version_of_answer",
    "write",
    "write_comment",
    "write_pictures",
]
