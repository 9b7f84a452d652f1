"""How names on screen take part in what all contributions share."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import naming
from accounts.models import User
from contributions import kinds
from contributions.actions.naming import lock_names, show_names
from contributions.kinds import FreeField, Kind, Part
from contributions.models import ShownName


def _show(name: ShownName, now: datetime.datetime) -> None:
    if name.author is not None:
        User.objects.filter(pk=name.author.pk).update(names_hidden_at=None)


def _hide(name: ShownName) -> None:
    """Let the pseudonym stand in its place, everywhere at once."""
    if name.author is not None:
        User.objects.filter(pk=name.author.pk).update(names_hidden_at=timezone.now())


def _parts(name: ShownName) -> list[Part]:
    parts = (
        Part(_("Name on screen"), name.display_name),
        Part(_("Name of the business"), name.business_name),
    )
    return [part for part in parts if part.text]


def _said(name: ShownName) -> str:
    """Return what everybody reads: the pseudonym, while the name itself does not show."""
    return name.author.public_name if name.author else ""


def _follow(person: User, now: datetime.datetime) -> None:
    show_names(person=person, now=now)


def declare() -> None:
    """Declare the kind, and that it follows what people fill in, at start-up."""
    kinds.register(
        Kind(
            name=ShownName.kind,
            label=gettext_lazy("name on screen"),
            model=ShownName,
            title=str,
            parts=_parts,
            on_published=_show,
            on_unpublished=_hide,
            builds_trust=False,
            said=_said,
            has_page=False,
            free_fields=(
                FreeField("display_name", gettext_lazy("Name on screen")),
                FreeField("business_name", gettext_lazy("Name of the business")),
            ),
        )
    )
    naming.register("names on screen", naming.Follower(lock=lock_names, changed=_follow))
