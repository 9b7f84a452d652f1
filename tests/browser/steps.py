"""What people do on the site, in the words that they see there."""

import io
import re
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from tests.accounts.conftest import newest_code

TITLE = "A bench on our square"
TEXT = "There is nowhere to sit on our square, and my grandmother gets tired on her way home."


def photo() -> dict[str, Any]:
    """Return a picture as a telephone would hand it over."""
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "seagreen").save(out, "JPEG")
    return {"name": "square.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def press(page: Page, name: str) -> None:
    """Press a button or follow a link, by its words."""
    words = re.compile(rf"^\s*{re.escape(name)}")
    place = page.get_by_role("main")
    place.get_by_role("button", name=words).or_(place.get_by_role("link", name=words)).locator(
        "visible=true"
    ).first.click()


def heading(page: Page, name: str) -> None:
    """Expect to be on the page with this heading, its scripts ready if there are any."""
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def tell_what(page: Page) -> None:
    heading(page, "Share an idea")
    page.get_by_label("What is your idea?").fill(TITLE)
    page.get_by_label("Tell about it").fill(TEXT)


def tell_where(page: Page) -> None:
    heading(page, "Where is it?")
    page.get_by_label("In which neighbourhood?").select_option(label="Testwijk")
    page.get_by_label("gezond").check()


def tell_who(page: Page) -> None:
    heading(page, "Who are you?")
    page.get_by_label("Your name on screen").fill("Fatima")
    page.get_by_label("Your age").select_option("27-54")


def sign_in(page: Page, email: str = "fatima@buurten.example") -> None:
    """Sign in with a code, from the page that asks for an address."""
    heading(page, "Sign in")
    page.get_by_label("Your e-mail address").fill(email)
    press(page, "Send me a code")
    heading(page, "Type the code")
    page.get_by_label("Code from the e-mail").fill(newest_code(email))
    press(page, "Sign in")
