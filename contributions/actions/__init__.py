"""Everything that changes the status of a contribution.

Each verb locks the row first and checks after, and writes its decision in the same transaction.
Nothing else in the project writes a status.
"""

from contributions.actions.appealing import (
    AppealedAlready,
    AppealTooLate,
    ClaimedByColleague,
    NothingSaid,
    NothingToPutRight,
    appeal,
    claim_appeal,
    judge,
    open_appeals_about,
)
from contributions.actions.claiming import claim, claim_next, release
from contributions.actions.closing import close_as_gone
from contributions.actions.deciding import (
    hide,
    hide_picture,
    keep,
    publish,
    reject,
    restore,
    send_back,
    show_picture,
    version_of,
    versions_of,
    warn,
)
from contributions.actions.handing_in import submit, withdraw
from contributions.actions.measures import (
    HasRole,
    NobodyToMeasure,
    WrongTerm,
    agree,
    can_agree,
    can_manage,
    end,
    lift,
    pause,
)
from contributions.actions.moving import TRANSITIONS
from contributions.actions.naming import show_names
from contributions.actions.passing import pass_on, write_note
from contributions.actions.plainness import HardWithoutReason, keep_why_hard
from contributions.actions.queueing import leave_queue_of_revision
from contributions.actions.refusals import (
    AddressNotConfirmed,
    AgeUnknown,
    EditedElsewhere,
    GoneOnSince,
    HasAPart,
    MeasureHolds,
    NotAllowed,
    NotAReader,
    NoteMissing,
    NotPossibleNow,
    ReadByColleague,
    ReasonMissing,
    Refused,
    ReportedMeanwhile,
    TextChanged,
    TooManyPictures,
    UndoneTooLate,
)
from contributions.actions.reporting import (
    NotOnTheSite,
    OwnText,
    key_of_reporter,
    open_report,
    report,
)
from contributions.actions.revising import accept_revision, propose_revision, return_revision
from contributions.actions.rules import replace_house_rule
from contributions.actions.taking_part import check_may_write
from contributions.actions.undoing import (
    UNDO_WITHIN,
    undo,
    undoable_by,
    undoing_of,
)
from contributions.actions.writing import (
    EDITED_IN_PLACE,
    attach_picture,
    change_pictures,
    claim_draft,
    editing,
    may_edit,
)

__all__ = [
    "EDITED_IN_PLACE",
    "TRANSITIONS",
    "UNDO_WITHIN",
    "AddressNotConfirmed",
    "AgeUnknown",
    "AppealTooLate",
    "AppealedAlready",
    "ClaimedByColleague",
    "EditedElsewhere",
    "GoneOnSince",
    "HardWithoutReason",
    "HasAPart",
    "HasRole",
    "MeasureHolds",
    "NobodyToMeasure",
    "NotAReader",
    "NotAllowed",
    "NotOnTheSite",
    "NotPossibleNow",
    "NoteMissing",
    "NothingSaid",
    "NothingToPutRight",
    "OwnText",
    "ReadByColleague",
    "ReasonMissing",
    "Refused",
    "ReportedMeanwhile",
    "TextChanged",
    "TooManyPictures",
    "UndoneTooLate",
    "WrongTerm",
    "accept_revision",
    "agree",
    "appeal",
    "attach_picture",
    "can_agree",
    "can_manage",
    "change_pictures",
    "check_may_write",
    "claim",
    "claim_appeal",
    "claim_draft",
    "claim_next",
    "close_as_gone",
    "editing",
    "end",
    "hide",
    "hide_picture",
    "judge",
    "keep",
    "keep_why_hard",
    "key_of_reporter",
    "leave_queue_of_revision",
    "lift",
    "may_edit",
    "open_appeals_about",
    "open_report",
    "pass_on",
    "pause",
    "propose_revision",
    "publish",
    "reject",
    "release",
    "replace_house_rule",
    "report",
    "restore",
    "return_revision",
    "send_back",
    "show_names",
    "show_picture",
    "submit",
    "undo",
    "undoable_by",
    "undoing_of",
    "version_of",
    "versions_of",
    "warn",
    "withdraw",
    "write_note",
]
