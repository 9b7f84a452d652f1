"""How this site differs from allauth's defaults."""

import ipaddress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from . import devices, freshness, sealing
from .models import User
from .targets import is_own_path


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no type hints
    def is_safe_url(self, url: str) -> bool:
        return is_own_path(url)

    def get_login_stages(self) -> list[str]:
        return ["accounts.second_step.SecondStep"]

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign somebody in: the one place where every way in ends."""
        super().login(request, user)
        freshness.note(request)
        devices.begin(request, user)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address to count attempts by: the one our outermost proxy saw.

        What stands further left in X-Forwarded-For is a visitor's word. allauth's own version
        answers with an error page when the header holds fewer addresses than there are proxies.
        """
        seen_by = settings.ALLAUTH_TRUSTED_PROXY_COUNT
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        candidate = request.META.get("REMOTE_ADDR", "")
        if 0 < seen_by <= len(forwarded):
            candidate = forwarded[-seen_by].strip() or candidate
        if candidate.startswith("["):
            candidate = candidate[1:].partition("]")[0]
        elif candidate.count(":") == 1:
            # Some proxies add the port, which changes with every connection.
            candidate = candidate.partition(":")[0]
        try:
            return str(ipaddress.ip_address(candidate))
        except ValueError:
            # Whoever cannot be told apart shares one count.
            return "0.0.0.0"  # noqa: S104

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Keep allauth silent: the pages say in their own words what happened."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth adds the Host header, so that another spelling of it would start a new count.
        return str(credentials.get("email", "")).lower()


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no type hints
    """Keeps the secrets of apps and recovery codes unreadable in the database."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)
