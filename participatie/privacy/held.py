"""What the top floor holds of people: their take-outs, their departure, and the admin's log."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.holdings import (
    GONE,
    Holding,
    Leaving,
    register,
    register_nothing,
)
from accounts.models import User
from ideas.models import Initiative
from participatie.messenger_models import MessengerAnswer, MessengerRequest
from participatie.posters.making import forget
from participatie.posters.models import Poster
from participatie.privacy.models import Departure, TakeOut
from participatie.shared_devices.models import SharedDevice


def delete_take_outs(holding: Holding, person: User, leaving: Leaving) -> None:
    """Delete a person's take-outs with their files; one that is being made finds no row to end."""
    for take_out in holding.rows(person):
        with transaction.atomic():
            TakeOut.objects.filter(pk=take_out.pk).delete()
        if take_out.path:
            default_storage.delete(take_out.path)


def _posters_about(person: User) -> QuerySet[Poster]:
    written = Initiative.objects.filter(author=person).order_by()
    return Poster.objects.filter(
        subject=Initiative.kind, subject_pk__in=written.values_list("pk", flat=True)
    )


def _forget_posters(holding: Holding, person: User, leaving: Leaving) -> None:
    """Delete the sheets about a person's texts, also of those that stay: they are made again."""
    forget(holding.rows(person))


def _entries_about(person: User) -> QuerySet[LogEntry]:
    kind = ContentType.objects.get_for_model(User)
    return LogEntry.objects.filter(content_type=kind, object_id=str(person.pk))


HOLDINGS = (
    Holding(
        TakeOut,
        _("Files with your data that you asked for"),
        own=("person",),
        words={"path": ""},
        kept={"language": "of the note in the file; goes with the row"},
        secret=("key", "path"),
        leaves=delete_take_outs,
    ),
    Holding(
        SharedDevice,
        _("Shared devices that you started"),
        own=("started_by",),
        numbers=("ended_by",),
        words={"name": ""},
        # Keys of browsers and of drafts, and the hash of a code.
        secret=("key_digest", "code", "draft_key"),
        ends=SharedDevice.end_all_of,
    ),
    Holding(Departure, _("That you left"), own=("person",)),
    Holding(
        MessengerAnswer,
        _("What you told the programme office as a contact person"),
        own=("person",),
        words={"text": ""},
        kept={"language": "a code, of words that are gone"},
    ),
    Holding(
        MessengerRequest,
        _("Questions that you asked contact persons"),
        own=("written_by",),
        kept={
            "text": "words of the office, written in its name",
            "language": "a code",
            "languages": "codes",
        },
    ),
    Holding(
        Poster,
        _("Posters and cards about your initiatives"),
        through=_posters_about,
        kept=dict.fromkeys(("subject", "languages"), "goes with the row"),
        secret=("digest", "path"),
        leaves=_forget_posters,
    ),
    Holding(
        LogEntry,
        _("What administrators changed in your account"),
        numbers=("user",),
        through=_entries_about,
        words={"object_repr": GONE, "change_message": ""},
        kept={"object_id": "the number of an emptied row"},
    ),
)
NOTHING = {
    "participatie.page": "words of the office",
    "participatie.messengerrequest_areas": "where the office asks something",
    "participatie.postervisit": "counts by day, of nobody in particular",
}


def declare() -> None:
    """Declare it, at start-up."""
    register(*HOLDINGS)
    register_nothing(NOTHING)
