"""What checks found in a text, as a moderator reads it beside the text."""

from dataclasses import dataclass, field

from django.utils.functional import Promise

from accounts.models import User
from contributions.kinds import kind_of
from contributions.models import Contribution, Dossier, Mark, Revision


@dataclass
class ShownMark:
    """All that one check found: pieces of text, a language, or other texts."""

    name: str
    label: Promise | str
    excerpts: list[str] = field(default_factory=list)
    others: list[Contribution] = field(default_factory=list)


def marks_of(dossier: Dossier, moderator: User) -> list[ShownMark]:
    """Return what was found in the text that is read: the change that waits, or the text itself.

    Another text is named only to who may read that one.
    """
    of_change = dossier.review == Dossier.Review.REVISION
    marks = dossier.marks.select_related("revision", "other")
    shown: dict[str, ShownMark] = {}
    for mark in sorted(marks, key=lambda one: (_ORDER[one.check_name], one.pk)):
        is_of_change = mark.revision is not None
        waits = is_of_change and mark.revision.state == Revision.State.WAITING  # type: ignore[union-attr]
        if (is_of_change and not waits) or (
            of_change and not is_of_change and mark.check_name != Mark.Check.BRIGADING
        ):
            continue
        other = _other(mark, moderator)
        if mark.other_id is not None and other is None:
            continue
        one = shown.setdefault(
            mark.check_name, ShownMark(mark.check_name, mark.get_check_name_display())
        )
        if mark.found:
            one.excerpts.append(mark.found)
        if other is not None:
            one.others.append(other)
    return list(shown.values())


_ORDER = {name: number for number, name in enumerate(Mark.Check.values)}


def _other(mark: Mark, moderator: User) -> Contribution | None:
    if mark.other is None:
        return None
    texts = kind_of(mark.other).model._default_manager
    found: Contribution | None = (
        texts.visible_to(moderator).filter(dossier=mark.other_id).first()  # type: ignore[attr-defined]
    )
    return found
