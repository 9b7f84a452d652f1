"""What readers get of a text in their language: by a person, by a machine, or as it was written.

The original is always there beside it. What is shown follows from the row that the querysets'
``in_language`` brought along, so that it costs no query of its own.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from contributions.kinds import FreeField, all_kinds, kind_of
from contributions.models import Contribution, Translation

Maker = Translation.Maker
State = Translation.State

#: A translation is not so much longer than what it says.
LONGER_AT_MOST = 10


def translated_fields(contribution: Contribution) -> tuple[FreeField, ...]:
    """Return the fields of a text that are read in other languages."""
    return kind_of(contribution).translated_fields


def translated_kinds() -> list[str]:
    """Return the names of the kinds that are read in other languages."""
    return [kind.name for kind in all_kinds() if kind.translated_fields]


def original_words(contribution: Contribution) -> dict[str, str]:
    """Return what a text says, by field, without the fields that say nothing."""
    told = {one.name: getattr(contribution, one.name) for one in translated_fields(contribution)}
    return {name: text for name, text in told.items() if text}


def digest_of(contribution: Contribution) -> str:
    """Return what tells these words in this language from any others."""
    told = [contribution.language, original_words(contribution)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def is_too_long(words: str, source: str) -> bool:
    """Say whether words are no translation of others, since there are far too many of them."""
    return len(words) > LONGER_AT_MOST * len(source)


@dataclass(frozen=True)
class Shown:
    """What a reader gets of a text, and what stands beside it.

    Args:
        words: by field; those of the original where no translation holds them.
        language: what the words are written in.
        label: who or what translated it; empty for the original.
        is_outdated: whether the original says something else by now.
        original: the words as they were written.
        original_language: what those are written in.
        wanted: the language of the page.
    """

    words: Mapping[str, str]
    language: str
    original: Mapping[str, str]
    original_language: str
    wanted: str
    label: str = ""
    is_outdated: bool = False
    is_by_machine: bool = False
    can_be_translated: bool = False

    @property
    def is_translated(self) -> bool:
        return self.language != self.original_language

    @property
    def is_foreign(self) -> bool:
        """Say whether it is not in the language of the page."""
        return self.language != self.wanted


def shown_words(contribution: Contribution, language: str) -> Shown:
    """Return what a reader of a language gets of a text: its translation, or the original.

    Only what stands on the site is shown translated: of all else there is nothing but the original.
    """
    original = original_words(contribution)
    wants_another = language != contribution.language
    may = wants_another and contribution.is_published and bool(contribution.pk) and bool(original)
    row = _row_of(contribution) if may else None
    if row is None:
        return Shown(
            original,
            contribution.language,
            original,
            contribution.language,
            language,
            can_be_translated=may,
        )
    maker = Maker(row["maker"])
    return Shown(
        # A field that was filled in since has no words here yet.
        {name: row["words"][name] for name in original if row["words"].get(name)},
        language,
        original,
        contribution.language,
        language,
        label=str(label_of(maker, State(row["state"]))),
        is_outdated=row["digest"] != digest_of(contribution),
        is_by_machine=maker == Maker.MACHINE,
        can_be_translated=True,
    )


def _row_of(contribution: Contribution) -> dict[str, Any] | None:
    row = getattr(contribution, "translated", None)
    if row is None:
        return None
    row = json.loads(row) if isinstance(row, str) else dict(row)
    if isinstance(row["words"], str):
        # SQLite puts a column with JSON into other JSON as text.
        row["words"] = json.loads(row["words"])
    return row


def label_of(maker: Maker, state: State) -> Promise | str:
    """Return a sentence that says who or what made a translation."""
    if maker == Maker.MACHINE:
        return _("Translated by a machine. There can be mistakes in it.")
    if state == State.CHECKED:
        return _("Translated by a neighbour, read by a moderator.")
    return {
        Maker.AUTHOR: _("Translated by who wrote it."),
        Maker.MESSENGER: _("Translated by a contact person in your language."),
        Maker.MODERATOR: _("Translated by a moderator."),
    }.get(maker, _("Translated by a neighbour, read by a moderator."))
