"""Everything that changes the status of a contribution.

Each verb locks the row first and checks after, and writes its decision in the same transaction.
Nothing else in the project writes a status.
"""

from contributions.actions.claiming import claim, claim_next, release
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
    TextChanged,
    TooManyPictures,
    UndoneTooLate,
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
    "NotPossibleNow",
    "NoteMissing",
    "ReadByColleague",
    "ReasonMissing",
    "Refused",
    "TextChanged",
    "TooManyPictures",
    "UndoneTooLate",
    "accept_revision",
    "attach_picture",
    "change_pictures",
    "claim",
    "claim_draft",
    "claim_next",
    "editing",
    "follows_undoing",
    "hide",
    "keep",
    "leave_queue_of_revision",
    "may_edit",
    "pass_on",
    "propose_revision",
    "publish",
    "reject",
    "release",
    "replace_house_rule",
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
