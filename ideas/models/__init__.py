from .answer import OfficialAnswer
from .comment import Comment
from .help import HelpMessage, HelpNotice, HelpOffer
from .initiative import Initiative, Progress
from .support import Support, has_support_of, supported_by
from .together import CoInitiator, Invitation

__all__ = [
    "CoInitiator",
    "Comment",
    "HelpMessage",
    "HelpNotice",
    "HelpOffer",
    "Initiative",
    "Invitation",
    "OfficialAnswer",
    "Progress",
    "Support",
    "has_support_of",
    "supported_by",
]
