"""The mails that an account sends: plain text with a simple HTML version, nothing that tracks."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

# What may be asked for by name; each has three templates in accounts/mails/.
KINDS = (
    "sign_in_code",
    "address_code_old",
    "address_code_new",
    "address_changed",
    "password_changed",
    "leave_code",
    "confirm_code",
    # Says in one sentence which of the ways to sign in changed: ``what`` is a key of its template.
    "safety_changed",
)


def absolute(path: str) -> str:
    """Return a link from the configured site: a Host header is only what a stranger says."""
    return f"{settings.SITE_URL}{path}"


def compose(
    kind: str, *, to: str, language: str, context: Mapping[str, Any]
) -> EmailMultiAlternatives:
    """Return a mail in a language; ``kind`` is one of ``KINDS``."""
    if kind not in KINDS:
        raise ValueError(kind)
    return written(f"accounts/mails/{kind}", to=to, language=language, context=context)


def written(
    template: str, *, to: str, language: str, context: Mapping[str, Any]
) -> EmailMultiAlternatives:
    """Return a mail in a language.

    Args:
        template: where its three templates are, without ``_subject.txt``, ``.txt`` and ``.html``.
    """
    with translation.override(language):
        values = {
            "site_name": settings.SITE_NAME,
            "site_url": absolute("/"),
            "sign_in_url": absolute(reverse("account_login")),
            "safety_url": absolute(reverse("account_safety")),
            "language": language,
            "text_direction": "rtl" if translation.get_language_bidi() else "ltr",
            **context,
        }
        subject = render_to_string(f"{template}_subject.txt", values)
        message = EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=render_to_string(f"{template}.txt", values).strip() + "\n",
            to=[to],
            # Out-of-office replies to a code help nobody.
            headers={"Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string(f"{template}.html", values), "text/html")
    return message
