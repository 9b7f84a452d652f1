"""Why an act on a contribution is refused, each in a sentence for the person who tried."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An act that cannot be done; its message is a sentence for the person who tried.

    Args:
        message: the sentence, where it depends on the case; else the one of the class.
    """

    message: Promise | str = _("This cannot be done.")

    def __init__(self, message: Promise | str | None = None) -> None:
        super().__init__(message)
        if message is not None:
            self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotPossibleNow(Refused):
    message = _("This can't be done any more: someone was just before you. Look at the page again.")


class NotAllowed(Refused):
    message = _("You may not do this.")


class HasAPart(NotAllowed):
    message = _(
        "You reported it, or somebody asked for another look at your decision. A colleague decides "
        "about it."
    )


class MeasureHolds(Refused):
    """Somebody may not write now; the message says until when and what they can do."""

    message = _(
        "You can't take part in writing any more. My page says why, and how to ask for another "
        "look."
    )


class AddressNotConfirmed(Refused):
    message = _("Confirm your e-mail address first. Then you can post.")


class TextChanged(Refused):
    message = _("The author changed the text while you read it. Read it again, then decide.")


class ReportedMeanwhile(TextChanged):
    message = _("Somebody reported this while you read it. Read the report, then decide.")


class EditedElsewhere(Refused):
    message = _(
        "This text was changed in another window or on another device while you wrote. Nothing "
        "of what you wrote is lost: compare the two, then choose."
    )


class ReasonMissing(Refused):
    message = _("Write to the author why, and choose the house rule.")


class AgeUnknown(Refused):
    message = _("Tell us your age group first.")


class ReadByColleague(Refused):
    """A colleague is reading it. Its message says who, and until when."""


class UndoneTooLate(Refused):
    message = _("You can undo a decision for ten minutes. Take a new decision instead.")


class GoneOnSince(Refused):
    message = _("This decision can't be undone: something else happened to the text since.")


class NotAReader(Refused):
    message = _("This colleague does not read texts of this area in this language.")


class NoteMissing(Refused):
    message = _("Write a note: what should they look at?")


class TooManyPictures(Refused):
    message = _("You can add five pictures at most.")
