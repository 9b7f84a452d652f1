"""Changes to texts, as their authors go on with them."""

import hashlib
import json
from typing import Any

from contributions.models import Contribution, Picture, Revision


def latest_change(contribution: Contribution) -> Revision | None:
    """Return the change that an author goes on with: the newest that did not become the text.

    A change that was not taken over still holds the author's words. One that is older than the
    text itself is overtaken.
    """
    newest = Revision.objects.filter(dossier=contribution.dossier_id).first()
    if newest is None or newest.state in (Revision.State.ACCEPTED, Revision.State.MADE):
        return None
    return newest if newest.created_at > contribution.changed_at else None


def words_to_go_on_with(contribution: Contribution) -> dict[str, Any]:
    """Return the fields that an author's form starts from: the text, or the change that waits."""
    change = latest_change(contribution)
    return {**contribution.fields_of_revision(), **(change.data if change else {})}


def version_of_words(contribution: Contribution) -> str:
    """Return what tells the words that an author starts from apart from any others.

    It follows from the words alone: who began with a change that was taken over in the meantime
    began with the words that stand there now.
    """
    # A change that leaves the pictures alone says so with nothing; a text does not mention them.
    told = {name: value for name, value in words_to_go_on_with(contribution).items() if value}
    words = json.dumps(told, sort_keys=True, default=str)
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def words_before(contribution: Contribution, data: dict[str, Any]) -> dict[str, Any]:
    """Return what a text says now, with the descriptions of the pictures that a change describes.

    Args:
        data: the change.
    """
    told = data.get("picture_descriptions", {})
    now: dict[str, str] = {}
    if told:
        described = Picture.objects.filter(dossier=contribution.dossier_id, key__in=told)
        now = {str(key): text for key, text in described.values_list("key", "description")}
    return {**contribution.fields_of_revision(), "picture_descriptions": now}
