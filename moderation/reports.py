"""What was reported about a text, as a moderator reads it: no names, and no addresses."""

from dataclasses import dataclass, field

from contributions.models import Dossier, Mark, Report


@dataclass(frozen=True)
class Reports:
    """The reports about one text: those that wait, the oldest first, and how many there were.

    ``gone`` are those that nobody answered, since its author took the text away: it came back.
    """

    open: list[Report] = field(default_factory=list)
    gone: list[Report] = field(default_factory=list)
    upheld: int = 0
    kept: int = 0
    brigading: Mark | None = None


def reports_of(dossier: Dossier) -> Reports:
    """Return what was reported about a text, in three queries at most."""
    rows = list(Report.objects.filter(dossier=dossier).defer("email", "reporter", "token"))
    if not rows:
        return Reports()
    brigading = Mark.objects.filter(dossier=dossier, check_name=Mark.Check.BRIGADING).last()
    outcomes = [row.outcome for row in rows]
    return Reports(
        open=[row for row in rows if row.closed_at is None],
        gone=[row for row in rows if row.outcome == Report.Outcome.GONE],
        upheld=outcomes.count(Report.Outcome.UPHELD),
        kept=outcomes.count(Report.Outcome.KEPT),
        brigading=brigading,
    )
