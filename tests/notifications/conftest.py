from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from tests.notifications import happenings
from tests.notifications.mailbox import Mailbox


@pytest.fixture
def happening(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let kinds of these tests' own happen, and have what is said of them in English."""
    happenings.declared(monkeypatch.setitem)
    with translation.override("en"):
        yield


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A mail server of this test's own."""
    box = Mailbox()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    box.up()
    try:
        yield box
    finally:
        box.down()
