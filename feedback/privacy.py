"""What this app holds of people, and how it lets go of it."""

from django.utils.translation import gettext_lazy as _

from accounts.holdings import GONE, Holding, register, register_nothing
from contributions.privacy import office_holding, text_holding
from feedback.models import Experience, Remark, Response

HOLDINGS = (
    text_holding(Remark, _("What you told beside a figure"), words={"text": GONE}),
    office_holding(
        Response, _("Responses that you wrote for the office"), "heard", "doing", "who", "not_doing"
    ),
    Holding(
        Experience,
        _("Your answers to the questions beside a figure"),
        own=("person",),
        # It counts on, with the number of an emptied row.
        words={"browser": ""},
        secret=("browser",),
    ),
)
NOTHING = {"feedback.tally": "counts"}


def declare() -> None:
    """Declare it, at start-up."""
    register(*HOLDINGS)
    register_nothing(NOTHING)
