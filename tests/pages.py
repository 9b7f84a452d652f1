"""What somebody reads on a page: its words, without the marks around them."""

import html
import re

from django.http import HttpResponseBase

_TAGS = re.compile(r"<[^>]*>")


def words(response: HttpResponseBase) -> str:
    """Return the words of a page's main part, on one line."""
    page = response.content.decode()
    main = page.partition("<main")[2].partition("</main>")[0] or page
    return " ".join(html.unescape(_TAGS.sub(" ", f"<main{main}")).split())
