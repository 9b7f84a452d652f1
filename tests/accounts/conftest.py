import re
from collections.abc import Callable, Iterator

import celery
import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from areas.models import Area


@pytest.fixture(autouse=True)
def mails_leave_at_once() -> Iterator[None]:
    """Let the worker's part of these tasks happen where they are sent."""
    app = celery.current_app
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def the_hague(db: None) -> Area:
    return Area.objects.create(slug="den-haag", name="Den Haag", kind="municipality")


@pytest.fixture
def schilderswijk(the_hague: Area) -> Area:
    return Area.objects.create(
        slug="schilderswijk",
        name="Schilderswijk",
        kind="neighbourhood",
        parent=the_hague,
        accepts_contributions=True,
    )


@pytest.fixture
def rijswijk(db: None) -> Area:
    return Area.objects.create(slug="rijswijk", name="Rijswijk", kind="municipality")


@pytest.fixture
def resident(db: None) -> User:
    return User.objects.create_user("buur@example.org")


@pytest.fixture
def administrator(db: None) -> User:
    from accounts.actions import grant_role

    user = User.objects.create_user("beheer@example.org")
    grant_role(granted_by=None, user=user, role="administrator")
    return User.objects.get(pk=user.pk)


def newest_code(to: str) -> str:
    """Return the six digits in the newest mail to an address."""
    message = next(m for m in reversed(mail.outbox) if m.to == [to])
    found = re.search(r"^\d{6}$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found[0]


@pytest.fixture
def ask_for_code(client: Client) -> Callable[..., str]:
    """Ask for a code on the sign-in page and return the one that comes by mail."""

    def ask(email: str, query: str = "") -> str:
        response = client.post(f"/nl/account/inloggen/{query}", {"email": email})
        assert response.status_code == 302, response.content
        return newest_code(email)

    return ask


@pytest.fixture
def sign_in(client: Client, ask_for_code: Callable[..., str]) -> Callable[..., str]:
    """Sign in by code and return the path one arrives at."""

    def enter(email: str, query: str = "") -> str:
        code = ask_for_code(email, query)
        response = client.post("/nl/account/inloggen/code/", {"code": code})
        assert response.status_code == 302, response.content
        return str(response["Location"])

    return enter
