"""The word that somebody meant who mistyped one."""

from collections.abc import Callable

from django.db.models import Q

from contributions.models import SearchSpelling
from contributions.search.queries import Part, Query
from contributions.search.ranking import matching_word
from contributions.search.vocabulary import LONGEST, SHORTEST, spellings
from contributions.search.words import folded, terms

#: So many of the nearest words are asked how often they stand there.
NEAREST = 5
#: A word two mistakes away is another word, unless letters changed places.
FARTHEST = 2


def corrected(query: Query, count: Callable[[Q], int]) -> Query | None:
    """Return a search with the words that were meant; None where every word is known, or none near.

    Args:
        count: how many texts a filter finds among those that the reader may see. A word is only
            ever taken from what stands there, however much the vocabulary knows.
    """
    better = query
    for part in query.parts:
        if part.is_phrase or count(matching_word(terms(part.words[0], query.language))):
            continue
        word = _meant(part, query.language, count)
        if word is None:
            return None
        better = better.with_word(word, instead_of=part)
    return better if better is not query else None


def _meant(part: Part, language: str, count: Callable[[Q], int]) -> str | None:
    typed = part.words[0]
    if not SHORTEST <= len(folded(typed)) <= LONGEST:
        return None
    known = SearchSpelling.objects.filter(spelling__in=spellings(typed))
    near = sorted(
        (distance(folded(typed), folded(word)), word)
        for word in known.values_list("word", flat=True).distinct()
    )
    best: tuple[int, int, str] | None = None
    for far, word in near[:NEAREST]:
        if far > FARTHEST or (best and far > -best[0]):
            break
        # Its plain spelling: stems would count its whole family.
        if found := count(matching_word(frozenset({folded(word)}))):
            candidate = (-far, found, word)
            best = candidate if best is None or candidate[:2] > best[:2] else best
    return best[2] if best else None


def distance(one: str, other: str) -> int:
    """Return how many letters must be put in, left out, changed or swapped with the next one."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        two_before, before = before, row
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, two_before[j - 2] + 1)
            row.append(cost)
    return row[-1]
