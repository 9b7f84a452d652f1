"""Addresses of pictures, in the width that a page needs."""

from typing import Any, TypedDict
from uuid import UUID

from django import template
from django.urls import reverse

from contributions.models import Picture
from contributions.models.picture import WIDTHS

register = template.Library()


class Sources(TypedDict):
    """What an ``<img>`` needs: ``src``, ``srcset``, its own width and height, and a description."""

    src: str
    srcset: str
    width: int
    height: int
    alt: str


@register.simple_tag
def picture_sources(picture: Picture | dict[str, Any]) -> Sources:
    """Return the addresses of a picture, given as a row or as a list's ``lead_picture``."""
    if isinstance(picture, Picture):
        key, width, height, alt = (
            picture.key,
            picture.width,
            picture.height,
            picture.description,
        )
    else:
        # SQLite hands the key out without its dashes.
        key = UUID(str(picture["key"]))
        width, height, alt = picture["width"], picture["height"], picture["description"]
    widths = [size for size in WIDTHS if size < width]

    def address(size: int) -> str:
        return reverse("picture", kwargs={"key": key, "width": size})

    offered = [f"{address(size)} {size}w" for size in widths] + [f"{address(0)} {width}w"]
    return {
        "src": address(widths[-1] if widths else 0),
        "srcset": ", ".join(offered),
        "width": width,
        "height": height,
        "alt": alt,
    }
