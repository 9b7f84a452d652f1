"""Which texts may go to a machine, and the rows by which it is asked."""

import datetime

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from areas.models import Area, is_within
from contributions.kinds import kind_of
from contributions.machine.backends import the_backend
from contributions.models import (
    Contribution,
    Dossier,
    NoMachine,
    Status,
    Translation,
    TranslationRequest,
)
from contributions.translations import digest_of, original_words

State = TranslationRequest.State

#: What a machine may read: what stands on the site, and what a moderator is reading.
READ_BY_MACHINE = (Status.PUBLISHED, Status.SUBMITTED)

NOT_THIS_TEXT = _("No machine translates this text. You can translate it yourself.")
TAKEN_AWAY = _(
    "A moderator took the machine's translation of this text away. You can translate it yourself."
)


def why_not(contribution: Contribution, language: str) -> Promise | None:
    """Return why no machine translates a text, in a sentence; None where one does.

    Texts of people under 16 stay here, and of whoever did not tell an age. What an office writes in
    its own name is nobody's (three queries at most).
    """
    kind = kind_of(contribution)
    if (
        the_backend() is None
        or language == contribution.language
        or not original_words(contribution)
        or contribution.status not in READ_BY_MACHINE
        or (kind.reviewed and not _is_of_a_known_grown_up(contribution))
        or is_switched_off(contribution)
    ):
        return NOT_THIS_TEXT
    removed = Translation.objects.filter(
        dossier=contribution.dossier_id,
        language=language,
        state=Translation.State.REMOVED,
        maker=Translation.Maker.MACHINE,
        source_digest=digest_of(contribution),
    )
    return TAKEN_AWAY if removed.exists() else None


def _is_of_a_known_grown_up(contribution: Contribution) -> bool:
    """Say whether its author told an age of 16 or more."""
    author = contribution.author
    return author is not None and not author.is_under_16


def is_switched_off(contribution: Contribution) -> bool:
    """Say whether no machine translates in its area, of its kind, or both (two queries)."""
    rows = NoMachine.objects.filter(kind__in=["", contribution.kind])
    places = list(rows.values_list("area", flat=True))
    if not places:
        return False
    if None in places or contribution.area_id is None:
        return True
    parents = Area.objects.parents()
    return any(is_within(contribution.area_id, place, parents) for place in places)


def put_in_line(dossier: Dossier, language: str, *, now: datetime.datetime) -> TranslationRequest:
    """Ask for a translation, once: whoever asks again while it waits gets the same row."""
    row, made = TranslationRequest.objects.get_or_create(
        dossier=dossier,
        language=language,
        defaults={"asked_at": now, "next_try_at": now},
    )
    if not made and row.state != State.WAITING:
        over = Q(pk=row.pk) & ~Q(state=State.WAITING)
        # Looked at and changed in one statement, so that nobody's try is counted back to nothing.
        TranslationRequest.objects.filter(over).update(
            state=State.WAITING, tries=0, trouble="", asked_at=now, next_try_at=now
        )
        row.refresh_from_db()
    return row


def ask_at_once(contribution: Contribution, *, now: datetime.datetime) -> None:
    """Ask for a text of a chosen kind in every listed language, in the transaction that shows it.

    It only leaves rows: the sweep makes them, after those that a reader waits for.
    """
    if contribution.kind not in settings.TRANSLATION_KINDS_AT_ONCE:
        return
    for language in settings.LISTED_LANGUAGES:
        if why_not(contribution, language) is None and not _stands(contribution, language):
            put_in_line(contribution.dossier, language, now=now)


def _stands(contribution: Contribution, language: str) -> bool:
    """Say whether somebody translated it already, or a machine did as it reads now."""
    made = Translation.objects.current().filter(dossier=contribution.dossier_id, language=language)
    mine = made.exclude(state=Translation.State.MACHINE)
    return mine.exists() or made.filter(source_digest=digest_of(contribution)).exists()
