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
from .plain import HardText, PolicyWord
from .report import Report
from .revision import Revision
from .search import SearchDocument, SearchSpelling
from .spoken import SpokenText
from .translation import MachineMonth, NoMachine, Translation, TranslationRequest

__all__ = [
    "Appeal",
    "AssistedSession",
    "AuthorAct",
    "Channel",
    "Contribution",
    "ContributionQuerySet",
    "Decision",
    "Dossier",
    "HardText",
    "HouseRule",
    "MachineMonth",
    "Mark",
    "Measure",
    "NoMachine",
    "Note",
    "Picture",
    "PolicyWord",
    "Report",
    "Revision",
    "SavedReply",
    "SearchDocument",
    "SearchSpelling",
    "ShownName",
    "SpokenText",
    "Status",
    "Telling",
    "Translation",
    "TranslationRequest",
    "WordList",
]
