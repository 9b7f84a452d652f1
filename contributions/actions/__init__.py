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
from contributions.actions.queueing import leave_queue_of_revision
from contributions.actions.refusals import (
    AddressNotConfirmed,
    AgeUnknown,
    EditedElsewhere,
    MeasureHolds,
    NotAllowed,
    NotPossibleNow,
    ReasonMissing,
    Refused,
    TextChanged,
    TooManyPictures,
)
from contributions.actions.revising import accept_revision, propose_revision, return_revision
from contributions.actions.rules import replace_house_rule
from contributions.actions.taking_part import check_may_write
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
    "AddressNotConfirmed",
    "AgeUnknown",
    "AppealTooLate",
    "AppealedAlready",
    "ClaimedByColleague",
    "EditedElsewhere",
    "HasRole",
    "MeasureHolds",
    "NobodyToMeasure",
    "NotAllowed",
    "NotPossibleNow",
    "NothingSaid",
    "NothingToPutRight",
    "ReasonMissing",
    "Refused",
    "TextChanged",
    "TooManyPictures",
    "WrongTerm",
    "accept_revision",
    "agree",
    "appeal",
    "attach_picture",
    "can_agree",
    "can_manage",
    "change_pictures",
    "check_may_write",
    "claim_appeal",
    "claim_draft",
    "editing",
    "end",
    "hide",
    "hide_picture",
    "judge",
    "keep",
    "leave_queue_of_revision",
    "lift",
    "may_edit",
    "open_appeals_about",
    "pause",
    "propose_revision",
    "publish",
    "reject",
    "replace_house_rule",
    "restore",
    "return_revision",
    "send_back",
    "show_picture",
    "submit",
    "version_of",
    "warn",
    "withdraw",
]
