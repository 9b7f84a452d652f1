"""Words of policy, and what a neighbour says instead."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from contributions.search.words import folded, words_in, words_of


class Said(NamedTuple):
    """A word of policy as it stands in a text, and what to say instead."""

    word: str
    instead: str


class PolicyWords:
    """What is looked for: whole words and phrases, and beginnings of words (``facilite*``).

    Capitals and accents make no difference.

    Args:
        rows: the forms of a word, one on each line, and what to say instead.
    """

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._beginnings: dict[str, str] = {}
        for forms, instead in rows:
            for form in forms.splitlines():
                self._add(form, instead)
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))
        self._lengths = sorted({len(one) for one in self._beginnings}, reverse=True)

    def _add(self, form: str, instead: str) -> None:
        words = tuple(filter(None, map(folded, words_of(form))))
        if len(words) == 1 and form.rstrip().endswith("*"):
            self._beginnings.setdefault(words[0], instead)
        elif words:
            self._phrases.setdefault(words[0], []).append((words, instead))

    def said_in(self, text: str) -> Iterator[Said]:
        """Find them in a text, in its order, each time that they stand there."""
        places = list(words_in(text))
        words = [folded(place[0]) for place in places]
        after = 0
        for number in range(len(words)):
            if number < after:
                continue
            found = self._at(words, number)
            if found:
                length, instead = found
                after = number + length
                yield Said(text[places[number].start() : places[after - 1].end()], instead)

    def _at(self, words: list[str], number: int) -> tuple[int, str] | None:
        word = words[number]
        for phrase, instead in self._phrases.get(word, ()):
            if tuple(words[number : number + len(phrase)]) == phrase:
                return len(phrase), instead
        beginning = next((word[:n] for n in self._lengths if word[:n] in self._beginnings), "")
        return (1, self._beginnings[beginning]) if beginning else None


@lru_cache(maxsize=32)
def policy_words_of(rows: tuple[tuple[str, str], ...]) -> PolicyWords:
    """Return what is looked for, kept by the rows alone: a change holds at once."""
    return PolicyWords(rows)


NO_POLICY_WORDS = PolicyWords(())
