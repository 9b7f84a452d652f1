from .act import AuthorAct
from .appeal import Appeal
from .assisted import AssistedSession, Telling
from .contribution import Channel, Contribution, ContributionQuerySet, Status
from .decision import Decision, HouseRule
from .dossier import Dossier
from .mark import Mark, WordList
from .measure import Measure
from .name import ShownName
from .note import Note, SavedReply
from .picture import Picture
from .report import Report
from .revision import Revision
from .search import SearchDocument, SearchSpelling

__all__ = [
    "Appeal",
    "AssistedSession",
    "AuthorAct",
    "Channel",
    "Contribution",
    "ContributionQuerySet",
    "Decision",
    "Dossier",
    "HouseRule",
    "Mark",
    "Measure",
    "Note",
    "Picture",
    "Report",
    "Revision",
    "SavedReply",
    "SearchDocument",
    "SearchSpelling",
    "ShownName",
    "Status",
    "Telling",
    "WordList",
]
