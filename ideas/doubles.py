"""Looking for the other one of two doubles, and what joining them would do."""

import re
from dataclasses import dataclass
from functools import reduce
from operator import add, or_

from django.db.models import Case, IntegerField, Q, Value, When

from accounts.models import Role, User
from contributions.scope import within_grants
from ideas.listing import on_the_site
from ideas.models import Comment, Initiative, Support
from ideas.models.initiative import SUPPORTED_IN

FOUND_AT_MOST = 10
#: Words this short stand in every title.
SHORTEST_WORD = 4
WORDS_AT_MOST = 8

_NUMBER = re.compile(r"(?:^|/)(?P<pk>[1-9][0-9]{0,17})(?:$|[-/])", re.ASCII)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Preview:
    """What joining a double with another one would do."""

    supports: int
    in_both: int
    together: int
    comments: int
    crosses: bool

    @property
    def added(self) -> int:
        """Return by how many the support of the other one grows: each person counts once."""
        return self.supports - self.in_both


def others_like(initiative: Initiative, words: str, person: User) -> list[Initiative]:
    """Return the ideas that a double may be joined with, those with most words alike first.

    Args:
        words: a number, an address or words of a title; empty looks for words of its own title.
    """
    # The programme office joins neither its own ideas nor those elsewhere.
    open_ones = (
        on_the_site()
        .filter(within_grants(person, Role.PROGRAMME_OFFICE), progress__in=SUPPORTED_IN)
        .exclude(pk=initiative.pk)
        .exclude(author=person)
        .for_cards()
    )
    if number := _NUMBER.search(words.strip()):
        return list(open_ones.filter(pk=int(number["pk"])))
    looked_for = _words(words or initiative.title)
    if not looked_for:
        return []
    alike = [Q(title__icontains=word) for word in looked_for]
    one_each = [
        Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())
        for condition in alike
    ]
    found = open_ones.filter(reduce(or_, alike)).annotate(alike=reduce(add, one_each))
    return list(found.order_by("-alike", "-pk")[:FOUND_AT_MOST])


def _words(text: str) -> list[str]:
    words = _WORD.findall(text)
    return [word for word in words if len(word) >= SHORTEST_WORD][:WORDS_AT_MOST] or words[:1]


def preview(double: Initiative, into: Initiative) -> Preview:
    """Count what would happen; it may be another number by the time that it does."""
    given = Support.objects.filter(initiative=double)
    supports = given.count()
    in_both = given.filter(
        person__in=Support.objects.filter(initiative=into).values("person")
    ).count()
    together = into.support_count + supports - in_both
    return Preview(
        supports=supports,
        in_both=in_both,
        together=together,
        comments=Comment.objects.published().filter(initiative=double).count(),
        crosses=into.crossed_at is None and together >= into.threshold,
    )
