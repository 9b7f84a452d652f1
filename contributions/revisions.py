"""Changes to published texts, as their authors go on with them."""

from contributions.models import Contribution, Revision


def latest_change(contribution: Contribution) -> Revision | None:
    """Return the change that an author goes on with: the newest that did not become the text.

    A change that was not taken over still holds the author's words. One that is older than the
    text itself is overtaken.
    """
    newest = Revision.objects.filter(dossier=contribution.dossier_id).first()
    if newest is None or newest.state == Revision.State.ACCEPTED:
        return None
    return newest if newest.created_at > contribution.changed_at else None
