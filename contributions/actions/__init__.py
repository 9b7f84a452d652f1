"""Everything that changes the status of a contribution.

Each verb locks the row first and checks after, and writes its decision in the same transaction.
Nothing else in the project writes a status.
"""

from contributions.actions.claiming import claim, claim_next, release
from contributions.actions.closing import close_as_gone
from contributions.actions.deciding import (
    hide,
    keep,
    publish,
    reject,
    restore,
    send_back,
    version_of,
)
from contributions.actions.handing_in import submit, withdraw
from contributions.actions.moving import TRANSITIONS
from contributions.actions.naming import show_names
from contributions.actions.passing import pass_on, write_note
from contributions.actions.queueing import leave_queue_of_revision
from contributions.actions.refusals import (
    AddressNotConfirmed,
    AgeUnknown,
    EditedElsewhere,
    GoneOnSince,
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
from contributions.actions.undoing import (
    UNDO_WITHIN,
    follows_undoing,
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
    "EditedElsewhere",
    "GoneOnSince",
    "NotAReader",
    "NotAllowed",
    "NotOnTheSite",
    "NotPossibleNow",
    "NoteMissing",
    "OwnText",
    "ReadByColleague",
    "ReasonMissing",
    "Refused",
    "ReportedMeanwhile",
    "TextChanged",
    "TooManyPictures",
    "UndoneTooLate",
    "accept_revision",
    "attach_picture",
    "change_pictures",
    "claim",
    "claim_draft",
    "claim_next",
    "close_as_gone",
    "editing",
    "follows_undoing",
    "hide",
    "keep",
    "key_of_reporter",
    "leave_queue_of_revision",
    "may_edit",
    "open_report",
    "pass_on",
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
    "submit",
    "undo",
    "undoable_by",
    "undoing_of",
    "version_of",
    "withdraw",
    "write_note",
]
