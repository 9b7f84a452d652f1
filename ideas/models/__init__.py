from .answer import WORKED_ON, OfficialAnswer
from .comment import Comment
from .department import Department
from .following import Milestone, MilestoneState, OfficeAct, ProgressReport
from .help import HelpMessage, HelpNotice, HelpOffer
from .initiative import Initiative, Progress
from .merger import Merger, has_doubles
from .support import Support, has_support_of, supported_by
from .together import CoInitiator, Invitation
from .update import Update, has_news

__all__ = [
    "WORKED_ON",
    "CoInitiator",
    "Comment",
    "Department",
    "HelpMessage",
    "HelpNotice",
    "HelpOffer",
    "Initiative",
    "Invitation",
    "Merger",
    "Milestone",
    "MilestoneState",
    "OfficeAct",
    "OfficialAnswer",
    "Progress",
    "ProgressReport",
    "Support",
    "Update",
    "has_doubles",
    "has_news",
    "has_support_of",
    "supported_by",
]
