"""What an author is told before sending a text: what in it may delay it, and where help is."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from contributions.checks import Found
from contributions.looking_over import look_over_text, that_delay
from contributions.models import Contribution, Mark, Status

Check = Mark.Check

_SENTENCES: dict[str, Promise] = {
    Check.TELEPHONE: gettext_lazy("This looks like a telephone number. Everybody can read it."),
    Check.EMAIL: gettext_lazy("This looks like an e-mail address. Everybody can read it."),
    Check.IBAN: gettext_lazy("This looks like a bank account number. Everybody can read it."),
    Check.BSN: gettext_lazy(
        "There is a number in it that may be a citizen service number (BSN). Never show that "
        "number to others."
    ),
    Check.ADDRESS: gettext_lazy(
        "This looks like the address of a house. Everybody can read who lives there."
    ),
    Check.LINK: gettext_lazy("This looks like a link. A moderator looks first where it leads."),
}
#: Sent again with it, a text was looked over by its author: it names what they were told.
FIELD = "looked_over"


@dataclass(frozen=True)
class Advice:
    """One thing to look at: in which field, which words, and why."""

    label: Promise | str
    excerpt: str
    sentence: str


@dataclass(frozen=True)
class LookedOver:
    """What checks found in a text that is not sent yet.

    Args:
        found: all of it, in the order of the checks.
    """

    found: list[Found]

    @property
    def delaying(self) -> list[Found]:
        """Return what its author can take out, so that nobody has to read it first."""
        return [one for one in that_delay(self.found) if one.check != Check.HELP]

    @property
    def advice(self) -> list[Advice]:
        return [Advice(one.label, _shown(one), _sentence(one)) for one in self.delaying]

    @property
    def names(self) -> str:
        """Return what the author was told of, for the form to say when it comes back."""
        return " ".join(dict.fromkeys(one.check for one in self.delaying))

    @property
    def asks_for_help(self) -> bool:
        return any(one.check == Check.HELP for one in self.found)

    @property
    def checks(self) -> set[str]:
        return {one.check for one in self.found}

    def is_known(self, request: HttpRequest) -> bool:
        """Say whether a form comes from somebody who was told all that is found in it."""
        told = set(request.POST.get(FIELD, "").split())
        return {one.check for one in self.delaying} <= told


def looked_over(contribution: Contribution) -> LookedOver:
    """Look over a text that its author has not sent in yet, or sends in again."""
    return LookedOver(look_over_text(contribution))


def was_looked_over(request: HttpRequest, contribution: Contribution) -> bool:
    """Say whether the author of a draft knows what may delay it, in the words that are kept."""
    kept: Contribution = type(contribution)._default_manager.get(pk=contribution.pk)
    return looked_over(kept).is_known(request)


def before_sending(contribution: Contribution) -> LookedOver | None:
    """Look over a text that its author's page sends in; nothing where it was sent already."""
    if contribution.status in (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN):
        return looked_over(contribution)
    return None


def _shown(found: Found) -> str:
    return "" if found.check in (Check.LANGUAGE, Check.BSN) else found.excerpt


def _sentence(found: Found) -> str:
    if found.check != Check.LANGUAGE:
        return str(_SENTENCES[found.check])
    return _(
        "These words look like %(language)s, and another language was chosen. With the right "
        "language the right moderator reads it."
    ) % {"language": get_language_info(found.excerpt)["name_translated"]}


def page_after_sending(contribution: Contribution, otherwise: str) -> str:
    """Return the page to which sending a text leads: the one about help, where it asks for that."""
    marks = Mark.objects.filter(dossier=contribution.dossier_id, check_name=Check.HELP)
    if marks.exists():
        return reverse("contributions:where_help_is", args=[contribution.dossier_id])
    return otherwise
