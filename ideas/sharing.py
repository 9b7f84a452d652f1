"""Ways of sharing an initiative: plain addresses that say nothing about who shares it."""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from ideas.models import Initiative


@dataclass(frozen=True)
class Ways:
    """Where the buttons of the box lead; ``address`` is short and in no language yet."""

    address: str
    whatsapp: str
    mail: str


def ways_of_sharing(initiative: Initiative) -> Ways:
    """Return the ways to share an initiative, from the configured site: never the Host header."""
    address = settings.SITE_URL + reverse("short", args=[initiative.pk])
    words = {"title": initiative.title, "address": address}
    message = quote(_("Look at this idea for our street: “%(title)s” %(address)s") % words, safe="")
    subject = quote(initiative.title, safe="")
    return Ways(
        address=address,
        whatsapp=f"https://wa.me/?text={message}",
        mail=f"mailto:?subject={subject}&body={message}",
    )
