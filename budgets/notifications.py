"""The kinds of notifications about one's own application for money."""

from collections.abc import Collection, Mapping

from django.utils.functional import lazystr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from budgets.models import Application, StageChange
from budgets.standing import standing_of
from contributions.notices import shortened
from notifications.kinds import About, Category, NotificationKind, Telling, register


def _changes(pks: Collection[int], language: str) -> Mapping[int, Telling]:
    """Return what applicants are told of where their application stands, as long as it does."""
    changes = StageChange.objects.filter(pk__in=pks).select_related("application__fund__council")
    return {
        change.pk: _telling(change, change.application, language)
        for change in changes
        if change.to_stage == change.application.stage
    }


def _telling(change: StageChange, application: Application, language: str) -> Telling:
    def tell(reader: User) -> About | None:
        if application.author_id != reader.pk:
            return None
        standing = standing_of(application, is_own=True)
        # What officers write is in the language of the application, as far as anybody knows.
        written = "" if application.language == language else application.language
        return About(
            path=application.get_absolute_url(),
            values={
                "title": application.title,
                "standing": str(standing.sentence),
                "next": str(standing.next_step) or gettext("On its page you see what comes next."),
            },
            quote=shortened(change.reason),
            quote_language=written if change.reason else "",
        )

    return tell


APPLICATION_MOVED = NotificationKind(
    name="application_moved",
    label=_("Your application for money goes on"),
    category=Category.ABOUT_YOU,
    concerns=_("Whoever applied for money."),
    subject=_("“%(title)s”: %(standing)s"),
    sentence=lazystr("%(next)s"),
    load=_changes,
    in_letter=False,
    sample={
        "title": _("A football tournament"),
        "standing": _("You get money from the council!"),
        "next": _("Do you do it for this amount? Then say that you agree."),
    },
)
REPORT_DUE = NotificationKind(
    name="report_due",
    label=_("Tell how it went with the money"),
    category=Category.ABOUT_YOU,
    concerns=_("Whoever got money and did not tell yet how it went."),
    subject=_("“%(title)s”: %(standing)s"),
    sentence=lazystr("%(next)s"),
    load=_changes,
    in_letter=False,
    sample={
        "title": _("A football tournament"),
        "standing": _("How did it go?"),
        "next": _("Tell it with a photo, three sentences and the receipts."),
    },
)


def declare() -> None:
    """Declare the kinds, at start-up."""
    register(APPLICATION_MOVED, REPORT_DUE)
