"""The list of closed votes, newest first, in pages by key."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from jongerenraad.models import Council, Matter

PAGE_SIZE = 20

_CURSOR = re.compile(r"(?P<key>\d{1,17})\.(?P<pk>[1-9]\d{0,17})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class MatterPage:
    """One page of closed votes.

    Args:
        next_cursor: what the next page goes on after, or empty at the end.
        is_known: whether the address named a page that can be.
    """

    matters: list[Matter]
    next_cursor: str = ""
    is_known: bool = True


def closed_matters(council: Council, *, after: str = "") -> MatterPage:
    """Return the closed votes after a cursor; with one that cannot be read, the first page."""
    found = Matter.objects.closed().filter(council=council).order_by("-closed_at", "-pk")
    match = _CURSOR.fullmatch(after)
    if match:
        moment = _EPOCH + int(match["key"]) * _MICROSECOND
        # The outer bound lets the index start at the key; the inner one settles equal moments.
        found = found.filter(
            Q(closed_at__lte=moment) & (Q(closed_at__lt=moment) | Q(pk__lt=int(match["pk"])))
        )
    rows = list(found[: PAGE_SIZE + 1])
    for matter in rows:
        # Known already: an address of each would ask for it again.
        matter.council = council
    cursor = ""
    if len(rows) > PAGE_SIZE:
        last = rows[PAGE_SIZE - 1]
        assert last.closed_at is not None
        cursor = f"{(last.closed_at - _EPOCH) // _MICROSECOND}.{last.pk}"
    return MatterPage(rows[:PAGE_SIZE], cursor, is_known=not after or match is not None)
