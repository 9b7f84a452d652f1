"""Which texts a search finds, and which of them come first: our own rule, for both databases.

A text is found where it holds every word, in its title or below it, and every phrase as it
stands. First come those with every word in the title, then those with at least one, then the
others; the newest first in each. No weight of how often a word stands there: everybody can see why
one comes before another, and each of these tiers is read along an index, however many there are.
"""

from django.db.models import Q

from contributions.models import SearchDocument
from contributions.search.documents import IN_TITLE
from contributions.search.engines import Condition, Group
from contributions.search.queries import Query
from contributions.search.words import pairs_of


def matching(query: Query) -> Q:
    """Return the filter for contributions that a search finds."""
    return _with_phrases(query, Condition(query.groups))


def matching_word(group: Group) -> Q:
    """Return the filter for contributions that hold one of the terms of a word."""
    return _in_documents(Q(terms__match=Condition((group,))))


def tiers(query: Query) -> list[Q]:
    """Return the filters that part what a search finds, the best first."""
    in_title = tuple(frozenset(IN_TITLE + term for term in group) for group in query.groups)
    any_in_title = frozenset().union(*in_title)
    conditions = [
        Condition(in_title),
        Condition((*query.groups, any_in_title), but_not=in_title),
        Condition(query.groups, but_not=(any_in_title,)),
    ]
    if len(in_title) == 1:
        # One word stands in the title or does not.
        del conditions[1]
    return [_with_phrases(query, condition) for condition in conditions]


def _with_phrases(query: Query, condition: Condition) -> Q:
    wanted = Q(terms__match=condition)
    for phrase in query.phrases:
        pairs = pairs_of(phrase)
        wanted &= Q(pairs__match=Condition(tuple(frozenset({pair}) for pair in sorted(pairs))))
        if len(pairs) > 1:
            # Each pair stands there, but perhaps not one behind the other.
            wanted &= Q(folded__contains=phrase)
    return _in_documents(wanted)


def _in_documents(wanted: Q) -> Q:
    return Q(dossier__in=SearchDocument.objects.filter(wanted).values("dossier"))
