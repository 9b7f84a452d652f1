"""Words and phrases of the lists that staff edit: rude ones, and those of a cry for help."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from contributions.checks.found import Found, Piece, found
from contributions.models import WordList
from contributions.search.words import folded, words_in, words_of

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True)
class Lists:
    """The lists as they are now, by purpose and language."""

    words: Mapping[tuple[str, str], str]

    @classmethod
    def now(cls) -> "Lists":
        """Read the lists: a change holds from the next text on."""
        rows = WordList.objects.values_list("purpose", "language", "words")
        return cls({(purpose, language): words for purpose, language, words in rows})

    def phrases(self, purpose: str, languages: Iterable[str] | None = None) -> list[Phrases]:
        """Return what is looked for, of some languages or of all."""
        return [
            phrases_of(words)
            for (of, language), words in self.words.items()
            if of == purpose and (languages is None or language in languages)
        ]


def tidied(words: str) -> str:
    """Return the lines of a list, each once, without those that hold no word."""
    lines = (" ".join(line.split()) for line in words.splitlines())
    return "\n".join(dict.fromkeys(line for line in lines if any(map(folded, words_of(line)))))


@lru_cache(maxsize=64)
def phrases_of(words: str) -> Phrases:
    """Return the phrases of a list by their first word, all folded; kept by the words alone."""
    by_first: dict[str, dict[tuple[str, ...], None]] = defaultdict(dict)
    for line in words.splitlines():
        phrase = tuple(filter(None, map(folded, words_of(line))))
        if phrase:
            by_first[phrase[0]][phrase] = None
    return {first: tuple(phrases) for first, phrases in by_first.items()}


def look_for_words(piece: Piece, check: str, lists: list[Phrases]) -> list[Found]:
    """Find whole words and phrases of lists, whatever accents and capitals they are written with.

    A phrase may be broken by a line or a comma.
    """
    return found(check, piece, _matches(piece.plain, lists)) if lists else []


def _matches(text: str, lists: list[Phrases]) -> Iterator[str]:
    places = list(words_in(text))
    words = [folded(place[0]) for place in places]
    for number, word in enumerate(words):
        for phrases in lists:
            for phrase in phrases.get(word, ()):
                if tuple(words[number : number + len(phrase)]) == phrase:
                    last = places[number + len(phrase) - 1]
                    yield text[places[number].start() : last.end()]
