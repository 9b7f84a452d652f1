"""Which texts a search finds, and which of them come first: our own rule, for both databases.

A text is found where it holds every word, in its title or below it, and every phrase as it
stands. First come those with every word in the title, then those with at least one, then the
others; the newest first in each. No weight of how often a word stands there: everybody can see why
one comes before another, and each of these tiers is read along an index, however many there are.
"""

from collections.abc import Iterator
from functools import cached_property

from django.db.models import Case, IntegerField, Q, Value, When

from contributions.models import SearchDocument
from contributions.search.documents import IN_TITLE
from contributions.search.engines import Condition, Group
from contributions.search.queries import Query
from contributions.search.words import pairs_of

#: So many are asked for by their keys, which a database sorts at once. For more it goes along the
#: index of the list until a page is full: a guess of its own between the two is sometimes far off.
FEW = 250
#: Of several words more: PostgreSQL finds those in the index alone, where it would read through
#: the table for a word that it takes for a common one, and to go along the list takes longer.
FEW_OF_SEVERAL = 1000


def conditions_of(query: Query) -> list[Condition]:
    """Return what parts the texts that a search finds into tiers, the best first."""
    in_title = tuple(frozenset(IN_TITLE + term for term in group) for group in query.groups)
    any_in_title: Group = frozenset().union(*in_title)
    conditions = [
        Condition(in_title),
        Condition((*query.groups, any_in_title), but_not=in_title),
        Condition(query.groups, but_not=(any_in_title,)),
    ]
    if len(in_title) == 1:
        # One word stands in the title or does not.
        del conditions[1]
    return conditions


class Hits:
    """What a search finds, as filters for contributions. The index is asked once for each."""

    def __init__(self, query: Query) -> None:
        self.query = query

    @cached_property
    def _keys(self) -> list[int]:
        """The keys of the first documents that are found."""
        found = SearchDocument.objects.filter(self._anywhere)
        return list(found.values_list("pk", flat=True)[: FEW + 1])

    @property
    def _are_few(self) -> bool:
        return len(self._keys) <= FEW

    @cached_property
    def _tier_of(self) -> dict[int, int]:
        """The numbers of the tiers of those keys, where they are all that is found."""
        tiers = [
            When(terms__match=condition, then=Value(number))
            for number, condition in enumerate(conditions_of(self.query)[:-1])
        ]
        last = Value(len(tiers))
        found = SearchDocument.objects.filter(pk__in=self._keys)
        found = found.annotate(tier=Case(*tiers, default=last, output_field=IntegerField()))
        return dict(found.values_list("pk", "tier"))

    @cached_property
    def all(self) -> Q:
        """Return the filter for all that is found."""
        if self._are_few:
            return Q(dossier__in=self._keys)
        return _of_documents(self._anywhere)

    def tiers(self, start: int = 0) -> Iterator[tuple[int, Q]]:
        """Yield the filters of the tiers that hold something, with their numbers, the best first.

        Args:
            start: the number of the first one asked for.
        """
        for number, condition in enumerate(conditions_of(self.query)):
            if number < start:
                continue
            if self._are_few:
                keys = [key for key, tier in self._tier_of.items() if tier == number]
                is_whole = True
            else:
                wanted = self._wanted(condition)
                found = SearchDocument.objects.filter(wanted).values_list("pk", flat=True)
                few = FEW_OF_SEVERAL if len(condition.groups) > 1 else FEW
                keys = list(found[: few + 1])
                is_whole = len(keys) <= few
            if keys:
                yield number, Q(dossier__in=keys) if is_whole else _of_documents(wanted)

    @property
    def _anywhere(self) -> Q:
        """The filter for all documents that are found.

        The pairs of a phrase say that its words are there as well: looking these up, in most of
        all texts perhaps, would take longer than all the rest.
        """
        beside = self.query.groups_beside_phrases
        return self._in_phrases & Q(terms__match=Condition(beside)) if beside else self._in_phrases

    def _wanted(self, condition: Condition) -> Q:
        return Q(terms__match=condition) & self._in_phrases

    @cached_property
    def _in_phrases(self) -> Q:
        wanted = Q()
        for phrase in self.query.phrases:
            pairs = sorted(pairs_of(phrase))
            wanted &= Q(pairs__match=Condition(tuple(frozenset({pair}) for pair in pairs)))
            if len(pairs) > 1:
                # Each pair stands there, but perhaps not one behind the other.
                wanted &= Q(folded__contains=phrase)
        return wanted


def matching_word(group: Group) -> Q:
    """Return the filter for contributions that hold one of the terms of a word."""
    return _of_documents(Q(terms__match=Condition((group,))))


def _of_documents(wanted: Q) -> Q:
    return Q(dossier__in=SearchDocument.objects.filter(wanted).values("dossier"))
