"""Pages that are kept for a second, because they are the same for many who look.

A public page follows from what stands in the database and from few things about its reader. A view
says so with ``@kept_for_a_second``; what it drew is then given, for a second at most, to whoever
would have got the same (``KEPT_PAGE_SECONDS``; 0 keeps nothing). Each process keeps its own, in
memory. Nothing personal is kept: a reader's form token is put into its place with each answer.
"""

import re
import struct
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers

from notifications.unread import unread_shown

#: More pages than this are not kept at a time, so that odd addresses fill no memory.
PAGES_AT_MOST = 200

T = TypeVar("T")
View = Callable[..., HttpResponse]
#: Returns what about a signed-in reader changes a page; None keeps nothing for this reader.
FactsOfReader = Callable[..., Hashable | None]

_ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
_TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(?=")')


@dataclass
class _Place(Generic[T]):
    """Where one page is kept. Its lock lets one caller draw it anew while others wait for that."""

    thing: T
    until: float
    lock: threading.Lock = field(default_factory=threading.Lock)


class Shelf(Generic[T]):
    """What one process keeps, each thing for as long as the setting says."""

    def __init__(self) -> None:
        self._places: OrderedDict[Hashable, _Place[T]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: Hashable, make: Callable[[], tuple[T | None, Any]]) -> tuple[T | None, Any]:
        """Return what is kept under a key, or else what ``make`` returns, and keep that.

        Args:
            make: returns the thing to keep, or None where it may not be kept, and an answer. Its
                answer is returned too; it is None for what was kept.
        """
        with self._lock:
            place = self._places.get(key)
        if place is None:
            # What was never kept is not waited for: it may be something that never will be.
            return self._made(key, None, make)
        with place.lock:
            if time.monotonic() < place.until:
                return place.thing, None
            return self._made(key, place, make)

    def _made(
        self, key: Hashable, place: _Place[T] | None, make: Callable[[], tuple[T | None, Any]]
    ) -> tuple[T | None, Any]:
        # Counted from before the reading: what is shown is never older than the setting says.
        until = time.monotonic() + settings.KEPT_PAGE_SECONDS
        thing, answer = make()
        with self._lock:
            if thing is None:
                self._places.pop(key, None)
            elif place is not None:
                place.thing, place.until = thing, until
            else:
                self._places[key] = _Place(thing, until)
                while len(self._places) > PAGES_AT_MOST:
                    self._places.popitem(last=False)
        return thing, answer

    def clear(self) -> None:
        with self._lock:
            self._places.clear()


@dataclass(frozen=True)
class _Answer:
    """A whole answer, as it left for a visitor without an account."""

    content: bytes
    headers: dict[str, str]
    match: Any

    def give(self, request: HttpRequest) -> HttpResponse:
        request.resolver_match = self.match
        return HttpResponse(self.content, headers=self.headers)


#: Marks an answer that the middleware may keep.
_SAME_FOR_VISITORS = "is_same_for_visitors"

for_visitors: Shelf[_Answer] = Shelf()


class KeptPagesMiddleware:
    """Gives visitors without a cookie of ours what another one got less than a second ago.

    It stands outside what opens sessions and compresses, so that such an answer costs neither.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.KEPT_PAGE_SECONDS or not _may_share(request) or _is_known(request):
            return self.get_response(request)

        def make() -> tuple[_Answer | None, HttpResponseBase]:
            response = self.get_response(request)
            return _as_answer(request, response), response

        kept, made = for_visitors.take(_key(request), make)
        if made is None and kept is not None:
            return kept.give(request)
        response: HttpResponseBase = made
        return response


def _may_share(request: HttpRequest) -> bool:
    # htmx asks for parts; its answers are few and small.
    return request.method == "GET" and "HTTP_HX_REQUEST" not in request.META


def _is_known(request: HttpRequest) -> bool:
    """Say whether a request brings a cookie that says who asks, or a message that waits.

    A shared device has pages of its own, and keeps none.
    """
    cookies = request.META.get("HTTP_COOKIE", "")
    known = (settings.SESSION_COOKIE_NAME, "messages", settings.SHARED_DEVICE_COOKIE)
    return any(name in cookies for name in known)


def _key(request: HttpRequest) -> Hashable:
    meta = request.META
    return (
        request.is_secure(),
        meta.get("HTTP_HOST"),
        meta.get("PATH_INFO"),
        meta.get("QUERY_STRING"),
        _takes_gzip(request),
    )


def _takes_gzip(request: HttpRequest) -> bool:
    return bool(_ACCEPTS_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))


def _as_answer(request: HttpRequest, response: HttpResponseBase) -> _Answer | None:
    if (
        not isinstance(response, HttpResponse)
        or not getattr(response, _SAME_FOR_VISITORS, False)
        or response.cookies
        # "gzip;q=0" asks for none; Django compresses all the same.
        or (response.has_header("Content-Encoding") and not _takes_gzip(request))
    ):
        return None
    return _Answer(response.content, dict(response.headers), request.resolver_match)


# --- For who is signed in -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Pieces:
    """A page for signed-in readers, cut where each of them gets a form token of their own."""

    plain: tuple[bytes, ...]
    compressed: tuple[bytes, ...]
    content_type: str

    @classmethod
    def of(cls, response: HttpResponse) -> "_Pieces":
        plain = tuple(_TOKEN.split(response.content))
        return cls(plain, tuple(map(_deflated, plain)), response.headers["Content-Type"])

    def give(self, request: HttpRequest) -> HttpResponse:
        token = get_token(request).encode() if len(self.plain) > 1 else b""
        if not _takes_gzip(request):
            return HttpResponse(token.join(self.plain), content_type=self.content_type)
        response = HttpResponse(
            _gzip(self.plain, self.compressed, token), content_type=self.content_type
        )
        response.headers["Content-Encoding"] = "gzip"
        patch_vary_headers(response, ("Accept-Encoding",))
        return response


def _deflated(piece: bytes) -> bytes:
    """Compress a piece so that others can follow it: it refers to nothing outside itself."""
    compressor = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(piece) + compressor.flush(zlib.Z_FULL_FLUSH)


_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"


def _gzip(plain: tuple[bytes, ...], compressed: tuple[bytes, ...], token: bytes) -> bytes:
    """Join compressed pieces around a token into one gzip file (RFC 1951 and 1952).

    The token is stored as it is. Compressed together with words that somebody else can choose, its
    letters could be told from the length of the answer (the BREACH attack).
    """
    stored = b"\x00" + struct.pack("<HH", len(token), len(token) ^ 0xFFFF) + token
    check = size = 0
    for number, piece in enumerate(plain):
        if number:
            check, size = zlib.crc32(token, check), size + len(token)
        check, size = zlib.crc32(piece, check), size + len(piece)
    return b"".join(
        (_GZIP_HEADER, stored.join(compressed), _LAST_BLOCK, struct.pack("<II", check, size))
    )


for_readers: Shelf[_Pieces] = Shelf()


def kept_for_a_second(facts_of_reader: FactsOfReader) -> Callable[[View], View]:
    """Let a view's page be given again for a second to all for whom it would be the same.

    Only good answers (200) without a message are kept. For people with a role nothing is kept:
    their pages have more on them.

    Args:
        facts_of_reader: called as the view is, for a signed-in reader without a role. Returns all
            about this reader that changes the page, or None where that is too much to tell.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = request.user
            if (
                not settings.KEPT_PAGE_SECONDS
                or not _may_share(request)
                or _has_message(request)
                or settings.SHARED_DEVICE_COOKIE in request.COOKIES
                or (user.is_authenticated and user.current_grants)
            ):
                return view(request, *args, **kwargs)
            if not user.is_authenticated:
                response = view(request, *args, **kwargs)
                needs_token = "CSRF_COOKIE_NEEDS_UPDATE" in request.META
                is_new = request.session.is_empty()
                same = response.status_code == 200 and not needs_token and is_new
                setattr(response, _SAME_FOR_VISITORS, same)
                return response
            facts = facts_of_reader(request, *args, **kwargs)
            if facts is None:
                return view(request, *args, **kwargs)
            # It stands in the head of the page, which draws what was counted here.
            unread = unread_shown(request)

            def make() -> tuple[_Pieces | None, HttpResponse]:
                response = view(request, *args, **kwargs)
                good = response.status_code == 200
                # What the reader did elsewhere while it was drawn may stand on it.
                if not good or facts_of_reader(request, *args, **kwargs) != facts:
                    return None, response
                return _Pieces.of(response), response

            kept, made = for_readers.take((*_key_of_page(request), unread, facts), make)
            if made is None and kept is not None:
                return kept.give(request)
            drawn: HttpResponse = made
            return drawn

        return wrapped

    return decorate


def _key_of_page(request: HttpRequest) -> tuple[Hashable, ...]:
    return request.is_secure(), request.META.get("HTTP_HOST"), request.get_full_path()


def _has_message(request: HttpRequest) -> bool:
    return "messages" in request.COOKIES or "_messages" in request.session


def nothing_about(request: HttpRequest, *args: Any, **kwargs: Any) -> Hashable:
    """Say that a page is the same for all signed-in readers without a role."""
    return ()
