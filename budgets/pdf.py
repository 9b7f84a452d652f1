"""A PDF drawn as one picture, in a process of its own: ``python -m budgets.pdf``.

PDFium is not made for threads, and a PDF of a few hundred bytes can ask for hours of drawing or
all memory. What goes wrong in there costs one process, and never the site. Nothing of Django is
loaded: it starts in a fraction of a second.
"""

import io
import resource
import subprocess
import sys
from pathlib import Path

MAX_PAGES = 5
#: Width in pixels in which a page is drawn: its small print can be read.
PAGE_WIDTH = 1240
#: A page longer than this many times its width is no page that anybody prints.
LONGEST_PAGE = 3

MAX_SECONDS = 10
MAX_MEMORY = 1024 * 1024 * 1024

TOO_MANY_PAGES = 3
UNREADABLE = 4


class Unreadable(Exception):
    """A PDF that cannot be drawn: broken, protected, endless or no page at all."""


class TooManyPages(Unreadable):
    """A PDF of more than five pages."""


def draw_pages(data: bytes) -> bytes:
    """Return the pages of a PDF under each other, as a WebP picture.

    Raises:
        TooManyPages, Unreadable: it cannot be drawn, or takes too long or too much.
    """
    try:
        child = subprocess.run(  # noqa: S603  (nothing of it comes from outside but its input)
            [sys.executable, "-m", "budgets.pdf", str(MAX_SECONDS)],
            input=data,
            capture_output=True,
            # The processor's time is limited inside; this is for a machine that is very busy.
            timeout=MAX_SECONDS * 3,
            cwd=Path(__file__).parent.parent,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable from error
    if child.returncode == TOO_MANY_PAGES:
        raise TooManyPages
    if child.returncode or not child.stdout:
        raise Unreadable
    return child.stdout


def _draw(data: bytes) -> bytes:
    import pypdfium2 as pdfium
    from PIL import Image

    def page_of(page: pdfium.PdfPage) -> Image.Image:
        width, height = page.get_size()
        if width <= 0 or height <= 0 or height > width * LONGEST_PAGE:
            raise Unreadable
        drawn: Image.Image = page.render(scale=PAGE_WIDTH / width, may_draw_forms=False).to_pil()
        return drawn.convert("RGB").resize((PAGE_WIDTH, round(PAGE_WIDTH * height / width)))

    with pdfium.PdfDocument(data) as document:
        if len(document) > MAX_PAGES:
            raise TooManyPages
        pages = [page_of(document[number]) for number in range(len(document))]
    whole = Image.new("RGB", (PAGE_WIDTH, sum(page.height for page in pages)), "white")
    top = 0
    for page in pages:
        whole.paste(page, (0, top))
        top += page.height
    out = io.BytesIO()
    whole.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()


def main(seconds: int) -> int:
    """Draw what comes in, within so many seconds; the exit code says what was wrong with it."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        picture = _draw(sys.stdin.buffer.read())
    except TooManyPages:
        return TOO_MANY_PAGES
    except Exception:
        # Whatever it is, whoever sent it reads the same sentence.
        return UNREADABLE
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
