"""Which decisions the screen offers about a contribution, and the action behind each."""

from typing import Any

from accounts.models import User
from contributions import actions
from contributions.models import Contribution, Decision, Dossier, Status

PUBLISH = "publish"
KEEP = "keep"
RETURN = "return"
REJECT = "reject"
HIDE = "hide"
RESTORE = "restore"
ACCEPT_REVISION = "accept_revision"
RETURN_REVISION = "return_revision"

#: All that a page of the queue can send.
KNOWN = frozenset({PUBLISH, KEEP, RETURN, REJECT, HIDE, RESTORE, ACCEPT_REVISION, RETURN_REVISION})
#: Decisions that tell the author why.
WITH_REASON = frozenset({RETURN, REJECT, HIDE, RETURN_REVISION})
#: Decisions that name a house rule.
AGAINST = frozenset({REJECT, HIDE})


def offered_for(contribution: Contribution) -> list[str]:
    """Return the decisions that can be taken about a contribution as it stands, in order."""
    if contribution.status == Status.SUBMITTED:
        return [PUBLISH, RETURN, REJECT]
    if contribution.status == Status.PUBLISHED:
        if contribution.dossier.review == Dossier.Review.REVISION:
            return [ACCEPT_REVISION, RETURN_REVISION, HIDE]
        if contribution.dossier.review in (Dossier.Review.AFTER, Dossier.Review.REPORTED):
            return [KEEP, HIDE]
        return [HIDE]
    if contribution.status == Status.HIDDEN:
        return [RESTORE]
    return []


def decide(*, dossier: Dossier, by: User, cleaned: dict[str, Any]) -> Decision:
    """Take the decision that a checked form names.

    Raises:
        contributions.actions.Refused: it is not the moderator's, or came too late.
    """
    common: dict[str, Any] = {"dossier": dossier, "by": by, "seen": cleaned["seen"]}
    because = {name: cleaned[name] for name in ("rule", "reason", "facts")}
    match cleaned["decision"]:
        case "publish":
            return actions.publish(**common)
        case "keep":
            return actions.keep(**common)
        case "return":
            return actions.send_back(**common, **because)
        case "reject":
            return actions.reject(**common, **because)
        case "hide":
            return actions.hide(**common, **because)
        case "restore":
            return actions.restore(**common)
        case "accept_revision":
            return actions.accept_revision(**common)
        case "return_revision":
            return actions.return_revision(**common, **because)
    raise actions.NotPossibleNow
