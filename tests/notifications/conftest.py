from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from tests.notifications import happenings
from tests.notifications.mailbox import Mailbox


@pytest.fixture(autouse=True)
def kinds_of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    happenings.declared(monkeypatch.setitem)


@pytest.fixture(autouse=True)
def pages_of_mails(settings: Any) -> Iterator[None]:
    """Have the pages that mails lead to; and no quiet hours of the night in which a test runs."""
    with translation.override("en"):
        try:
            reverse("notifications:inbox")
        except NoReverseMatch:
            settings.ROOT_URLCONF = "tests.notifications.addresses"
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
