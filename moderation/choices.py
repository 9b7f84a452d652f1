"""What a reader chose to see of the queue; it stays until they choose again."""

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, QueryDict

from accounts.models import User
from contributions.deadlines import today
from contributions.kinds import all_kinds
from contributions.models import Dossier
from contributions.models.dossier import DossierQuerySet

SESSION_KEY = "choices_of_queue"
NAMES = ("language", "kind", "area", "why", "mine", "late")
#: Why something waits, as a reader chooses it.
WHY = tuple(value for value in Dossier.Review.values if value != Dossier.Review.NONE)


@dataclass(frozen=True)
class Choices:
    """Which part of the queue somebody wants to see; what is empty narrows nothing.

    ``mine`` keeps what was passed on to them, ``late`` what is past its promised date or has it
    today.
    """

    language: str = ""
    kind: str = ""
    area: str = ""
    why: str = ""
    mine: str = ""
    late: str = ""

    @classmethod
    def read(cls, told: "QueryDict | dict[str, Any]") -> "Choices":
        """Return what was told, without what does not exist."""
        words = {name: str(told.get(name, ""))[:40] for name in NAMES}
        known = {
            "language": words["language"] in dict(settings.CONTENT_LANGUAGES),
            "kind": words["kind"] in {kind.name for kind in all_kinds() if kind.reviewed},
            "area": words["area"].isascii()
            and words["area"].isdecimal()
            and len(words["area"]) <= 18,
            "why": words["why"] in WHY,
            "mine": words["mine"] == "1",
            "late": words["late"] == "1",
        }
        return cls(**{name: words[name] for name in NAMES if known[name]})

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def of(self, dossiers: DossierQuerySet, reader: User, now: Any) -> DossierQuerySet:
        """Return the part of some dossiers that was chosen."""
        chosen = Q()
        for column, value in (
            ("language", self.language),
            ("kind", self.kind),
            ("area_id", self.area),
            ("review", self.why),
        ):
            if value:
                chosen &= Q(**{column: value})
        if self.mine:
            chosen &= Q(passed_to=reader)
        if self.late:
            chosen &= Q(promised_date__lte=today(now))
        return dossiers.filter(chosen)


def choices_of(request: HttpRequest) -> Choices:
    """Return what a reader chose: in this request, or else before, in this session."""
    if "all" in request.GET:
        request.session.pop(SESSION_KEY, None)
        return Choices()
    if any(name in request.GET for name in NAMES):
        chosen = Choices.read(request.GET)
        request.session[SESSION_KEY] = asdict(chosen)
        return chosen
    kept = request.session.get(SESSION_KEY)
    return Choices.read(kept) if isinstance(kept, dict) else Choices()
