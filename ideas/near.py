"""Ideas nearby that say nearly the same: shown to who shares one, and marked for who reviews it."""

import itertools
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from accounts.models import User
from areas.models import Area
from contributions.models import SearchDocument
from contributions.search.engines import Condition
from contributions.search.stop_words import stop_words
from contributions.search.words import folded, folded_text, pairs_of, terms, words_of
from contributions.text import markdown_to_text
from ideas.models import Initiative
from ideas.models.initiative import SUPPORTED_IN

#: How alike two ideas are, from 0 to 1, for who shares one to be shown the other…
WORTH_A_LOOK = 0.5
#: …and for a moderator to be told that they are nearly the same.
NEARLY_THE_SAME = 0.7
SHOWN_AT_MOST = 3
#: So many of the newest that share two words of the title are looked at.
COMPARED_AT_MOST = 60
#: So many words of a title are looked for, two by two.
WORDS_AT_MOST = 5
#: With fewer pairs of words, two texts are alike by chance.
ENOUGH_PAIRS = 8


@dataclass(frozen=True)
class Words:
    """The words of an idea, as far as they tell what it is about."""

    title: str
    text: str
    language: str

    @cached_property
    def groups(self) -> list[frozenset[str]]:
        """Return the terms of each telling word of the title."""
        idle = stop_words(self.language)
        telling = [word for word in dict.fromkeys(words_of(self.title)) if folded(word) not in idle]
        return [group for word in telling if (group := terms(word, self.language))]

    @cached_property
    def terms_in_title(self) -> frozenset[str]:
        return frozenset().union(*self.groups)

    @cached_property
    def terms_anywhere(self) -> frozenset[str]:
        below = (terms(word, self.language) for word in set(words_of(self.text)))
        return self.terms_in_title.union(*below)

    @cached_property
    def pairs(self) -> set[str]:
        return pairs_of(folded_text(self.text))


def likeness(one: Words, other: Words) -> float:
    """Return how alike two ideas are, from 0 to 1.

    The best of three: how many words their titles share, how many of a title's words the other
    tells anywhere (which says less), and how much of their stories is word for word the same.
    """
    title = anywhere = pairs = 0.0
    if one.groups and other.groups:
        shared = sum(not group.isdisjoint(other.terms_in_title) for group in one.groups)
        title = shared / max(len(one.groups), len(other.groups))
        told = sum(not group.isdisjoint(other.terms_anywhere) for group in one.groups)
        anywhere = 0.6 * told / len(one.groups) if len(one.groups) > 1 else 0.0
    shorter = min(len(one.pairs), len(other.pairs))
    if shorter >= ENOUGH_PAIRS:
        pairs = len(one.pairs & other.pairs) / shorter
    return max(title, anywhere, pairs)


def near(
    words: Words, area: Area, *, at_least: float, besides: Q, count: int = SHOWN_AT_MOST
) -> list[Initiative]:
    """Return the open ideas in a neighbourhood that are most alike, the most alike first.

    The index of search is asked for two words of the title together, so that few are compared.
    """
    groups = words.groups[:WORDS_AT_MOST]
    if not groups:
        return []
    together = itertools.combinations(groups, 2) if len(groups) > 1 else [tuple(groups)]
    wanted = reduce(or_, (Q(terms__match=Condition(tuple(pair))) for pair in together))
    candidates = (
        Initiative.objects.visible_to(AnonymousUser())
        .filter(area=area, progress__in=SUPPORTED_IN)
        .filter(dossier__in=SearchDocument.objects.filter(wanted).values("dossier"))
        .exclude(besides)
        .for_cards()
        .order_by("-published_at", "-pk")[:COMPARED_AT_MOST]
    )
    measured = []
    for initiative in candidates:
        if (alike := likeness(words, words_of_initiative(initiative))) >= at_least:
            measured.append((alike, initiative))
    measured.sort(key=lambda pair: (-pair[0], -pair[1].support_count, -pair[1].pk))
    return [initiative for _alike, initiative in measured[:count]]


def words_of_initiative(initiative: Initiative) -> Words:
    """Return the words of an initiative, without marks."""
    told = f"{initiative.text} {initiative.help_wanted}"
    return Words(initiative.title, markdown_to_text(told), initiative.language)


def wanted_nearby(draft: Initiative, person: User | None) -> list[Initiative]:
    """Return what neighbours want that a draft may be the same as, for its author to support."""
    if draft.area is None:
        return []
    besides = Q(author=person) if person else Q(pk__in=[])
    return near(words_of_initiative(draft), draft.area, at_least=WORTH_A_LOOK, besides=besides)


def near_doubles(initiative: Initiative) -> list[int]:
    """Return the dossiers of ideas on the site that are nearly the same, one's own included."""
    if initiative.area is None:
        return []
    found = near(
        words_of_initiative(initiative),
        initiative.area,
        at_least=NEARLY_THE_SAME,
        besides=Q(pk=initiative.pk),
    )
    return [other.dossier_id for other in found]
