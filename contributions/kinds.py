"""The kinds of contributions, each declared once by its app and looked up by name."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.utils.functional import Promise

from contributions.models import Contribution, Dossier

if TYPE_CHECKING:
    from contributions.differences import Names


def nothing_follows_publication(contribution: Any, now: datetime.datetime) -> None:
    """Do nothing when one becomes visible: the case of most kinds."""


def nothing_follows_disappearance(contribution: Any) -> None:
    """Do nothing when one stops being visible: the case of most kinds."""


def nothing_goes_with_it(contribution: Any) -> None:
    """Delete nothing more with a draft: the case of most kinds."""


def its_text(contribution: Any) -> str:
    """Return what one says, as its readers see it: the case of most kinds."""
    return str(contribution.text)


def all_of_them(texts: Any) -> Any:
    """Return all texts of a queryset: of a kind with which the name of their author stands."""
    return texts


@dataclass(frozen=True)
class Part:
    """A piece of a contribution as a moderator reads it; ``before`` when a change replaces it.

    ``compared`` says how the two are set beside each other: by their words, as a list with commas,
    or as a whole (a name that was chosen).
    """

    label: str
    text: str
    before: str | None = None
    compared: Literal["words", "items", "whole"] = "words"


@dataclass(frozen=True)
class Searched:
    """What search looks through in a contribution: words as people read them, without marks."""

    title: str
    text: str


@dataclass(frozen=True)
class FreeField:
    """A field that people fill in with words of their own; checks look them over.

    Args:
        name: the column, and its name in the values of a revision.
        label: how it is called for its author.
        names_place: whether a street is what it asks for.
    """

    name: str
    label: Promise
    names_place: bool = False


@dataclass(frozen=True)
class Kind:
    """How one kind of contribution takes part in what all kinds share.

    Args:
        name: its name in the database.
        label: its word on the screen.
        model: its table.
        title: the line that names one of them in a list.
        parts: what a moderator reads, in order.
        revise: writes the values of a revision to the contribution, without saving it.
        revision_parts: what differs between two sets of values, the earlier one first, in order.
        on_published: follows, in the same transaction, when one becomes visible to all.
        on_unpublished: follows, in the same transaction, when one stops being so; without a
            ``published_at`` its only publication was undone.
        on_draft_deleted: deletes, in the same transaction, what hangs on a draft that goes.
        reviewed: whether moderators read it; an office's own texts are not reviewed.
        builds_trust: whether a published one counts towards trusting its author's next texts.
        said: what one says, of what everybody may read, for a quotation.
        search: the words that search finds it by, of what everybody may read; None where search
            does not look through this kind.
        has_page: whether everybody reads one on a page; a name stands beside texts alone.
        named: narrows a queryset of them to those with which the name of their author stands; None
            where it never does.
        free_fields: the fields whose words checks look over when it is handed in.
        words_beside: other words that its author filled in, in rows that hang on it.
        spoken: the fields whose words somebody reads aloud into a recording; without any, nobody
            can.
        near: the dossiers of texts on the site that say nearly the same, the nearest first; None
            where nobody looks for those. A worker asks it.
        translated_fields: the fields that are read in other languages; none where it never is.
    """

    name: str
    label: Promise
    model: type[Contribution]
    title: Callable[[Any], str]
    parts: Callable[[Any], list[Part]]
    revise: Callable[[Any, dict[str, Any]], None] | None = None
    revision_parts: Callable[[Any, dict[str, Any], dict[str, Any], "Names"], list[Part]] | None = (
        None
    )
    on_published: Callable[[Any, datetime.datetime], None] = nothing_follows_publication
    on_unpublished: Callable[[Any], None] = nothing_follows_disappearance
    on_draft_deleted: Callable[[Any], None] = nothing_goes_with_it
    reviewed: bool = True
    builds_trust: bool = True
    said: Callable[[Any], str] = its_text
    search: Callable[[Any], Searched] | None = None
    has_page: bool = True
    named: Callable[[Any], Any] | None = None
    free_fields: tuple[FreeField, ...] = ()
    words_beside: Callable[[Any], list[Part]] | None = None
    near: Callable[[Any], list[int]] | None = None
    spoken: tuple[str, ...] = ()
    translated_fields: tuple[FreeField, ...] = ()


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Declare a kind; called once at start-up, in the app's ``ready``."""
    if kind.name in _kinds and _kinds[kind.name].model is not kind.model:
        raise ValueError(f"Two kinds are called {kind.name}")
    _kinds[kind.name] = kind


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


def kind_of(thing: Contribution | Dossier) -> Kind:
    """Return the kind of a contribution, or of the one that a dossier belongs to."""
    return _kinds[thing.kind]


def contribution_of(dossier: Dossier) -> Contribution:
    """Return the contribution that a dossier belongs to."""
    found: Contribution = kind_of(dossier).model._default_manager.get(dossier=dossier)
    return found
