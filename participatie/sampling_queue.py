"""What moderators do in the sample beside deciding: names are read, texts passed on."""

import datetime
import json
from pathlib import Path

from accounts.models import User
from contributions import actions as review
from contributions.kinds import contribution_of
from contributions.models import Dossier, ShownName
from contributions.review import can_review
from participatie.sampling_people import let_stand

FILE = Path(__file__).parent / "sample" / "notes.json"
#: Names that people showed since then still wait.
READ_UNTIL = datetime.timedelta(days=2)
HOUR = datetime.timedelta(hours=1)


def load(*, staff: dict[str, User], now: datetime.datetime) -> None:
    """Let the names of before be read, and pass on two texts that wait, each with a note."""
    for name in ShownName.objects.select_related("dossier").order_by("pk"):
        since = name.dossier.waiting_since
        if since is None or since > now - READ_UNTIL:
            continue
        for reader in (staff["moderator"], staff["moderator2"]):
            if can_review(reader, name):
                let_stand(name, reader, since + HOUR)
                break
    told = json.loads(FILE.read_text(encoding="utf-8"))
    moderator, colleague = staff["moderator"], staff["moderator2"]
    waiting = [
        dossier
        for dossier in Dossier.objects.waiting().filter(review=Dossier.Review.BEFORE)
        if can_review(moderator, contribution_of(dossier))
    ]
    for to, text in ((colleague, told["to_a_colleague"]), (None, told["to_the_office"])):
        found = next(
            (
                dossier
                for dossier in waiting
                if to is None or can_review(to, contribution_of(dossier))
            ),
            None,
        )
        if found is not None:
            waiting.remove(found)
            review.pass_on(dossier=found, by=moderator, text=text, to=to, now=now)
