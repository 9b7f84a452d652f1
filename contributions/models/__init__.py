from .act import AuthorAct
from .appeal import Appeal
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
from .translation import MachineMonth, NoMachine, Translation, TranslationRequest

__all__ = [
    "Appeal",
    "AuthorAct",
    "Channel",
    "Contribution",
    "ContributionQuerySet",
    "Decision",
    "Dossier",
    "HouseRule",
    "MachineMonth",
    "Mark",
    "Measure",
    "NoMachine",
    "Note",
    "Picture",
    "Report",
    "Revision",
    "SavedReply",
    "SearchDocument",
    "SearchSpelling",
    "ShownName",
    "Status",
    "Translation",
    "TranslationRequest",
    "WordList",
]
