from .act import AuthorAct
from .contribution import Channel, Contribution, ContributionQuerySet, Status
from .decision import Decision, HouseRule
from .dossier import Dossier
from .picture import Picture
from .revision import Revision
from .search import SearchDocument, SearchSpelling

__all__ = [
    "AuthorAct",
    "Channel",
    "Contribution",
    "ContributionQuerySet",
    "Decision",
    "Dossier",
    "HouseRule",
    "Picture",
    "Revision",
    "SearchDocument",
    "SearchSpelling",
    "Status",
]
