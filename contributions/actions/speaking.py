"""Reading a text aloud into a recording, and what moderators decide about one."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.record import on_the_record
from contributions import audio, recordings
from contributions.actions.deciding import row_for_review
from contributions.actions.hearing import play_to_all, take_away
from contributions.actions.moving import locked_row, record
from contributions.actions.naming import show_names
from contributions.actions.queueing import leave_queue, queue, was_read
from contributions.actions.refusals import NotAllowed, NotPossibleNow, ReasonMissing, Refused
from contributions.actions.taking_part import check_may_write
from contributions.kinds import kind_of
from contributions.models import (
    Contribution,
    Decision,
    Dossier,
    HouseRule,
    SpokenText,
    Status,
)
from contributions.pictures import atomic_with_files
from contributions.review import Reason
from contributions.voices import digest_of, languages_to_read_in

Outcome = Decision.Outcome
Review = Dossier.Review

#: As long as a text stands so, its recordings can be hidden and played again.
RECORDINGS_JUDGED_IN = frozenset({Status.PUBLISHED, Status.HIDDEN})


class AuthorReadsIt(Refused):
    message = _("Who wrote this text reads it aloud already. That recording stays.")


class TakenOffBefore(Refused):
    message = _(
        "A moderator took a recording in this language off the site. Ask a moderator before you "
        "make another one."
    )


@on_the_record
def speak(
    *,
    contribution: Contribution,
    by: User,
    language: str,
    encoded: audio.Encoded,
    read: str = "",
    now: datetime.datetime | None = None,
) -> SpokenText:
    """Add a recording in which somebody reads a text aloud.

    An author's is heard by everybody once a moderator listened to it; a messenger's at once, and a
    moderator listens afterwards. It takes the place of the one that stood there in that language.

    Args:
        read: the digest of the words that were read (``voices.digest_of``); those of now where it
            is left out.

    Raises:
        NotAllowed: the person may not read it aloud in that language.
        MeasureHolds: the person may not write now.
        NotPossibleNow: it is not on the site.
        AuthorReadsIt, TakenOffBefore.
    """
    now = now or timezone.now()
    with atomic_with_files():
        locked = locked_row(contribution)
        if locked.status != Status.PUBLISHED or locked.area is None:
            raise NotPossibleNow
        if language not in languages_to_read_in(locked, by):
            raise NotAllowed
        check_may_write(by, now)
        by_author = locked.author_id == by.pk
        words = digest_of(locked)
        if not by_author:
            _check_place_is_free(locked, language, words)
        kind = kind_of(locked)
        if by_author and not kind.reviewed:
            _check_none_was_hidden(locked, language)
        waits = by_author and kind.reviewed
        earlier = SpokenText.objects.waiting().filter(dossier=locked.dossier, language=language)
        if by_author:
            # Nobody heard it: only the last one waits.
            take_away(earlier, now=now)
        spoken = SpokenText(
            dossier=locked.dossier,
            language=language,
            seconds=encoded.seconds,
            words_digest=read or words,
            made_by=by,
            by_author=by_author,
            made_at=now,
        )
        recordings.keep_spoken(spoken, encoded)
        if waits:
            spoken.save()
        else:
            play_to_all(spoken, now=now)
        if kind.reviewed:
            _let_a_moderator_listen(locked, now)
            show_names(person=by, area=locked.area, language=locked.language, now=now)
        return spoken


def _check_place_is_free(locked: Contribution, language: str, words: str) -> None:
    """Refuse a messenger's recording where the author's, or a moderator's decision, stands."""
    there = SpokenText.objects.filter(dossier=locked.dossier, language=language)
    if there.filter(by_author=False, hidden_at__isnull=False).exists():
        # Also where its maker took it away since.
        raise TakenOffBefore
    if there.heard().filter(by_author=True, words_digest=words).exists():
        raise AuthorReadsIt


def _check_none_was_hidden(locked: Contribution, language: str) -> None:
    """Refuse another recording of an office's text, which nobody listens to, after a decision."""
    there = SpokenText.objects.filter(dossier=locked.dossier, language=language)
    if there.filter(hidden_at__isnull=False).exists():
        raise TakenOffBefore


def _let_a_moderator_listen(locked: Contribution, now: datetime.datetime) -> None:
    """Let a text on the site wait for a moderator who listens; one that waits keeps its place."""
    dossier = locked.dossier
    if Reason.RECORDING not in dossier.review_reasons:
        dossier.review_reasons = [*dossier.review_reasons, str(Reason.RECORDING)]
    if dossier.review != Review.NONE:
        dossier.save(update_fields=["review_reasons"])
        return
    assert locked.area is not None
    queue(dossier, Review.AFTER, now=now, working_days=locked.area.review_working_days)


def _nothing_to_listen_to(dossier: Dossier) -> None:
    """Let a text wait no longer that waited for a recording alone, which is no more."""
    if Reason.RECORDING not in dossier.review_reasons:
        return
    left = SpokenText.objects.judged().filter(
        dossier=dossier, hidden_at__isnull=True, made_at__gte=dossier.waiting_since
    )
    if left.exists():
        return
    dossier.review_reasons = [one for one in dossier.review_reasons if one != Reason.RECORDING]
    if dossier.review == Review.AFTER and was_read(dossier):
        leave_queue(dossier)
    else:
        dossier.save(update_fields=["review_reasons"])


@on_the_record
def take_recording_away(
    *, spoken: SpokenText, by: User, now: datetime.datetime | None = None
) -> SpokenText:
    """Take one's own recording off the site; its file is deleted.

    Raises:
        NotAllowed: somebody else made it.
        NotPossibleNow: it is gone.
    """
    now = now or timezone.now()
    with transaction.atomic():
        dossier = Dossier.objects.select_for_update(no_key=True, of=("self",)).get(
            pk=spoken.dossier_id
        )
        found = SpokenText.objects.judged().filter(pk=spoken.pk).first()
        if found is not None and found.made_by_id != by.pk:
            raise NotAllowed
        if found is None:
            raise NotPossibleNow
        take_away([found], now=now)
        _nothing_to_listen_to(dossier)
        found.refresh_from_db()
        return found


@on_the_record
def hide_recording(
    *,
    dossier: Dossier,
    recording: SpokenText,
    by: User,
    rule: HouseRule,
    reason: str,
    facts: str = "",
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Take one recording off the site, or never play it to all; its text stays as it is."""
    now = now or timezone.now()
    if rule is None or not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now, words_alone=True)
        found = _locked_recording(locked, recording, by, is_hidden=False)
        found.hidden_at = now
        found.save(update_fields=["hidden_at"])
        decision = record(
            locked,
            Outcome.RECORDING_HIDDEN,
            locked.status,
            by=by,
            now=now,
            rule=rule,
            reason=reason,
            facts=facts,
            words_language=words_language,
            spoken=found,
        )
        _nothing_to_listen_to(locked.dossier)
        return decision


@on_the_record
def play_recording(
    *,
    dossier: Dossier,
    recording: SpokenText,
    by: User,
    reason: str = "",
    words_language: str = "",
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> Decision:
    """Play a hidden recording to everybody again."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = row_for_review(dossier, by, seen, now)
        found = _locked_recording(locked, recording, by, is_hidden=True)
        return play_recording_row(
            locked, found, by=by, now=now, reason=reason, words_language=words_language
        )


def play_recording_row(
    locked: Contribution,
    recording: SpokenText,
    *,
    by: User,
    now: datetime.datetime,
    reason: str,
    words_language: str,
) -> Decision:
    """Play a hidden recording of a locked text to everybody, and put that on the record."""
    play_to_all(recording, now=now)
    return record(
        locked,
        Outcome.RECORDING_RESTORED,
        locked.status,
        by=by,
        now=now,
        reason=reason,
        words_language=words_language,
        spoken=recording,
    )


def _locked_recording(
    locked: Contribution, recording: SpokenText, by: User, *, is_hidden: bool
) -> SpokenText:
    """Return a recording of a locked text as it is by now, if it can still be decided about."""
    found = SpokenText.objects.judged().filter(pk=recording.pk, dossier=locked.dossier).first()
    if (
        found is None
        or (found.hidden_at is not None) != is_hidden
        or locked.status not in RECORDINGS_JUDGED_IN
    ):
        raise NotPossibleNow
    if found.made_by_id == by.pk:
        raise NotAllowed
    return found
