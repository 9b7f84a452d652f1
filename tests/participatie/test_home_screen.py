"""The site on the home screen of a phone, without which an iPhone shows no messages."""

import io

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

pytestmark = pytest.mark.django_db


def test_a_phone_learns_what_the_site_is_called_and_finds_its_signs(client: Client) -> None:
    told = client.get("/site.webmanifest")

    assert told["Content-Type"] == "application/manifest+json"
    assert told.json()["name"] == settings.SITE_NAME
    assert told.json()["display"] == "standalone"
    for icon in told.json()["icons"]:
        picture = Image.open(io.BytesIO(client.get(icon["src"]).content))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
        # The corners, which a phone cuts off, hold nothing of the houses.
        assert picture.getpixel((0, 0)) == picture.getpixel((picture.width - 1, 0))


@pytest.mark.parametrize("size", ["0", "191", "4096"])
def test_no_other_size_is_drawn(client: Client, size: str) -> None:
    assert client.get(f"/icoon-{size}.png").status_code == 404


def test_every_page_says_where_it_stands(client: Client) -> None:
    page = client.get("/nl/").content.decode()

    assert '<link rel="manifest" href="/site.webmanifest">' in page
    assert '<link rel="apple-touch-icon" href="/icoon-180.png">' in page
