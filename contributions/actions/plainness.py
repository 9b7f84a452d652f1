"""Texts of staff that are hard to read: they may be, with a reason that is kept."""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.actions.refusals import Refused
from contributions.models import Dossier, HardText
from contributions.plain.reading import Reading, one_text, read


class HardWithoutReason(Refused):
    message = _("This is hard to read. Make it plainer, or say why it must be so.")


def keep_why_hard(
    *,
    dossier: Dossier,
    act: str,
    parts: tuple[str, ...],
    language: str,
    why: str,
    by: User,
    now: datetime.datetime,
) -> HardText | None:
    """Keep why a text of staff is hard to read, in the transaction that places it.

    Args:
        dossier: of the text, or of what it hangs on.
        act: the act that places it, as on the record of acts ("ideas.answer").
        parts: its texts, in the order in which people read them.
        why: the reason; left out where the text is easy enough.

    Raises:
        HardWithoutReason: the text is hard to read, and nobody says why.
    """
    reading = read(one_text(*parts), language)
    if not reading.is_hard:
        return None
    if not why.strip():
        raise HardWithoutReason
    return _kept(dossier, act, reading, why.strip(), by, now)


def _kept(
    dossier: Dossier, act: str, reading: Reading, why: str, by: User, now: datetime.datetime
) -> HardText:
    return HardText.objects.create(
        dossier=dossier,
        act=act,
        language=reading.language,
        score=reading.score,
        words_in_sentence=reading.words_in_sentence,
        letters_in_word=reading.letters_in_word,
        reason=why,
        written_by=by,
        written_at=now,
    )
