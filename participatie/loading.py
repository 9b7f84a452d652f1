"""Loads the first text of the pages."""

from pathlib import Path

from areas.loading import ensure_row, in_languages
from participatie.models import Page

FOLDER = Path(__file__).parent / "reference" / "pages"

#: The pages that every page links to, in the order of the footer.
SLUGS = ("zo-werkt-het", "huisregels", "privacy", "toegankelijkheid", "contact", "hulp")


def load_pages() -> int:
    """Load the pages in every language there is a file for; return how many were created.

    A file's first line is the title, as a heading of level one; the rest is the text.
    """
    created = 0
    for order, slug in enumerate(SLUGS, start=1):
        titles: dict[str, str] = {}
        bodies: dict[str, str] = {}
        for file in sorted((FOLDER / slug).glob("*.md")):
            heading, _newline, body = file.read_text(encoding="utf-8").partition("\n")
            titles[file.stem] = heading.removeprefix("# ").strip()
            bodies[file.stem] = body.strip()
        created += ensure_row(
            Page,
            key={"slug": slug},
            values={
                **in_languages("title", titles),
                **in_languages("body", bodies),
                "order": order,
            },
        )
    return created
