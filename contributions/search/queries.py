"""What somebody looks for: the words and phrases of what they typed, and nothing else of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from django.utils.translation import gettext as _

from contributions.search.stop_words import stop_words
from contributions.search.words import folded, terms, words_of
from contributions.text import clean_line

#: So many characters of what was typed are looked at, and so many words.
MAX_LENGTH = 200
MAX_WORDS = 8

_QUOTES = '"“”„«»'
_PHRASE = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]")


@dataclass(frozen=True)
class Part:
    """A word, or the words of a phrase in quotes: those stand as they are, in their order."""

    words: tuple[str, ...]
    is_phrase: bool = False

    @property
    def folded(self) -> str:
        """Return the phrase as it stands in a folded text."""
        return f" {' '.join(map(folded, self.words))} "


@dataclass(frozen=True)
class Query:
    """A search, in the language of who reads.

    Args:
        text: what was typed, cleaned.
        is_cut: whether it was longer than is looked at.
        has_more_words: whether it had more words than are looked for.
    """

    text: str
    language: str
    parts: tuple[Part, ...]
    is_cut: bool = False
    has_more_words: bool = False

    def __bool__(self) -> bool:
        return bool(self.parts)

    @cached_property
    def groups(self) -> tuple[frozenset[str], ...]:
        """Return, for each word, the terms of which a text must hold one."""
        return tuple(group for part in self.parts for group in self._groups_of(part))

    @property
    def groups_beside_phrases(self) -> tuple[frozenset[str], ...]:
        """Return the same without the words of phrases of more than one."""
        alone = (part for part in self.parts if len(part.words) == 1)
        return tuple(group for part in alone for group in self._groups_of(part))

    def _groups_of(self, part: Part) -> Iterator[frozenset[str]]:
        for word in part.words:
            yield frozenset({folded(word)}) if part.is_phrase else terms(word, self.language)

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return the phrases of more than one word, folded."""
        return tuple(part.folded for part in self.parts if len(part.words) > 1)

    def with_word(self, word: str, *, instead_of: Part) -> Self:
        """Return the same search with another word in a place."""
        parts = tuple(Part((word,)) if part == instead_of else part for part in self.parts)
        text = re.sub(re.escape(instead_of.words[0]), word, self.text, flags=re.IGNORECASE)
        return replace(self, parts=parts, text=text)


def parse(typed: str, language: str) -> Query:
    """Return what somebody looks for.

    Words all have to be there; ones without meaning are left aside beside others. A phrase stands
    in quotes. Operators, marks and an open quote mean nothing.
    """
    text = clean_line(typed[: MAX_LENGTH + 1])
    is_cut = len(typed) > MAX_LENGTH
    text = text[:MAX_LENGTH]
    found = list(dict.fromkeys(_parts_of(text)))
    telling = [part for part in found if part.is_phrase or not _is_stop_word(part, language)]
    parts: list[Part] = []
    left = MAX_WORDS
    for part in telling or found:
        if part.words[:left]:
            parts.append(replace(part, words=part.words[:left]))
        left = max(0, left - len(part.words))
    asked = sum(len(part.words) for part in telling or found)
    return Query(text, language, tuple(parts), is_cut, has_more_words=asked > MAX_WORDS)


def problems_of(query: Query, typed: str) -> list[str]:
    """Return, in sentences, what of a search could not be taken as it was typed."""
    problems = []
    if query.is_cut:
        problems.append(
            _("Your search is too long. We looked at its first %(number)s characters.")
            % {"number": MAX_LENGTH}
        )
    if typed.strip() and not query:
        problems.append(_("There are no words in your search. Type a word to look for."))
    return problems


def _is_stop_word(part: Part, language: str) -> bool:
    return folded(part.words[0]) in stop_words(language)


def _parts_of(text: str) -> Iterator[Part]:
    after = 0
    for match in _PHRASE.finditer(text):
        yield from _single_words(text[after : match.start()])
        if words := tuple(filter(folded, words_of(match[1]))):
            yield Part(words, is_phrase=True)
        after = match.end()
    yield from _single_words(text[after:])


def _single_words(text: str) -> Iterator[Part]:
    return (Part((word,)) for word in words_of(text) if folded(word))
