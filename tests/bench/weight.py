"""What a first visit to a page moves, compressed, all included but pictures that load later."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from tests.bench.servers import Server


class _Parts(HTMLParser):
    """Collects the addresses of what a page brings with it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "link" and known.get("rel") in ("stylesheet", "icon"):
            self.found.add(known.get("href") or "")
        elif tag == "script" or (tag == "img" and known.get("loading") != "lazy"):
            self.found.add(known.get("src") or "")
        elif tag == "use":
            # A drawing out of a file of drawings: the file comes whole.
            self.found.add((known.get("href") or "").partition("#")[0])


def first_visit(server: Server, path: str) -> int:
    """Return the bytes of the page and of all that it brings, as they go over the line."""
    compressed = {"Accept-Encoding": "gzip"}
    status, page = server.get(path)
    if status != 200:
        raise SystemExit(f"{path} answered {status}.")
    parts = _Parts()
    parts.feed(page.decode())
    total = len(server.get(path, compressed)[1])
    for address in parts.found:
        if address and not urlsplit(address).netloc:
            total += len(server.get(address, compressed)[1])
    return total
