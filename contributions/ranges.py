"""Parts of a file: players of sound ask for them, and some play nothing without (RFC 9110, 14)."""

import re

from django.http import HttpRequest, HttpResponse

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def ranged(request: HttpRequest, content: bytes, content_type: str) -> HttpResponse:
    """Answer with a file, or with the one part of it that is asked for.

    What cannot be understood, and more than one part, is answered with the whole.

    Returns:
        200 with the whole, 206 with a part, or 416 where the part lies outside.
    """
    size = len(content)
    asked = _ONE.fullmatch(request.headers.get("Range", ""))
    first, last = asked.groups() if asked else ("", "")
    if not (first or last):
        response = HttpResponse(content, content_type=content_type)
    else:
        # Without a beginning, it is so many bytes of the end.
        begin = int(first) if first else max(0, size - int(last))
        end = min(int(last), size - 1) if first and last else size - 1
        if begin >= size or begin > end:
            response = HttpResponse(status=416, content_type=content_type)
            response["Content-Range"] = f"bytes */{size}"
        else:
            response = HttpResponse(content[begin : end + 1], status=206, content_type=content_type)
            response["Content-Range"] = f"bytes {begin}-{end}/{size}"
    response["Accept-Ranges"] = "bytes"
    return response
