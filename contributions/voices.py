"""Who may read a text aloud into a recording, and which recordings stand with a text."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language

from accounts.models import Role, User
from areas.models import Area
from contributions.kinds import kind_of
from contributions.models import Contribution, SpokenText, Status


@dataclass(frozen=True)
class Voice:
    """A recording beside its text.

    Args:
        is_outdated: whether the text says something else since it was read aloud.
        is_translated: whether it is read in another language than it was written in.
    """

    spoken: SpokenText
    is_outdated: bool
    is_translated: bool


def digest_of(contribution: Contribution) -> str:
    """Return what tells the words of a text that are read aloud apart from any others.

    How they are divided into lines makes no difference: nobody hears it.
    """
    fields = kind_of(contribution).spoken
    words = "\n".join(" ".join(str(getattr(contribution, name)).split()) for name in fields)
    return hashlib.sha256(words.encode()).hexdigest()


def languages_to_read_in(contribution: Contribution, user: User | AnonymousUser) -> list[str]:
    """Return the languages in which somebody may read a text aloud; nothing where they may not.

    Its author in the language that it is written in, unless they are under 16: a voice tells who
    somebody is. A messenger in the languages of their grants that reach its neighbourhood.
    """
    if (
        not user.is_authenticated
        or not kind_of(contribution).spoken
        or contribution.status != Status.PUBLISHED
        or contribution.area_id is None
    ):
        return []
    if contribution.is_of(user):
        return [contribution.language] if _may_read_own(contribution, user) else []
    # Of the neighbourhood nothing is asked but its number.
    grants = user.grants_of(Role.MESSENGER, area=Area(pk=contribution.area_id))
    known = dict(settings.CONTENT_LANGUAGES)
    return sorted({grant.language for grant in grants if grant.language in known})


def _may_read_own(contribution: Contribution, user: User) -> bool:
    """Say whether somebody reads their own text aloud; one of an office, while they work there."""
    if contribution.author_id != user.pk or user.is_under_16:
        return False
    return kind_of(contribution).reviewed or user.has_role(
        Role.PROGRAMME_OFFICE, area=Area(pk=contribution.area_id)
    )


def with_voices(texts: Iterable[Contribution], user: User | AnonymousUser) -> None:
    """Put on texts which recordings stand with them, and whether the reader may make one.

    One query for all of them. First stands the recording in the language of the page, then the one
    in the text's own.
    """
    shown = {text.dossier_id: text for text in texts if text.pk and kind_of(text).spoken}
    if not shown:
        return
    found: dict[int, list[Voice]] = defaultdict(list)
    heard = SpokenText.objects.heard().filter(dossier__in=list(shown))
    for spoken in heard.select_related("made_by"):
        text = shown[spoken.dossier_id]
        found[spoken.dossier_id].append(
            Voice(
                spoken,
                is_outdated=spoken.words_digest != digest_of(text),
                is_translated=spoken.language != text.language,
            )
        )
    page_language = get_language() or ""
    for text in shown.values():
        voices = found[text.dossier_id]
        text.voices = sorted(voices, key=_order([page_language, text.language]))
        is_read_by_user = any(one.spoken.made_by_id == user.pk for one in voices)
        text.can_read_aloud = is_read_by_user or bool(languages_to_read_in(text, user))


def _order(wanted: Sequence[str]) -> Callable[[Voice], tuple[int, str]]:
    def place(voice: Voice) -> tuple[int, str]:
        language = voice.spoken.language
        return (wanted.index(language) if language in wanted else len(wanted), language)

    return place
