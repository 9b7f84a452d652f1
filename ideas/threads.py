"""The comments under an initiative, as a thread of two levels."""

import re
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language

from accounts.models import User
from ideas.models import Comment, Initiative

THREAD_SIZE = 20
REPLIES_AT_MOST = 200

_CURSOR = re.compile(r"[1-9]\d{0,17}", re.ASCII)


@dataclass
class Entry:
    """A comment in a thread; a tombstone shows its place and nothing else."""

    comment: Comment
    is_tombstone: bool
    replies: list["Entry"] = field(default_factory=list)

    @property
    def element_id(self) -> str:
        """Return where its words stand on the page."""
        return f"tekst-{self.comment.dossier_id}"


@dataclass
class Thread:
    entries: list[Entry]
    next_cursor: str = ""

    def comments(self) -> list[Comment]:
        """Return the comments whose words are shown, answers to them too."""
        shown = [one for entry in self.entries for one in (entry, *entry.replies)]
        return [entry.comment for entry in shown if not entry.is_tombstone]


def thread_of(initiative: Initiative, user: User | AnonymousUser, *, after: str = "") -> Thread:
    """Return a page of the thread, the oldest first, in two queries.

    Args:
        after: the number of the comment after which the page begins; anything else begins at the
            first one.
    """
    shown = Comment.objects.in_thread(user).select_related("author", "written_under").order_by("pk")
    shown = shown.in_language(get_language() or "")
    top = shown.filter(initiative=initiative, parent__isnull=True)
    if _CURSOR.fullmatch(after):
        top = top.filter(pk__gt=int(after))
    rows = list(top[: THREAD_SIZE + 1])
    page = rows[:THREAD_SIZE]
    entries = {row.pk: _entry(row, user) for row in page}
    if entries:
        for reply in shown.filter(initiative=initiative, parent__in=entries)[:REPLIES_AT_MOST]:
            if reply.parent_id is not None:
                entries[reply.parent_id].replies.append(_entry(reply, user))
    cursor = str(page[-1].pk) if len(rows) > THREAD_SIZE else ""
    return Thread(list(entries.values()), cursor)


def _entry(comment: Comment, user: User | AnonymousUser) -> Entry:
    is_tombstone = comment.is_tombstone_for(user)
    if is_tombstone:
        # Nothing of it reaches the template.
        comment.text = ""
        comment.author = None
    return Entry(comment, is_tombstone)
