"""What pages show of what people told: a talk's entries, whom to call, and how texts came in."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Count, QuerySet
from django.utils.functional import Promise

from accounts.models import Role, User
from accounts.sealing import Unreadable, unseal
from contributions.kinds import all_kinds, contribution_of, kind_of
from contributions.models import AssistedSession, Channel, Contribution, Status, Telling
from contributions.models.assisted import READ_AFTER_THE_TALK
from contributions.scope import within_grants

#: Fewer are not told: they could be somebody.
FEWEST_TOLD = 5
CALLS_SHOWN = 50


@dataclass(frozen=True)
class ToldEntry:
    """What one person told, in the list of a talk."""

    telling: Telling
    title: str
    status: str
    language: str

    @property
    def has_slip(self) -> bool:
        """Say whether the slip can be shown once more."""
        return bool(self.telling.slip_sealed)


def entries_of(session: AssistedSession) -> list[ToldEntry]:
    """Return what was told in a talk, the newest first (one query per kind)."""
    tellings = list(session.tellings.select_related("dossier"))
    texts = _texts_of(tellings)
    entries = []
    for telling in tellings:
        text = texts[telling.dossier_id]
        is_shown = text.status in READ_AFTER_THE_TALK and telling.claimed_at is None
        entries.append(
            ToldEntry(
                telling,
                kind_of(text).title(text) if is_shown else "",
                text.get_status_display() if is_shown else "",
                text.language,
            )
        )
    return entries


def _texts_of(tellings: list[Telling]) -> dict[int, Contribution]:
    kinds = {telling.dossier.kind for telling in tellings}
    return {
        text.dossier_id: text
        for kind in all_kinds()
        if kind.name in kinds
        for text in kind.model._default_manager.filter(
            dossier__in=[telling.dossier_id for telling in tellings]
        )
    }


def calls_for(person: User) -> QuerySet[Telling]:
    """Return what a person may ask about, the longest waiting first."""
    return Telling.objects.to_call_back(person).order_by("created_at", "pk")


@dataclass(frozen=True)
class Call:
    """Somebody to call: ``telephone`` is empty where none was given."""

    telling: Telling
    text: Contribution
    title: str
    said: str
    telephone: str

    @classmethod
    def of(cls, telling: Telling) -> Self:
        """Return all that a caller needs about one telling."""
        text = contribution_of(telling.dossier)
        kind = kind_of(text)
        return cls(telling, text, kind.title(text), kind.said(text), _number(telling))


def _number(telling: Telling) -> str:
    if not telling.telephone:
        return ""
    try:
        return unseal(telling.telephone)
    except Unreadable:
        return ""


def listed_calls(person: User) -> list[tuple[Telling, str]]:
    """Return whom a person may call, with the titles, as many as stand on a page."""
    tellings = list(
        calls_for(person).select_related("dossier", "session__held_by", "session__area")[
            :CALLS_SHOWN
        ]
    )
    texts = _texts_of(tellings)
    return [
        (telling, kind_of(telling.dossier).title(text))
        for telling in tellings
        if (text := texts[telling.dossier_id]).status in READ_AFTER_THE_TALK
    ]


@dataclass(frozen=True)
class Row:
    """How many texts of one kind are on the site, by the way they came in.

    A number is None where it is too small to be told.
    """

    label: Promise
    counts: list[int | None]


@dataclass(frozen=True)
class Channels:
    heads: list[str]
    rows: list[Row]


def channels(person: User) -> Channels:
    """Count the published texts within a person's grants of the programme office, by channel.

    One query per kind. Numbers from 1 to 4 are left out: they could be somebody.
    """
    scope = within_grants(person, Role.PROGRAMME_OFFICE)
    rows = []
    for kind in all_kinds():
        if not (kind.reviewed and kind.has_page):
            continue
        found = dict(
            kind.model._default_manager.filter(scope, status=Status.PUBLISHED)
            .order_by()
            .values_list("channel")
            .annotate(number=Count("pk"))
        )
        rows.append(Row(kind.label, [_told(found.get(channel, 0)) for channel in Channel.values]))
    return Channels([str(label) for label in Channel.labels], rows)


def _told(number: int) -> int | None:
    return number if number == 0 or number >= FEWEST_TOLD else None
