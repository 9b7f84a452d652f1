"""A small machine that translates, like LibreTranslate and DeepL: also with what is wrong.

What it says of a text is the text itself in capitals, but for the places in it.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Machine:
    """What it answers with, and what it was asked.

    Attributes:
        trouble: what is wrong: "html", "busy", "broken", "nothing", "slow", "drip", "wrong number",
            "quota", "key", "list", "redirect", "long", "lost"; empty for nothing.
        during: called while it works.
    """

    url: str = ""
    trouble: str = ""
    during: Callable[[], Any] | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """Return every text that it was sent."""
        return [text for one in self.asked for text in one["texts"]]


def said(text: str) -> str:
    return text.upper()


@contextmanager
def running() -> Iterator[Machine]:
    """Let one run on this machine for a while."""
    machine = Machine()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            is_deepl = self.path == "/v2/translate"
            texts = told["text"] if is_deepl else told["q"]
            key = self.headers.get("Authorization") if is_deepl else told.get("api_key")
            machine.asked.append({"path": self.path, "texts": texts, "key": key, **told})
            if machine.during:
                machine.during()
            _answer(self, machine.trouble, [said(text) for text in texts], is_deepl)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    machine.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield machine
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


#: What it makes of its own words, where those are wrong.
_WRONG_WORDS: dict[str, Callable[[list[str]], list[str]]] = {
    "wrong number": lambda texts: [*texts, "ONE MORE"],
    "long": lambda texts: [text * 11 for text in texts],
    "lost": lambda texts: [text.replace("[[0]]", "") for text in texts],
}
#: Whole answers, in place of the right ones: status, headers and body.
_WRONG_ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "html": (200, {"Content-Type": "text/html"}, b"<!doctype html><title>Log in</title>"),
    "list": (200, {}, b"[1, 2]"),
    "busy": (429, {"Retry-After": "600"}, b"{}"),
    "broken": (500, {}, b"Internal Server Error"),
    "quota": (456, {}, b'{"message": "Quota exceeded"}'),
    "key": (403, {}, b'{"error": "Invalid API key"}'),
    "redirect": (302, {"Location": "http://127.0.0.1:1/"}, b""),
}


def _answer(
    handler: BaseHTTPRequestHandler, trouble: str, texts: list[str], is_deepl: bool
) -> None:
    if trouble == "nothing":
        handler.close_connection = True
        return
    if trouble == "slow":
        time.sleep(1.5)
    texts = _WRONG_WORDS.get(trouble, list)(texts)
    rows = [{"detected_source_language": "NL", "text": text} for text in texts]
    right = json.dumps({"translations": rows} if is_deepl else {"translatedText": texts}).encode()
    status, headers, body = _WRONG_ANSWERS.get(trouble, (200, {}, right))
    handler.send_response(status)
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    _send(handler, body, slowly=trouble == "drip")


def _send(handler: BaseHTTPRequestHandler, body: bytes, *, slowly: bool) -> None:
    try:
        for piece in [bytes([byte]) for byte in body] if slowly else [body]:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(0.2 if slowly else 0)
    except OSError:
        # Whoever asked hung up: it took too long.
        handler.close_connection = True
