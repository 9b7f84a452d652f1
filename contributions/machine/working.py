"""What a worker does for one request: claim it, ask the machine, let the words stand.

Nothing is locked while a machine is talked to. A request that was claimed comes due again by
itself, so a killed worker loses none; each try is counted before it is made.
"""

import datetime
import hashlib
import time
from dataclasses import dataclass

import structlog
from django.core.cache import caches
from django.db.models import F

from contributions.actions.translating import cleaned, store_machine_words
from contributions.kinds import contribution_of
from contributions.machine import budget
from contributions.machine.asking import why_not
from contributions.machine.backends import Backend, InTrouble, the_backend
from contributions.machine.masking import Mangled, Masked, mask, names_around
from contributions.models import Contribution, Dossier, Translation, TranslationRequest
from contributions.models.translation import CLAIM_HOLDS, MAX_TRIES
from contributions.translations import digest_of, is_too_long, original_words

State = TranslationRequest.State
Trouble = TranslationRequest.Trouble

#: A sweep makes as many at most, and for as long: then other tasks have their turn.
AT_MOST = 100
SECONDS_AT_MOST = 45
FIRST_WAIT = datetime.timedelta(minutes=2)
#: How long the words of a machine are kept, by the digest of what it was asked.
KEPT_SECONDS = 30 * 24 * 3600

#: With these the next text would fare no better.
_OF_THE_MACHINE = (Trouble.AWAY, Trouble.SLOW, Trouble.BUSY, Trouble.BUDGET)
#: With these no character was worked on.
_FOR_NOTHING = (Trouble.AWAY, Trouble.BUSY, Trouble.REFUSED, Trouble.BUDGET)

log = structlog.get_logger(__name__)


def drain(*, now: datetime.datetime) -> int:
    """Make the translations that wait longest, a bounded number; return how many were tried.

    Stops where the machine is away or asked too much: the others wait, untried.
    """
    if the_backend() is None:
        return 0
    until = time.monotonic() + SECONDS_AT_MOST
    due = TranslationRequest.objects.due_at(now).values_list("pk", flat=True)
    tried = 0
    for pk in list(due[:AT_MOST]):
        if time.monotonic() > until:
            break
        tried += 1
        if make(pk, now=now) in _OF_THE_MACHINE:
            break
    return tried


def make(pk: int, *, now: datetime.datetime) -> Trouble | None:
    """Make one translation that is asked for; return what went wrong, None where nothing did.

    Done, claimed by another worker, or not due: then nothing happens.
    """
    backend = the_backend()
    if backend is None or (request := _claimed(pk, now)) is None:
        return None
    try:
        is_done = _translate(request, backend, now)
    except InTrouble as trouble:
        _put_off(request, trouble, now)
        return trouble.trouble
    if is_done:
        _end(request, State.DONE)
    else:
        _come_back(request, now)
    return None


def _claimed(pk: int, now: datetime.datetime) -> TranslationRequest | None:
    """Take a request to work on it; a second worker that wants the same one goes without."""
    request = TranslationRequest.objects.due_at(now).filter(pk=pk).first()
    if request is None:
        return None
    if request.tries >= MAX_TRIES:
        # Its last worker was killed.
        _end(request, State.GIVEN_UP, Trouble(request.trouble))
        return None
    taken = TranslationRequest._base_manager.filter(
        pk=pk, state=State.WAITING, next_try_at=request.next_try_at
    ).update(tries=F("tries") + 1, next_try_at=now + CLAIM_HOLDS)
    if not taken:
        return None
    request.tries += 1
    return request


def _translate(request: TranslationRequest, backend: Backend, now: datetime.datetime) -> bool:
    """Make the translation; say whether it stands, or is needed no more. Raises ``InTrouble``."""
    dossier = Dossier.objects.get(pk=request.dossier_id)
    contribution = contribution_of(dossier)
    contribution.dossier = dossier
    if why_not(contribution, request.language) is not None:
        raise InTrouble(Trouble.NOT_ALLOWED)
    digest = digest_of(contribution)
    standing = (
        Translation.objects.current().filter(dossier=dossier, language=request.language).first()
    )
    if standing and (standing.is_by_people or standing.source_digest == digest):
        return True
    words = _words(contribution, request.language, backend, now)
    return store_machine_words(
        contribution=contribution,
        language=request.language,
        words=words,
        digest=digest,
        now=now,
    )


def _words(
    contribution: Contribution, language: str, backend: Backend, now: datetime.datetime
) -> dict[str, str]:
    """Return the words of a text as a machine says them, with what was hidden put back."""
    original = original_words(contribution)
    names = names_around(contribution, original.values())
    source = contribution.language
    masked = {name: mask(text, language=source, names=names) for name, text in original.items()}
    known = _Known(backend.name, source, language)
    told = known.find(masked)
    asked = [name for name, one in masked.items() if name not in told and one.says_something]
    if asked:
        answer = _asked(backend, [masked[name].text for name in asked], source, language, now)
        told.update(zip(asked, answer, strict=True))
    words = {}
    for name, one in masked.items():
        try:
            text = one.put_back(told.get(name, one.text))
        except Mangled as error:
            raise InTrouble(Trouble.MANGLED) from error
        words[name] = cleaned(contribution, name, text)
        if not words[name]:
            raise InTrouble(Trouble.BROKEN)
        if is_too_long(words[name], original[name]):
            raise InTrouble(Trouble.TOO_LONG)
    known.keep({masked[name]: told[name] for name in asked})
    return words


def _asked(
    backend: Backend, texts: list[str], source: str, target: str, now: datetime.datetime
) -> list[str]:
    """Ask the machine, within the month's budget. Raises ``InTrouble``."""
    characters = sum(map(len, texts))
    if not budget.spend(characters, now=now):
        raise InTrouble(Trouble.BUDGET)
    try:
        return backend.translate(texts, source=source, target=target)
    except InTrouble as trouble:
        if trouble.trouble in _FOR_NOTHING:
            budget.give_back(characters, now=now)
        raise


@dataclass(frozen=True)
class _Known:
    """What a machine said before: found by the digest of what it was asked, names hidden.

    It lies with what was drawn of people's words, which is emptied when somebody leaves.
    """

    backend: str
    source: str
    target: str

    def _key(self, masked: Masked) -> str:
        asked = "\0".join((self.backend, self.source, self.target, masked.text))
        return "translated:" + hashlib.sha256(asked.encode()).hexdigest()

    def find(self, masked: dict[str, Masked]) -> dict[str, str]:
        keys = {name: self._key(one) for name, one in masked.items()}
        found = caches["drawings"].get_many(keys.values())
        return {name: found[key] for name, key in keys.items() if key in found}

    def keep(self, told: dict[Masked, str]) -> None:
        if told:
            by_key = {self._key(masked): text for masked, text in told.items()}
            caches["drawings"].set_many(by_key, KEPT_SECONDS)


def _put_off(request: TranslationRequest, trouble: InTrouble, now: datetime.datetime) -> None:
    """Write down what went wrong, and when it is tried again, if it is."""
    kind = trouble.trouble
    log.warning("translation_in_trouble", request=request.pk, trouble=kind.value)
    if kind == Trouble.NOT_ALLOWED or (request.tries >= MAX_TRIES and kind != Trouble.BUDGET):
        _end(request, State.GIVEN_UP, kind)
        return
    wait = FIRST_WAIT * 2 ** (request.tries - 1)
    again = now + max(wait, datetime.timedelta(seconds=trouble.wait))
    if kind == Trouble.BUDGET:
        # The machine was not tried: it waits for the next month with the tries that it had.
        request.tries -= 1
        again = budget.begins_again(now)
    TranslationRequest.objects.filter(pk=request.pk, state=State.WAITING).update(
        trouble=kind, tries=request.tries, next_try_at=again
    )


def _come_back(request: TranslationRequest, now: datetime.datetime) -> None:
    """Let it come due at once: the text changed while the machine worked on it."""
    TranslationRequest.objects.filter(pk=request.pk, state=State.WAITING).update(next_try_at=now)


def _end(request: TranslationRequest, state: State, trouble: Trouble = Trouble.NONE) -> None:
    TranslationRequest.objects.filter(pk=request.pk, state=State.WAITING).update(
        state=state, trouble=trouble
    )
