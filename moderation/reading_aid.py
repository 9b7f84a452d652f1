"""A machine's translation of a text, to help a moderator with reading it."""

from dataclasses import dataclass, field

from accounts.models import User
from contributions.actions import may_be_read_with_help
from contributions.machine.asking import why_not
from contributions.models import Contribution, Translation, TranslationRequest
from contributions.translations import digest_of, label_of, original_words, translated_fields


@dataclass
class Aid:
    """What a reader gets beside a text: its words in their language, or the offer to ask for them.

    ``parts`` are what each field is called and says.
    """

    language: str
    label: str = ""
    parts: list[tuple[str, str]] = field(default_factory=list)
    is_outdated: bool = False
    is_offered: bool = False
    waits: bool = False


def aid_for(reader: User, contribution: Contribution, language: str) -> Aid | None:
    """Return the help with a text in another language; None where there is nothing to help with."""
    if language == contribution.language or not may_be_read_with_help(reader, contribution):
        return None
    aid = Aid(language)
    made = (
        Translation.objects.current()
        .filter(dossier=contribution.dossier_id, language=language)
        .first()
    )
    if made is not None:
        aid.label = str(label_of(Translation.Maker(made.maker), Translation.State(made.state)))
        aid.is_outdated = made.source_digest != digest_of(contribution)
        told = original_words(contribution)
        aid.parts = [
            (str(one.label), made.words[one.name])
            for one in translated_fields(contribution)
            if one.name in told and made.words.get(one.name)
        ]
    can_be_made = made is None or (made.is_by_machine and aid.is_outdated)
    aid.is_offered = can_be_made and why_not(contribution, language) is None
    if aid.is_offered:
        aid.waits = TranslationRequest.objects.filter(
            dossier=contribution.dossier_id,
            language=language,
            state=TranslationRequest.State.WAITING,
        ).exists()
    return aid
