"""What stands on a sheet in words: those of people, and the few fixed ones in every language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path
from typing import Any

from contributions.kinds import kind_of
from contributions.models import Dossier
from contributions.text import markdown_to_text
from contributions.translations import shown_words

PAPER = Path(__file__).parent / "paper"


@dataclass(frozen=True)
class Words:
    """What people or an office say on a sheet.

    Args:
        language: the one that it is in, whichever was asked for.
        title: a line, without marks.
        text: what is said more, without marks; empty for nothing.
        by_machine: whether a computer translated it; the sheet then says so.
    """

    language: str
    title: str
    text: str = ""
    by_machine: bool = False


def words_on_paper(dossier: Dossier, language: str) -> Words:
    """Return what a contribution says, for a reader of a language.

    In a translation where there is one. One that is outdated stays off paper, on which nobody can
    look up what the original says by now.
    """
    kind = kind_of(dossier)
    texts: Any = kind.model._default_manager
    contribution = texts.in_language(language).get(dossier=dossier)
    shown = shown_words(contribution, language)
    if shown.is_translated and not shown.is_outdated:
        return Words(
            language=language,
            title=shown.words.get("title", ""),
            text=markdown_to_text(shown.words.get("text", "")),
            by_machine=shown.is_by_machine,
        )
    return Words(
        language=contribution.language,
        title=kind.title(contribution),
        text=markdown_to_text(kind.said(contribution)),
    )


@once
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Return the fixed sentences by language.

    They stand in a file of their own, since paper speaks languages in which the site has no
    catalogue.
    """
    found: dict[str, dict[str, str]] = json.loads((PAPER / "sentences.json").read_text("utf-8"))
    return found
