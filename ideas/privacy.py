"""What this app holds of people, and how it lets go of it."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.holdings import GONE, Holding, Leaving, register, register_nothing
from accounts.models import User
from accounts.privacy import delete_rows
from contributions.deadlines import today
from contributions.privacy import office_holding, text_holding
from ideas.models import (
    CoInitiator,
    Comment,
    HelpMessage,
    HelpNotice,
    HelpOffer,
    Initiative,
    Invitation,
    Merger,
    OfficeAct,
    OfficialAnswer,
    ProgressReport,
    Support,
    Update,
)


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


def leave_conversations(holding: Holding, person: User, leaving: Leaving) -> None:
    """Delete the conversations of which a person is a side; without them nobody may read on."""
    HelpOffer.objects.filter(Q(helper=person) | Q(initiative__author=person)).delete()


def end_invitations(holding: Holding, person: User, leaving: Leaving) -> None:
    """End the open invitations by a person, and those to their address."""
    open_ones = Invitation.objects.filter(outcome="")
    for pk in list(
        open_ones.filter(Q(invited_by=person) | Q(email=person.email)).values_list("pk", flat=True)
    ):
        with transaction.atomic():
            locked = open_ones.select_for_update(no_key=True).filter(pk=pk).first()
            if locked is not None:
                locked.end(Invitation.Outcome.WITHDRAWN, leaving.now)


HOLDINGS = (
    # What hangs on an initiative comes before it: with its words it may lose its author.
    Holding(
        HelpOffer,
        _("Help that you offered"),
        own=("helper",),
        leaves=leave_conversations,
    ),
    Holding(
        HelpMessage,
        _("Messages that you sent"),
        own=("sender",),
        words={"text": ""},
        leaves=delete_rows,
    ),
    Holding(HelpNotice, _("Mails about messages to you"), own=("recipient",), leaves=delete_rows),
    Holding(
        Invitation,
        _("Invitations that you sent"),
        own=("invited_by",),
        numbers=("answered_by",),
        words={"email": ""},
        kept={"language": "of the mail"},
        # The address is somebody else's.
        secret=("key", "email"),
        leaves=end_invitations,
    ),
    Holding(CoInitiator, _("Ideas that you do together"), own=("user",), leaves=delete_rows),
    text_holding(Update, _("News that you wrote about an idea"), words={"text": GONE}),
    text_holding(
        Initiative,
        _("Ideas that you shared"),
        words={"title": GONE, "slug": "", "text": GONE, "help_wanted": ""},
        # Nobody is shown the place of a text without an author's age.
        private={"address_line": "", "latitude": None, "longitude": None},
    ),
    text_holding(Comment, _("Comments that you wrote"), words={"text": GONE}),
    office_holding(OfficialAnswer, _("Answers that you wrote for the office"), "text"),
    office_holding(ProgressReport, _("Reports that you wrote for the office"), "text"),
    Holding(
        OfficeAct,
        _("What you did for the office"),
        own=("by",),
        kept={"text": "words of the office"},
    ),
    Holding(
        Merger,
        _("Doubles that you joined for the office"),
        own=("made_by",),
        numbers=("undone_by",),
        kept={"reason": "words of the office"},
    ),
    Holding(Support, _("What you support"), own=("person",), leaves=leave_supports),
)
NOTHING = {
    "ideas.initiative_target_groups": "for whom an idea is meant",
    "ideas.milestone": "words of the office",
    "ideas.department": "words of the office",
}


def declare() -> None:
    """Declare it, at start-up."""
    register(*HOLDINGS)
    register_nothing(NOTHING)
