"""The button with which people follow what a page is about."""

from typing import Any

from django import template

from accounts.models import User
from notifications.following import follows
from notifications.kinds import followable_named

register = template.Library()


@register.inclusion_tag("notifications/_follow_button.html", takes_context=True)
def follow_button(
    context: dict[str, Any], kind: str, subject_id: int, words: str = "", box: bool = False
) -> dict[str, Any]:
    """Show the button for one thing; one query for who is signed in, none for visitors.

    A visitor's page holds a link in its place: it is kept for all who look, and carries no token.

    Args:
        words: a sentence above it, that says what one hears of.
        box: whether it stands in a box of its own.
    """
    if followable_named(kind) is None:
        return {"kind": ""}
    user = context.get("user")
    person = user if isinstance(user, User) else None
    return {
        "kind": kind,
        "subject_id": subject_id,
        "words": words,
        "box": box,
        "is_known": person is not None,
        "follows": person is not None and follows(person, kind, subject_id),
        "csrf_token": context.get("csrf_token"),
    }
