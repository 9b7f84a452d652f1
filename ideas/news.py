"""What stands around an initiative on its page: its news, and the doubles joined with it."""

from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from contributions.models import Picture, Status
from ideas.models import Initiative, Merger, Progress, Update
from ideas.models.merger import TAKEN_APART_IN
from ideas.permissions import can_merge, can_write_news
from ideas.sharing import Ways, ways_of_sharing

SHOWN_ON_PAGE = 3
PAGE_SIZE = 10


@dataclass
class Item:
    """One piece of news with its pictures."""

    update: Update
    pictures: list[Picture] = field(default_factory=list)

    @property
    def element_id(self) -> str:
        """Return where its words stand on the page."""
        return f"tekst-{self.update.dossier_id}"


@dataclass
class Around:
    """What belongs to an initiative beside its own text; costs nothing where there is none."""

    items: list[Item] = field(default_factory=list)
    has_more: bool = False
    can_write: bool = False
    can_join: bool = False
    doubles: list[Merger] = field(default_factory=list)
    can_be_undone: set[int] = field(default_factory=set)
    shows_reasons: bool = False
    ways: Ways | None = None


def around(initiative: Initiative, user: User | AnonymousUser) -> Around:
    """Return what stands around an initiative; of a hidden double not even the title.

    Args:
        initiative: as ``ideas.views.reading`` loads it, knowing whether there is any of this.
    """
    now = timezone.now()
    told = cast("Any", initiative)
    is_office = initiative.is_published and can_merge(user, initiative)
    found = Around(
        can_write=can_write_news(user, initiative, now),
        can_join=is_office and initiative.progress == Progress.OPEN and initiative.is_open_at(now),
        ways=ways_of_sharing(initiative) if initiative.is_published else None,
    )
    if told.has_news_to_tell and initiative.is_published:
        found.items, found.has_more = news_of(initiative, user, count=SHOWN_ON_PAGE)
    if told.has_doubles_joined:
        found.doubles = doubles_of(initiative)
        is_author = user.is_authenticated and initiative.author_id == user.pk
        found.shows_reasons = is_office or is_author
        if is_office and initiative.progress in TAKEN_APART_IN:
            found.can_be_undone = {m.pk for m in found.doubles if m.can_be_undone_at(now)}
    return found


def news_of(
    initiative: Initiative, user: User | AnonymousUser, *, count: int, before: int | None = None
) -> tuple[list[Item], bool]:
    """Return the newest news about an initiative, and whether there is more; in two queries.

    Args:
        before: the number that the news must be older than.
    """
    found = Update.objects.visible_to(user).published().filter(initiative=initiative)
    if before is not None:
        found = found.filter(pk__lt=before)
    found = found.select_related("author").in_language(get_language() or "")
    rows = list(found.order_by("-pk")[: count + 1])
    for row in rows:
        row.initiative = initiative
    items = {row.dossier_id: Item(row) for row in rows[:count]}
    if items:
        for picture in Picture.objects.shown().filter(dossier__in=items):
            items[picture.dossier_id].pictures.append(picture)
    return list(items.values()), len(rows) > count


def doubles_of(initiative: Initiative) -> list[Merger]:
    """Return how the doubles that stand joined with an initiative came to it, those hidden not."""
    mergers = Merger.objects.standing().filter(
        double__merged_into=initiative, double__status=Status.PUBLISHED
    )
    return list(mergers.select_related("double"))
