from .answer import OfficialAnswer
from .comment import Comment
from .help import HelpMessage, HelpNotice, HelpOffer
from .initiative import Initiative, Progress
from .merger import Merger, has_doubles
from .support import Support, has_support_of, supported_by
from .together import CoInitiator, Invitation
from .update import Update, has_news

__all__ = [
    "CoInitiator",
    "Comment",
    "HelpMessage",
    "HelpNotice",
    "HelpOffer",
    "Initiative",
    "Invitation",
    "Merger",
    "OfficialAnswer",
    "Progress",
    "Support",
    "Update",
    "has_doubles",
    "has_news",
    "has_support_of",
    "supported_by",
]
