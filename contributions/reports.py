"""What somebody reports, as they see it, and what its receipt says about it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from contributions.kinds import all_kinds, kind_of
from contributions.models import (
    Contribution,
    Decision,
    Dossier,
    HouseRule,
    Picture,
    Report,
    ShownName,
)


@dataclass(frozen=True)
class Reported:
    """A text on the site, or one of its pictures, as it is quoted to who reports it."""

    contribution: Contribution
    picture: Picture | None = None

    @property
    def label(self) -> Promise:
        return kind_of(self.contribution).label

    @property
    def title(self) -> str:
        return str(getattr(self.contribution, "title", ""))

    @property
    def is_name(self) -> bool:
        return isinstance(self.contribution, ShownName)

    @property
    def page(self) -> str:
        """Where everybody reads it; empty for a name, which has no page of its own."""
        has_page = kind_of(self.contribution).has_page
        return self.contribution.get_absolute_url() if has_page else ""

    @property
    def text(self) -> str:
        return kind_of(self.contribution).said(self.contribution)


def name_beside(reported: Reported) -> ShownName | None:
    """Return the name that stands with a text, so that it can be reported too (one query)."""
    text = reported.contribution
    named = kind_of(text).named
    if named is None:
        return None
    author = named(type(text)._default_manager.filter(pk=text.pk)).values("author")
    names: Any = ShownName.objects.published()
    found: ShownName | None = names.filter(author__in=author).select_related("author").first()
    return found if found and _shows(found) else None


def _shows(name: ShownName) -> bool:
    author = name.author
    return author is not None and author.public_name != author.pseudonym


def _stands_with_a_text(name: ShownName) -> bool:
    """Say whether everybody can read a name somewhere: else it would tell who wrote what."""
    return _shows(name) and any(
        kind.named(_read_by_all(kind.model)).filter(author=name.author_id).exists()
        for kind in all_kinds()
        if kind.named is not None
    )


def _read_by_all(model: type[Contribution]) -> Any:
    texts: Any = model._default_manager
    return texts.visible_to(AnonymousUser()).published()


def on_the_site(dossier: Dossier) -> Contribution | None:
    """Return the text of a dossier where everybody may read it; a name where it stands with one."""
    found: Contribution | None = (
        _read_by_all(kind_of(dossier).model)
        .select_related("dossier", "area", "author")
        .filter(dossier=dossier)
        .first()
    )
    if isinstance(found, ShownName) and not _stands_with_a_text(found):
        return None
    return found


@dataclass(frozen=True)
class Outcome:
    """What became of a report, in plain words: never who decided, nor what was hidden."""

    sentences: tuple[str, ...]
    rule: HouseRule | None = None


def outcome_of(report: Report, *, is_back: bool = False) -> Outcome:
    """Return what a reporter reads about the outcome, in the language in force.

    Args:
        is_back: whether what was taken away stands on the site again.
    """
    if report.outcome == Report.Outcome.OPEN:
        return Outcome((_("A moderator still has to read it."),))
    if report.outcome == Report.Outcome.GONE:
        return Outcome((_("It was gone before a moderator read it: its author took it away."),))
    if report.outcome == Report.Outcome.KEPT or report.decision is None:
        return Outcome((_("A moderator read it. It may stay: it is not against the house rules."),))
    said = {
        Decision.Outcome.PICTURE_HIDDEN: _("A moderator took the picture off the site."),
        Decision.Outcome.WARNED: _("It stays on the site. Its author was told what is wrong."),
    }.get(Decision.Outcome(report.decision.outcome), _("A moderator took it off the site."))
    back = (_("Later we looked at it again. It is on the site now."),) if is_back else ()
    return Outcome((said, *back), report.decision.rule)


def is_back(report: Report) -> bool:
    """Say whether what a report took off the site stands there again."""
    decision = report.decision
    if decision is None or decision.outcome not in (
        Decision.Outcome.HIDDEN,
        Decision.Outcome.PICTURE_HIDDEN,
    ):
        return False
    if decision.picture_id is not None:
        shown = Picture.objects.shown().filter(pk=decision.picture_id)
        return shown.exists() and on_the_site(report.dossier) is not None
    return on_the_site(report.dossier) is not None


@dataclass(frozen=True)
class Receipt:
    """A report in a list of one's own."""

    report: Report
    label: Promise
    outcome: Outcome


def receipts_of(person: User, *, count: int) -> list[Receipt]:
    """Return the last reports that somebody made while signed in, in one query."""
    rows = Report.objects.receipts_of(person).select_related("dossier", "decision__rule")
    return [Receipt(row, kind_of(row.dossier).label, outcome_of(row)) for row in rows[:count]]
