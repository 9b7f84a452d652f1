"""What this app holds of people, and how it lets go of it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.holdings import GONE, Holding, Leaving, register, register_nothing
from accounts.models import User
from contributions.deadlines import today
from contributions.privacy import office_holding, text_holding
from ideas.models import Comment, Initiative, OfficialAnswer, Support


def leave_supports(holding: Holding, person: User, leaving: Leaving) -> None:
    """Take a person's supports back where others can still give theirs; a crossing stays.

    Where the time for it is over the count is part of what was decided: the row stays there, with
    the number of an emptied person.
    """
    for initiative_pk in list(holding.rows(person).values_list("initiative", flat=True)):
        with transaction.atomic():
            initiative = Initiative.objects.locked().get(pk=initiative_pk)
            if not initiative.takes_support_on(today(leaving.now)):
                continue
            gone, _rows = Support.objects.filter(initiative=initiative, person=person).delete()
            if gone:
                initiative.support_count -= gone
                initiative.save(update_fields=["support_count"])


HOLDINGS = (
    text_holding(
        Initiative,
        _("Ideas that you shared"),
        words={"title": GONE, "slug": "", "text": GONE, "help_wanted": ""},
        # Nobody is shown the place of a text without an author's age.
        private={"address_line": "", "latitude": None, "longitude": None},
    ),
    text_holding(Comment, _("Comments that you wrote"), words={"text": GONE}),
    office_holding(OfficialAnswer, _("Answers that you wrote for the office"), "text"),
    Holding(Support, _("What you support"), own=("person",), leaves=leave_supports),
)
NOTHING = {"ideas.initiative_target_groups": "for whom an idea is meant"}


def declare() -> None:
    """Declare it, at start-up."""
    register(*HOLDINGS)
    register_nothing(NOTHING)
