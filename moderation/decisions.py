"""Which decisions the screen offers about a contribution, and the action behind each."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from accounts.models import User
from contributions import actions
from contributions.models import Contribution, Decision, Dossier, Picture, SpokenText, Status
from contributions.models.picture import PictureQuerySet
from contributions.models.spoken import SpokenTextQuerySet

PUBLISH = "publish"
KEEP = "keep"
RETURN = "return"
REJECT = "reject"
HIDE = "hide"
RESTORE = "restore"
ACCEPT_REVISION = "accept_revision"
RETURN_REVISION = "return_revision"
WARN = "warn"
HIDE_PICTURE = "hide_picture"
SHOW_PICTURE = "show_picture"
HIDE_RECORDING = "hide_recording"
PLAY_RECORDING = "play_recording"

#: All that a page of the queue can send.
KNOWN = frozenset(
    {
        *(PUBLISH, KEEP, RETURN, REJECT, HIDE, RESTORE, ACCEPT_REVISION, RETURN_REVISION),
        *(WARN, HIDE_PICTURE, SHOW_PICTURE, HIDE_RECORDING, PLAY_RECORDING),
    }
)
#: Decisions that tell the author why.
WITH_REASON = frozenset({RETURN, REJECT, HIDE, RETURN_REVISION, WARN, HIDE_PICTURE, HIDE_RECORDING})
#: Decisions that name a house rule.
AGAINST = frozenset({REJECT, HIDE, WARN, HIDE_PICTURE, HIDE_RECORDING})
#: Decisions with which the author's account can be paused, or their taking part ended.
WITH_MEASURE = frozenset({REJECT, HIDE, WARN})
#: Decisions about one picture.
ABOUT_PICTURE = frozenset({HIDE_PICTURE, SHOW_PICTURE})
#: Decisions about one recording.
ABOUT_RECORDING = frozenset({HIDE_RECORDING, PLAY_RECORDING})


def offered_for(contribution: Contribution) -> list[str]:
    """Return the decisions that can be taken about a contribution as it stands, in order."""
    if contribution.status == Status.SUBMITTED:
        return [PUBLISH, RETURN, REJECT, *_about_pictures(contribution)]
    if contribution.status == Status.PUBLISHED:
        review = contribution.dossier.review
        if review == Dossier.Review.REVISION:
            return [ACCEPT_REVISION, RETURN_REVISION, HIDE, *_about_files(contribution)]
        first = [KEEP] if review in (Dossier.Review.AFTER, Dossier.Review.REPORTED) else []
        return [*first, HIDE, WARN, *_about_files(contribution)]
    if contribution.status == Status.HIDDEN:
        return [RESTORE, *_about_files(contribution)]
    return []


def _about_pictures(contribution: Contribution) -> list[str]:
    hidden_at = set(pictures_judged(contribution.dossier).values_list("hidden_at", flat=True))
    return [HIDE_PICTURE] * (None in hidden_at) + [SHOW_PICTURE] * bool(hidden_at - {None})


def _about_files(contribution: Contribution) -> list[str]:
    """Return what can be decided about its pictures and recordings."""
    recordings = recordings_judged(contribution.dossier)
    hidden_at = set(recordings.values_list("hidden_at", flat=True))
    return [
        *_about_pictures(contribution),
        *([HIDE_RECORDING] * (None in hidden_at)),
        *([PLAY_RECORDING] * bool(hidden_at - {None})),
    ]


def recordings_judged(dossier: Dossier, decision: str = "") -> SpokenTextQuerySet:
    """Return the recordings of a text, or those that one of the decisions can be taken about."""
    recordings = SpokenText.objects.judged().filter(dossier=dossier).select_related("made_by")
    if decision in ABOUT_RECORDING:
        recordings = recordings.filter(hidden_at__isnull=decision == HIDE_RECORDING)
    return recordings


def pictures_judged(dossier: Dossier, decision: str = "") -> PictureQuerySet:
    """Return the pictures that can be hidden or shown again, or those for one of the two."""
    pictures = Picture.objects.filter(dossier=dossier).current()
    if decision in ABOUT_PICTURE:
        pictures = pictures.filter(hidden_at__isnull=decision == HIDE_PICTURE)
    return pictures


def decide(*, dossier: Dossier, by: User, cleaned: dict[str, Any]) -> Decision:
    """Take the decision that a checked form names, with the measure that comes with it.

    Raises:
        contributions.actions.Refused: it is not the moderator's, or came too late.
    """
    with transaction.atomic():
        decision = _decide(dossier=dossier, by=by, cleaned=cleaned)
        if cleaned["decision"] in WITH_MEASURE:
            if cleaned.get("ends_account"):
                actions.end(decision=decision, by=by)
            elif cleaned.get("pause_days"):
                actions.pause(decision=decision, by=by, days=cleaned["pause_days"])
        return decision


def _decide(*, dossier: Dossier, by: User, cleaned: dict[str, Any]) -> Decision:
    name = cleaned["decision"]
    action = _ACTIONS.get(name)
    if action is None:
        raise actions.NotPossibleNow
    told = {"dossier": dossier, "by": by, "seen": cleaned["seen"]}
    if name in WITH_REASON:
        told |= {key: cleaned[key] for key in ("rule", "reason", "facts", "words_language")}
    if name in ABOUT_PICTURE:
        told["picture"] = cleaned["picture"]
    if name in ABOUT_RECORDING:
        told["recording"] = cleaned["recording"]
    return action(**told)


_ACTIONS: dict[str, Callable[..., Decision]] = {
    PUBLISH: actions.publish,
    KEEP: actions.keep,
    RETURN: actions.send_back,
    REJECT: actions.reject,
    HIDE: actions.hide,
    RESTORE: actions.restore,
    ACCEPT_REVISION: actions.accept_revision,
    RETURN_REVISION: actions.return_revision,
    WARN: actions.warn,
    HIDE_PICTURE: actions.hide_picture,
    SHOW_PICTURE: actions.show_picture,
    HIDE_RECORDING: actions.hide_recording,
    PLAY_RECORDING: actions.play_recording,
}
