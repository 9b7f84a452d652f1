"""Chromium on a running site, for what only a browser can show."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import celery
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.freshness import FRESH_KEY
from accounts.models import User
from tests.conftest import chromium

Visit = Callable[..., Page]

ARGUMENTS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing leaves this machine, whatever a page asks for: map tiles too.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread, which Django takes for code that must not wait.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        instance = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield instance
        instance.close()


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[LiveServer]:
    """Run the site for the whole session; what its database holds is up to each test.

    The fixture of pytest-django empties the database after every test that uses it, also after
    those that only look.
    """
    running = LiveServer("localhost")
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def tasks_run_at_once() -> Iterator[None]:
    """Let the worker's part happen where it is asked for."""
    celery.current_app.conf.task_always_eager = True
    yield
    celery.current_app.conf.task_always_eager = False


def session_of(person: User) -> dict[str, Any]:
    """Return the cookie of somebody who is signed in."""
    client = Client()
    client.force_login(person)
    session = client.session
    # A moment ago: pages that ask once more who somebody is open too.
    session[FRESH_KEY] = time.time()
    session.save()
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}


def is_trouble(message: ConsoleMessage) -> bool:
    """Say whether a page complains; that the page itself says 404 or 422 is no complaint."""
    about_itself = message.text.startswith("Failed to load resource") and (
        message.location.get("url", "").split("#")[0] == (message.page and message.page.url)
        or " 422 " in message.text
    )
    # Without a network there are no tiles under the pin.
    is_map = "ERR_NAME_NOT_RESOLVED" in message.text
    return message.type in ("error", "warning") and not about_itself and not is_map


@pytest.fixture
def visit(browser: Browser, server: LiveServer) -> Iterator[Visit]:
    """Open a browser of one's own, and see to it that no page complained in it.

    ``person`` is signed in; ``javascript`` switches the scripts off; the rest is how the device
    is: its width, its colours.
    """
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if is_trouble(message):
            trouble.append(f"{message.text} ({message.location})")

    def begin(
        person: User | None = None,
        *,
        javascript: bool = True,
        width: int = 390,
        may_complain: bool = False,
        **device: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=server.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 760},
            **device,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if person:
            context.add_cookies([{**session_of(person), "url": server.url}])  # type: ignore[list-item]
        page = context.new_page()
        if not may_complain:
            page.on("console", note)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        return page

    yield begin
    for context in contexts:
        context.close()
    assert trouble == []
