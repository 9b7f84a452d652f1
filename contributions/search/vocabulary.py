"""The words of all documents, so that one with a typing error finds its own."""

from collections.abc import Collection

from django.db.models import Q

from contributions.models import SearchDocument, SearchSpelling
from contributions.search.engines import Condition
from contributions.search.words import folded

#: Shorter words are a letter away from half the dictionary.
SHORTEST, LONGEST = 4, 30
BATCH = 2_000


def is_kept(word: str) -> bool:
    """Say whether a word is one that a typing error may lead to."""
    return SHORTEST <= len(folded(word)) <= LONGEST and folded(word).isalpha() and len(word) <= 40


def spellings(word: str) -> set[str]:
    """Return a word, folded, and what is left of it without one of its letters."""
    plain = folded(word)
    return {plain, *(plain[:at] + plain[at + 1 :] for at in range(len(plain)))}


def learn_words(words: Collection[str]) -> None:
    """Add words that are not known yet."""
    kept = {word for word in words if is_kept(word)}
    known = SearchSpelling.objects.filter(word__in=kept).values_list("word", flat=True)
    # In one order, so that two who add the same words wait for each other and never crosswise.
    new = sorted(kept - set(known))
    SearchSpelling.objects.bulk_create(
        [
            SearchSpelling(spelling=spelling, word=word)
            for word in new
            for spelling in sorted(spellings(word))
        ],
        ignore_conflicts=True,
        batch_size=BATCH,
    )


def forget_words(words: Collection[str]) -> None:
    """Drop those of some words that stand in no document any more."""
    gone = [word for word in words if is_kept(word) and not _stands_somewhere(word)]
    SearchSpelling.objects.filter(word__in=gone).delete()


def _stands_somewhere(word: str) -> bool:
    condition = Condition((frozenset({folded(word)}),))
    return SearchDocument.objects.filter(Q(terms__match=condition)).exists()


def forget_unused_words() -> None:
    """Drop every word that stands in no document: what two acts at once may leave."""
    forget_words(set(SearchSpelling.objects.values_list("word", flat=True).distinct()))
