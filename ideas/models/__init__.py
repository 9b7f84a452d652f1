from .answer import OfficialAnswer
from .comment import Comment
from .initiative import Initiative, Progress
from .support import Support, has_support_of, supported_by

__all__ = [
    "Comment",
    "Initiative",
    "OfficialAnswer",
    "Progress",
    "Support",
    "has_support_of",
    "supported_by",
]
