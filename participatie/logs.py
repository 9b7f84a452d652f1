"""Log lines hold ids and kinds, never texts, names or addresses of people."""

import time
import traceback
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.typing import EventDict, WrappedLogger

log = structlog.get_logger("participatie.requests")


def without_texts(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep of a line from Django or a library only what kind of line it is.

    Django's own lines hold paths, host names and e-mail addresses.
    """
    record = event.get("_record")
    if record is not None and record.name.startswith("django."):
        event["event"] = record.name
        event["status"] = getattr(record, "status_code", None)
    return event


def where_it_broke(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turn an exception into its kind and places in the code.

    What an exception says is left out: a database's message repeats the values of the row.
    """
    exc_info = event.pop("exc_info", None)
    if isinstance(exc_info, BaseException):
        error: BaseException | None = exc_info
    else:
        error = exc_info[1] if isinstance(exc_info, tuple) else None
    if error is not None:
        event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["at"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event


def configuration(*, json: bool) -> dict[str, Any]:
    """Return Django's LOGGING: one line per event, as JSON for machines or plain for a terminal."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    without_texts,
                    where_it_broke,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                ],
            }
        },
        "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["terminal"], "level": "INFO"},
        # Django brings handlers of its own, which print paths and mail to administrators.
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # Names the passkeys that people use.
            "fido2": {"level": "WARNING"},
        },
    }


class RequestLogMiddleware:
    """Writes one line per request, and gives every line of a request the same id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=uuid.uuid4().hex)
        start = time.monotonic()
        response = self.get_response(request)
        match = request.resolver_match
        log.info(
            "request",
            method=request.method,
            # The name of the address, not the address: that holds titles of texts.
            view=match.view_name if match else None,
            status=response.status_code,
            milliseconds=round((time.monotonic() - start) * 1000),
        )
        return response
