from .answer import WORKED_ON, OfficialAnswer
from .comment import Comment
from .department import Department
from .following import Milestone, MilestoneState, OfficeAct, ProgressReport
from .initiative import Initiative, Progress
from .support import Support, has_support_of, supported_by

__all__ = [
    "WORKED_ON",
    "Comment",
    "Department",
    "Initiative",
    "Milestone",
    "MilestoneState",
    "OfficeAct",
    "OfficialAnswer",
    "Progress",
    "ProgressReport",
    "Support",
    "has_support_of",
    "supported_by",
]
