"""Searching short texts of the site's own, which stand in no index: they are read."""

from functools import lru_cache

from contributions.search.queries import Query
from contributions.search.words import folded_text, terms, words_of


@lru_cache(maxsize=1_000)
def _read(text: str, language: str) -> tuple[frozenset[str], str]:
    found = frozenset().union(*(terms(word, language) for word in words_of(text)))
    return found, folded_text(text)


def holds(text: str, query: Query) -> bool:
    """Say whether a text in the reader's language holds all that a search looks for."""
    found, plain = _read(text, query.language)
    return (
        bool(query)
        and not any(group.isdisjoint(found) for group in query.groups)
        and all(phrase in plain for phrase in query.phrases)
    )
