"""What waits for who translates, and for who reads what neighbours translated."""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from accounts.models import Role, User
from contributions.kinds import Kind, all_kinds
from contributions.models import Contribution, Translation
from contributions.scope import within_grants
from contributions.translations import Shown, shown_words, translated_kinds

PAGE_SIZE = 20
#: Who translates by a role.
TRANSLATORS = (Role.MESSENGER, Role.MODERATOR)

_NUMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_PLACE = re.compile(r"([1-9]\d{0,16})-([1-9]\d{0,17})", re.ASCII)
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)


@dataclass
class Row:
    """A text that waits for a translation, and what readers get of it until then."""

    contribution: Contribution
    title: str
    shown: Shown


@dataclass
class ToTranslate:
    """One page of the texts that wait for a translation into a language."""

    language: str
    languages: list[str]
    kind: Kind
    kinds: list[Kind]
    rows: list[Row] = field(default_factory=list)
    next_cursor: str = ""


def languages_of(person: User) -> list[str]:
    """Return the languages that somebody translates into by a role, in the order of the site."""
    granted = {grant.language for grant in person.current_grants if grant.role in TRANSLATORS}
    return [code for code, _name in settings.CONTENT_LANGUAGES if granted & {code, ""}]


def to_translate(person: User, *, language: str, kind: str, after: str) -> ToTranslate | None:
    """Return what waits for a translation, the newest first; None for who translates by no role.

    What was translated by somebody is left out, as long as it says what the text says.

    Args:
        language: one of theirs; with any other it is the first that they have.
        kind: the name of a kind; with any other it is the first there is.
        after: the number of the text after which the page begins.
    """
    languages = languages_of(person)
    if not languages:
        return None
    language = language if language in languages else languages[0]
    # What people search for comes first: it has most to read.
    kinds = sorted(
        (one for one in all_kinds() if one.translated_fields), key=lambda one: one.search is None
    )
    chosen = next((one for one in kinds if one.name == kind), kinds[0])
    reach = Q(pk__in=[])
    for role in TRANSLATORS:
        reach |= within_grants(person, role, read_in=language)
    texts: Any = chosen.model._default_manager
    found = texts.visible_to(AnonymousUser()).published().filter(reach).exclude(language=language)
    if _NUMBER.fullmatch(after):
        found = found.filter(pk__lt=int(after))
    rows = list(found.in_language(language).order_by("-pk")[: PAGE_SIZE + 1])
    page = rows[:PAGE_SIZE]
    listed = ToTranslate(language, languages, chosen, kinds)
    for row in page:
        shown = shown_words(row, language)
        if shown.is_translated and not shown.is_by_machine and not shown.is_outdated:
            continue
        listed.rows.append(Row(row, title_of(row), shown))
    if len(rows) > PAGE_SIZE:
        listed.next_cursor = str(page[-1].pk)
    return listed


def title_of(contribution: Contribution) -> str:
    """Return the first words of a text, to know it by in a list."""
    shown = shown_words(contribution, contribution.language)
    return next(iter(shown.original.values()), "")[:120]


@dataclass
class Proposed:
    """A neighbour's translation that waits, and the text that it is of."""

    translation: Translation
    contribution: Contribution
    title: str
    is_own: bool


@dataclass
class ToRead:
    rows: list[Proposed] = field(default_factory=list)
    next_cursor: str = ""


def to_read(person: User, *, after: str) -> ToRead:
    """Return the translations that wait for a moderator, the longest waiting first.

    Those of texts that are not on the site wait unseen.
    """
    waiting = Translation.objects.waiting().filter(
        within_grants(person, Role.MODERATOR, area="dossier__area"),
        dossier__kind__in=translated_kinds(),
    )
    if place := _PLACE.fullmatch(after):
        moment, number = _EPOCH + int(place[1]) * _MICROSECOND, int(place[2])
        waiting = waiting.filter(Q(made_at__gt=moment) | Q(made_at=moment, pk__gt=number))
    found = list(waiting.select_related("dossier")[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    texts = _texts_of(page)
    listed = ToRead(
        [
            Proposed(one, text, title_of(text), one.made_by_id == person.pk or text.is_of(person))
            for one in page
            if (text := texts.get(one.dossier_id)) is not None
        ]
    )
    if len(found) > PAGE_SIZE:
        last = page[-1]
        listed.next_cursor = f"{(last.made_at - _EPOCH) // _MICROSECOND}-{last.pk}"
    return listed


def _texts_of(translations: list[Translation]) -> dict[int, Contribution]:
    """Return the texts of translations that are on the site, by dossier; one query per kind."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for one in translations:
        by_kind[one.dossier.kind].append(one.dossier_id)
    found: dict[int, Contribution] = {}
    for kind in all_kinds():
        if kind.name not in by_kind:
            continue
        texts: Any = kind.model._default_manager
        rows = texts.visible_to(AnonymousUser()).published().filter(dossier__in=by_kind[kind.name])
        found.update({row.dossier_id: row for row in rows})
    return found


def has_some_to_read(person: User) -> bool:
    """Say whether a translation waits for a moderator (one query)."""
    return (
        Translation.objects.waiting()
        .filter(within_grants(person, Role.MODERATOR, area="dossier__area"))
        .exclude(made_by=person)
        .exists()
    )
