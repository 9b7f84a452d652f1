"""What somebody was told, as their inbox shows it: page by page, the newest first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from accounts.targets import is_own_path
from notifications.kinds import About, Category, NotificationKind, kind_named
from notifications.models import Notification
from notifications.telling import told_to

PAGE_SIZE = 20
#: Rows are read so many at a time: what may not be seen any more seldom makes a page read on.
CHUNK = 40
#: After so many chunks a page ends, however little of them may be seen; the next one goes on.
CHUNKS_AT_MOST = 5

_CURSOR = re.compile(r"[1-9]\d{0,17}", re.ASCII)


@dataclass(frozen=True)
class Entry:
    """One thing that somebody was told, in the language of the page."""

    notification: Notification
    kind: NotificationKind
    about: About

    @property
    def subject(self) -> SafeString:
        return in_words(self.kind.subject, self.about.values)

    @property
    def sentence(self) -> SafeString:
        return in_words(self.kind.sentence, self.about.values)

    @property
    def category(self) -> str:
        return str(Category(self.kind.category).label)

    @property
    def path(self) -> str:
        """The page it leads to; a path of this site, whatever its kind says."""
        return self.about.path if is_own_path(self.about.path) else "/"


@dataclass(frozen=True)
class InboxPage:
    """A page of somebody's inbox.

    Args:
        after: where the next page goes on; 0 on the last one.
        up_to: the newest that was looked at, with what may not be seen any more.
    """

    entries: Sequence[Entry]
    after: int
    up_to: int


def in_words(sentence: Promise, values: Mapping[str, str | int]) -> SafeString:
    """Fill the words of people into a sentence, each in a direction of its own."""
    marked = {
        name: format_html("<bdi>{}</bdi>", value) if isinstance(value, str) else value
        for name, value in values.items()
    }
    # Both are escaped: the sentence here, the words by ``format_html``.
    return mark_safe(conditional_escape(str(sentence)) % marked)  # noqa: S308


def cursor_of(typed: str) -> int | None:
    """Return the number behind ``?after=``: 0 for none, None for one that is none of ours."""
    if not typed:
        return 0
    return int(typed) if _CURSOR.fullmatch(typed) else None


def inbox_page(person: User, *, after: int, language: str) -> InboxPage:
    """Return a page of what a person was told and may still see.

    Its queries depend on the kinds that stand on it, not on how much somebody was told.
    """
    entries: list[Entry] = []
    up_to, at = 0, after
    for _number in range(CHUNKS_AT_MOST):
        rows = _rows(person, at)
        up_to = up_to or (rows[0].pk if rows else 0)
        entries += _seen(person, rows, language)
        if len(entries) > PAGE_SIZE:
            shown = entries[:PAGE_SIZE]
            return InboxPage(shown, shown[-1].notification.pk, up_to)
        if len(rows) < CHUNK:
            return InboxPage(entries, 0, up_to)
        at = rows[-1].pk
    return InboxPage(entries, at, up_to)


def entry_of(person: User, pk: int, language: str) -> Entry | None:
    """Return one thing that a person was told; None where it is not theirs, or may not be seen."""
    rows = Notification.objects.of(person).filter(pk=pk).select_related("event")
    return next(iter(_seen(person, list(rows), language)), None)


def _rows(person: User, after: int) -> list[Notification]:
    rows = Notification.objects.of(person).select_related("event").order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=after)
    return list(rows[:CHUNK])


def _seen(person: User, rows: Sequence[Notification], language: str) -> list[Entry]:
    abouts = told_to(person, rows, language)
    return [
        Entry(row, kind, abouts[row.pk])
        for row in rows
        if row.pk in abouts and (kind := kind_named(row.event.kind)) is not None
    ]
