"""An initiative that somebody tells to a trusted messenger, who writes it down."""

import datetime
import hashlib
import json
from dataclasses import replace
from typing import Any

from accounts.models import User
from contributions.actions import Entry, Slip, take_down
from contributions.models import AssistedSession, Channel, Dossier
from ideas.models import Initiative


def tell_initiative(
    *,
    session: AssistedSession,
    by: User,
    entry: Entry,
    values: dict[str, Any],
    now: datetime.datetime | None = None,
) -> Slip:
    """Keep an initiative as somebody told it: in the language and neighbourhood of the talk.

    Its author is nobody until the person takes it into an account. It has no place but the
    neighbourhood: the person's age is not known.

    Args:
        entry: what comes with the words; its digest is made here.
        values: title, text and theme.
    """

    def write() -> Initiative:
        initiative = Initiative(
            dossier=Dossier.objects.create(kind=Initiative.kind),
            entered_by=by,
            channel=Channel.ASSISTED,
            language=session.language,
            area=session.area,
            theme=values["theme"],
            text=values["text"],
        )
        initiative.set_title(values["title"])
        initiative.save()
        return initiative

    # Without name and number, which could be guessed from it.
    told = [values["title"], values["text"], values["theme"].pk]
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return take_down(
        session=session, by=by, entry=replace(entry, digest=digest), write=write, now=now
    )
