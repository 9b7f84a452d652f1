"""Sample translations: by a contact person, a moderator, a neighbour who waits, and a machine."""

import datetime
from collections.abc import Mapping
from typing import Any

from accounts.models import User
from contributions import actions as review
from contributions.models import Translation
from contributions.translations import digest_of
from ideas.models import Initiative

MACHINE = "machine"
NEIGHBOUR = "buur"


def load(
    *,
    rows: list[dict[str, Any]],
    initiatives: Mapping[str, Initiative],
    staff: Mapping[str, User],
    neighbours: list[User],
    now: datetime.datetime,
) -> None:
    """Let ideas be read in other languages, each with who or what made that."""
    for row in rows:
        idea = Initiative.objects.select_related("dossier").get(
            pk=initiatives[row["initiative"]].pk
        )
        at = now - datetime.timedelta(days=int(row["days_ago"]))
        if row["by"] == MACHINE:
            # As one would leave it: the sample asks no machine.
            Translation.objects.create(
                dossier=idea.dossier,
                language=row["language"],
                words=row["words"],
                state=Translation.State.MACHINE,
                maker=Translation.Maker.MACHINE,
                made_at=at,
                source_digest=digest_of(idea),
            )
            continue
        by = (
            next(one for one in neighbours if not idea.is_of(one))
            if row["by"] == NEIGHBOUR
            else staff[row["by"]]
        )
        review.write_translation(
            contribution=idea,
            language=row["language"],
            words=row["words"],
            by=by,
            seen=digest_of(idea),
            now=at,
        )
