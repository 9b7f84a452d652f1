"""Whether a page can offer to tell somebody on the device that they use."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings

from notifications.models import PushSubscription

register = template.Library()


@dataclass(frozen=True)
class PushHere:
    """What the script on the page needs to know.

    Attributes:
        key: the public key of this site.
        is_on: whether the person is told on this device already.
    """

    key: str
    is_on: bool


@register.simple_tag(takes_context=True)
def push_here(context: Any) -> PushHere | None:
    """Return what is needed to offer it; None where there is no push, or the device is shared."""
    request = context["request"]
    if not settings.PUSH_PRIVATE_KEY or getattr(request, "shared_device", None) is not None:
        return None
    own = PushSubscription.objects.filter(person=request.user)
    is_on = own.filter(device__session=request.session.session_key).exists()
    return PushHere(settings.PUSH_PUBLIC_KEY, is_on)
