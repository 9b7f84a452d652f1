"""Signing in with somebody else's sign-in (OpenID Connect), where the settings name one.

Our own exchange, for what allauth's leaves out: a nonce, the signature whichever way the token
came, and claims that are thrown away before anything looks at them.
"""

from django.conf import settings


def is_offered() -> bool:
    """Say whether the settings name a provider."""
    return bool(settings.OPENID_ISSUER)


def shown_name() -> str:
    """Return how the button calls the provider, or nothing where there is none."""
    return settings.OPENID_NAME if is_offered() else ""
