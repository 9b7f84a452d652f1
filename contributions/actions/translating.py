"""Translations: written by people, made by a machine, decided about by moderators.

Each locks the text that is translated first, so that one row stands in each language and no machine
takes the place of what somebody made.
"""

import datetime
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from accounts.record import on_the_record
from contributions.actions.moving import locked_row
from contributions.actions.refusals import (
    AddressNotConfirmed,
    NotAllowed,
    NotPossibleNow,
    Refused,
    TextChanged,
)
from contributions.actions.taking_part import check_may_write
from contributions.kinds import contribution_of, kind_of
from contributions.machine.asking import put_in_line, why_not
from contributions.models import Contribution, Status, Translation, TranslationRequest
from contributions.review import TRUSTED_AFTER, can_review, published_by
from contributions.tasks import translate_by_machine
from contributions.text import clean_line, clean_text
from contributions.translations import digest_of, is_too_long, original_words

Maker = Translation.Maker
State = Translation.State


class LanguageNotGranted(NotAllowed):
    message = gettext_lazy(
        "You are not a contact person for this language. Ask the programme office if you want to "
        "translate into it."
    )


class NothingToTranslate(Refused):
    message = gettext_lazy("This text is written in that language already.")


class WordsMissing(Refused):
    message = gettext_lazy("Translate every part of the text.")


class TooManyWords(Refused):
    message = gettext_lazy(
        "A translation can be ten times as long as the text at most. Say only what the text says."
    )


class OriginalChanged(TextChanged):
    message = gettext_lazy(
        "The text was changed while you translated it. Your words are still here: compare them "
        "with the text as it is now, then send them again."
    )


class NotByMachine(Refused):
    """No machine translates this text; the message says what one can do."""


class OwnTranslation(NotAllowed):
    message = gettext_lazy("This is your own translation or your own text. A colleague decides.")


class WhyMissing(Refused):
    message = gettext_lazy("Write to the translator why you do not take it over.")


def _on_the_site(contribution: Contribution) -> bool:
    texts: Any = type(contribution)._default_manager
    seen = texts.visible_to(AnonymousUser()).published()
    return bool(seen.filter(pk=contribution.pk).exists())


def maker_for(person: User, contribution: Contribution, language: str) -> Translation.Maker:
    """Return as what somebody translates a text into a language.

    Raises:
        LanguageNotGranted: a contact person, and not for this language.
    """
    if _is_of_author(contribution, person):
        return Maker.AUTHOR
    if person.has_role(Role.MODERATOR, area=contribution.area, language=language):
        return Maker.MODERATOR
    if person.has_role(Role.MESSENGER, area=contribution.area, language=language):
        return Maker.MESSENGER
    if person.has_role(Role.MESSENGER) and not person.has_role(Role.MESSENGER, language=language):
        raise LanguageNotGranted
    return Maker.READER


def _is_of_author(contribution: Contribution, person: User) -> bool:
    """Say whether somebody wrote a text in their own name, or for the office that they work for."""
    if contribution.author_id != person.pk:
        return False
    if getattr(contribution, "on_behalf_of_id", None) is not None:
        return False
    return kind_of(contribution).reviewed or person.has_role(
        Role.PROGRAMME_OFFICE, area=contribution.area
    )


def stands_at_once(person: User, maker: Translation.Maker) -> bool:
    """Say whether a translation is read by others without a moderator in between.

    Who wrote the text is believed like with a new text: with three on the site, and not under 16.
    """
    if maker == Maker.AUTHOR:
        return not person.is_under_16 and published_by(person) >= TRUSTED_AFTER
    return maker in (Maker.MESSENGER, Maker.MODERATOR)


@on_the_record
def write_translation(
    *,
    contribution: Contribution,
    language: str,
    words: Mapping[str, str],
    by: User,
    seen: str,
    now: datetime.datetime | None = None,
) -> Translation:
    """Translate a text on the site; what a neighbour wrote waits for a moderator.

    It takes the place of what stood there in this language. Whoever has one waiting changes that.

    Args:
        words: by field.
        seen: the ``digest_of`` the original that was translated.

    Raises:
        NotPossibleNow: the text is not on the site.
        MeasureHolds: the person may not write now.
        AddressNotConfirmed: the person has no confirmed e-mail address.
        LanguageNotGranted: a contact person, and not for this language.
        NothingToTranslate: the text is in this language.
        OriginalChanged: it became another one since.
        WordsMissing, TooManyWords: the words are no translation of it.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = locked_row(contribution)
        if not _on_the_site(locked):
            raise NotPossibleNow
        check_may_write(by, now)
        if not by.is_confirmed:
            raise AddressNotConfirmed
        if language == locked.language or language not in dict(settings.CONTENT_LANGUAGES):
            raise NothingToTranslate
        maker = maker_for(by, locked, language)
        if seen != digest_of(locked):
            raise OriginalChanged
        told = checked_words(locked, words)
        if not told:
            raise NotPossibleNow
        made = Translation(
            dossier=locked.dossier,
            language=language,
            words=told,
            maker=maker,
            made_by=by,
            made_at=now,
            source_digest=seen,
        )
        mine = Translation.objects.waiting().filter(
            dossier=locked.dossier, language=language, made_by=by
        )
        if not stands_at_once(by, maker) or _was_taken_away(made):
            made.state = State.WAITING
            earlier = mine.first()
            made.pk = earlier.pk if earlier else None
            made.save()
            return made
        mine.delete()
        made.state = State.HUMAN
        _let_stand(made)
        return made


def _was_taken_away(made: Translation) -> bool:
    """Say whether a moderator took an earlier one of the same person away: this one waits."""
    return Translation.objects.filter(
        dossier=made.dossier, language=made.language, made_by=made.made_by, state=State.REMOVED
    ).exists()


def checked_words(contribution: Contribution, words: Mapping[str, str]) -> dict[str, str]:
    """Return the words of a translation, cleaned; raises ``WordsMissing`` or ``TooManyWords``."""
    told = {}
    for name, source in original_words(contribution).items():
        text = cleaned(contribution, name, words.get(name, ""))
        if not text:
            raise WordsMissing
        if is_too_long(text, source):
            raise TooManyWords
        told[name] = text
    return told


def cleaned(contribution: Contribution, name: str, text: str) -> str:
    """Return the words of one field as its column would hold them: on one line or several."""
    column = contribution._meta.get_field(name)
    return clean_text(text) if isinstance(column, models.TextField) else clean_line(text)


def _let_stand(made: Translation) -> None:
    """Let a translation be the one in its language, of a text that is locked."""
    standing = Translation.objects.current().filter(dossier=made.dossier, language=made.language)
    # A machine makes the same again if it is asked; what somebody wrote stays on the record.
    standing.filter(state=State.MACHINE).delete()
    standing.update(state=State.REPLACED)
    made.save()
    TranslationRequest.objects.filter(
        dossier=made.dossier, language=made.language, state=TranslationRequest.State.WAITING
    ).update(state=TranslationRequest.State.DONE, trouble="")


def may_decide(person: User, translation: Translation, contribution: Contribution) -> bool:
    """Say whether somebody decides about a translation: never about one's own, or of one's own."""
    return (
        contribution.area is not None
        and person.has_role(Role.MODERATOR, area=contribution.area, language=translation.language)
        and translation.made_by_id != person.pk
        and not contribution.is_of(person)
    )


def _for_decision(
    translation: Translation, by: User, states: tuple[str, ...], seen: str
) -> tuple[Translation, Contribution]:
    contribution = locked_row(contribution_of(translation.dossier))
    locked = (
        Translation.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk=translation.pk)
        .first()
    )
    if locked is None or locked.state not in states:
        raise NotPossibleNow
    if not by.has_role(Role.MODERATOR, area=contribution.area, language=locked.language):
        raise NotAllowed
    if not may_decide(by, locked, contribution):
        raise OwnTranslation
    if seen and seen != version_of_translation(locked):
        raise TextChanged
    return locked, contribution


@on_the_record
def agree_to_translation(
    *, translation: Translation, by: User, seen: str = "", now: datetime.datetime | None = None
) -> Translation:
    """Let a neighbour's translation stand, as a moderator read it.

    Args:
        seen: the ``version_of_translation`` that was read, where the page told it.

    Raises:
        NotPossibleNow: it was decided about, or its original is not on the site any more.
        NotAllowed: no moderator of this language there.
        OwnTranslation: the moderator made it, or has a part in the original.
        TextChanged: the neighbour changed it while it was read.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked, contribution = _for_decision(translation, by, (State.WAITING,), seen)
        if not _on_the_site(contribution):
            raise NotPossibleNow
        locked.state = State.CHECKED
        locked.decided_by, locked.decided_at = by, now
        _let_stand(locked)
        return locked


@on_the_record
def decline_translation(
    *,
    translation: Translation,
    by: User,
    reason: str,
    seen: str = "",
    now: datetime.datetime | None = None,
) -> Translation:
    """Leave what stands there, and tell the neighbour why their translation does not.

    Args:
        seen: the ``version_of_translation`` that was read, where the page told it.

    Raises:
        WhyMissing: no reason is given.
        NotPossibleNow, NotAllowed, OwnTranslation, TextChanged: as with agreeing.
    """
    now = now or timezone.now()
    if not reason.strip():
        raise WhyMissing
    with transaction.atomic():
        locked, _contribution = _for_decision(translation, by, (State.WAITING,), seen)
        locked.state, locked.reason = State.DECLINED, clean_text(reason)
        locked.decided_by, locked.decided_at = by, now
        locked.save()
        return locked


@on_the_record
def remove_translation(
    *, translation: Translation, by: User, seen: str = "", now: datetime.datetime | None = None
) -> Translation:
    """Take a translation away that says something else than its original; that one stays.

    A machine is not asked again for the same words.

    Args:
        seen: the ``version_of_translation`` that was read, where the page told it.

    Raises:
        NotPossibleNow, NotAllowed, OwnTranslation, TextChanged: as with agreeing.
    """
    now = now or timezone.now()
    with transaction.atomic():
        standing = (State.MACHINE, State.HUMAN, State.CHECKED)
        locked, _contribution = _for_decision(translation, by, standing, seen)
        locked.state = State.REMOVED
        locked.decided_by, locked.decided_at = by, now
        locked.save()
        return locked


def version_of_translation(translation: Translation) -> str:
    """Return what tells one state of a translation from another: when it was written."""
    return translation.made_at.isoformat()


def ask_machine(
    *, contribution: Contribution, language: str, now: datetime.datetime | None = None
) -> TranslationRequest:
    """Ask a machine for a translation; a worker makes it, and nobody waits for that.

    Raises:
        NotByMachine: this text does not go to one, or somebody translated it already.
    """
    now = now or timezone.now()
    refusal = why_not(contribution, language)
    if refusal is not None:
        raise NotByMachine(refusal)
    made = Translation.objects.current().filter(dossier=contribution.dossier_id, language=language)
    if made.by_people().exists():
        raise NotByMachine(_("Somebody translated this already."))
    if made.filter(source_digest=digest_of(contribution)).exists():
        raise NotByMachine(_("The machine translated this already."))
    with transaction.atomic():
        row = put_in_line(contribution.dossier, language, now=now)
        if row.next_try_at <= now:
            # With the broker away the row waits all the same: the sweep finds it.
            transaction.on_commit(partial(translate_by_machine.delay, row.pk), robust=True)
        return row


def store_machine_words(
    *,
    contribution: Contribution,
    language: str,
    words: dict[str, str],
    digest: str,
    now: datetime.datetime,
) -> bool:
    """Let a machine's words stand, unless somebody's do; say whether there is nothing left to do.

    Words of a text that changed while the machine worked on it are thrown away, and asked again.
    """
    with transaction.atomic():
        locked = locked_row(contribution)
        if why_not(locked, language) is not None:
            return True
        if digest_of(locked) != digest:
            return False
        standing = Translation.objects.current().filter(dossier=locked.dossier, language=language)
        if standing.by_people().exists():
            return True
        standing.delete()
        Translation.objects.create(
            dossier=locked.dossier,
            language=language,
            words=words,
            state=State.MACHINE,
            maker=Maker.MACHINE,
            made_at=now,
            source_digest=digest,
        )
        return True


def may_be_read_with_help(person: User, contribution: Contribution) -> bool:
    """Say whether a moderator may have a text translated by a machine to read it."""
    return contribution.status in (Status.PUBLISHED, Status.SUBMITTED) and can_review(
        person, contribution
    )
