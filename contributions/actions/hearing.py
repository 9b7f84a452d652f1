"""Recordings of a locked text: which are heard, which wait, and which make place for others."""

import datetime
from collections.abc import Iterable
from functools import partial

from django.db import transaction

from contributions.kinds import contribution_of
from contributions.models import Decision, Dossier, SpokenText, Status
from contributions.recordings import forget_spoken


def first_waiting(dossier: Dossier) -> SpokenText | None:
    """Return the recording that waits longest for a moderator, of a text on the site."""
    waiting = SpokenText.objects.waiting().filter(dossier=dossier).order_by("made_at").first()
    if waiting is None or contribution_of(dossier).status != Status.PUBLISHED:
        return None
    return waiting


def play_to_all(spoken: SpokenText, *, now: datetime.datetime) -> None:
    """Let everybody hear a recording, in the place of the one that stood there."""
    standing = SpokenText.objects.standing().filter(
        dossier=spoken.dossier_id, language=spoken.language
    )
    standing.exclude(pk=spoken.pk).update(removed_at=now)
    spoken.hidden_at = None
    spoken.heard_at = spoken.heard_at or now
    spoken.save()


def play_what_waits(dossier: Dossier, *, now: datetime.datetime) -> None:
    """Let everybody hear what a moderator listened to, who lets its text stay."""
    for spoken in SpokenText.objects.waiting().filter(dossier=dossier):
        play_to_all(spoken, now=now)


def wait_again(decision: Decision) -> None:
    """Let those recordings wait again that were played to all with a decision that is undone."""
    of_text = SpokenText.objects.filter(dossier=decision.dossier_id)
    played = of_text.standing().filter(heard_at=decision.decided_at)
    languages = list(played.values_list("language", flat=True))
    played.update(heard_at=None)
    of_text.filter(language__in=languages, removed_at=decision.decided_at).update(removed_at=None)


def take_away(recordings: Iterable[SpokenText], *, now: datetime.datetime) -> None:
    """Take recordings off the site for good: their files go with the commit."""
    for spoken in recordings:
        transaction.on_commit(partial(forget_spoken, spoken.recording.name))
        SpokenText.objects.filter(pk=spoken.pk).update(
            removed_at=spoken.removed_at or now, recording="", words_digest=""
        )
