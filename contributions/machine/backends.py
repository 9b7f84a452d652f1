"""The machines that can be asked, and the one shape in which their trouble reaches us.

A machine's address is a setting: an administrator may point it at a server on this machine. What it
answers is a stranger's all the same: it is read up to a limit, in a time, and follows no redirects.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from contributions.models import TranslationRequest

Trouble = TranslationRequest.Trouble

CONNECT_SECONDS = 5
#: For all of an answer.
ANSWER_SECONDS = 30
MAX_BYTES = 2_000_000
#: A machine that names a time to wait is believed up to this.
LONGEST_WAIT = 24 * 3600


class InTrouble(Exception):
    """A machine gave no translation.

    Args:
        trouble: what went wrong.
        wait: seconds to wait that the machine itself named.
    """

    def __init__(self, trouble: Trouble, *, wait: int = 0) -> None:
        super().__init__(str(trouble.value))
        self.trouble = trouble
        self.wait = wait


class Backend(Protocol):
    """What each machine can do."""

    name: str

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Return the texts in another language, in their order; raises ``InTrouble``."""


@dataclass(frozen=True)
class LibreTranslate:
    """LibreTranslate, one's own or somebody else's: ``POST /translate``."""

    url: str
    key: str
    name = "libretranslate"

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        told = {
            "q": list(texts),
            "source": source,
            "target": target,
            "format": "text",
            **({"api_key": self.key} if self.key else {}),
        }
        answer = _post(f"{self.url}/translate", told)
        return _as_many(answer.get("translatedText"), texts)


@dataclass(frozen=True)
class DeepL:
    """DeepL: ``POST /v2/translate``, with the key in a header."""

    url: str
    key: str
    name = "deepl"

    #: Languages that it wants to know more about when it writes them.
    _TARGETS = {"en": "EN-GB", "pt": "PT-PT", "zh": "ZH-HANS"}

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        told = {
            "text": list(texts),
            "source_lang": source.upper(),
            "target_lang": self._TARGETS.get(target, target.upper()),
            "preserve_formatting": True,
        }
        headers = {"Authorization": f"DeepL-Auth-Key {self.key}"}
        rows = _post(f"{self.url}/v2/translate", told, headers).get("translations")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise InTrouble(Trouble.BROKEN)
        return _as_many([row.get("text") for row in rows], texts)


_BACKENDS: dict[str, type[LibreTranslate] | type[DeepL]] = {
    "libretranslate": LibreTranslate,
    "deepl": DeepL,
}


def the_backend() -> Backend | None:
    """Return the machine of the settings; None where there is none.

    Raises:
        ImproperlyConfigured: the settings name one that nobody knows.
    """
    name = settings.TRANSLATION_BACKEND
    if not name or name == "none":
        return None
    if name not in _BACKENDS:
        raise ImproperlyConfigured(f"TRANSLATION_BACKEND is none, {' or '.join(_BACKENDS)}.")
    return _BACKENDS[name](settings.TRANSLATION_URL.rstrip("/"), settings.TRANSLATION_KEY)


def _as_many(found: Any, texts: Sequence[str]) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise InTrouble(Trouble.BROKEN)
    if len(found) != len(texts):
        raise InTrouble(Trouble.WRONG_NUMBER)
    return found


def _post(
    address: str, told: dict[str, Any], headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the JSON object that an address answers with; raises ``InTrouble``."""
    until = time.monotonic() + ANSWER_SECONDS
    try:
        with requests.post(
            address,
            json=told,
            headers=headers,
            allow_redirects=False,
            stream=True,
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
        ) as response:
            if response.status_code != HTTPStatus.OK:
                raise _refusal(response)
            body = b""
            for part in response.iter_content(16_384):
                body += part
                if time.monotonic() > until:
                    raise InTrouble(Trouble.SLOW)
                if len(body) > MAX_BYTES:
                    raise InTrouble(Trouble.BROKEN)
        found = json.loads(body)
    except requests.Timeout as error:
        raise InTrouble(Trouble.SLOW) from error
    except requests.RequestException as error:
        # Its message repeats addresses and what was sent; nobody logs it.
        slow = "timed out" in str(error).lower()
        raise InTrouble(Trouble.SLOW if slow else Trouble.AWAY) from error
    except (ValueError, RecursionError) as error:
        raise InTrouble(Trouble.BROKEN) from error
    if not isinstance(found, dict):
        raise InTrouble(Trouble.BROKEN)
    return found


#: DeepL says with this that the characters which were paid for are used up.
_QUOTA_EXCEEDED = 456


def _refusal(response: requests.Response) -> InTrouble:
    status = response.status_code
    if status == _QUOTA_EXCEEDED:
        return InTrouble(Trouble.BUDGET)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        told = response.headers.get("Retry-After", "")
        wait = min(int(told), LONGEST_WAIT) if told.isascii() and told.isdigit() else 0
        return InTrouble(Trouble.BUSY, wait=wait)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return InTrouble(Trouble.BROKEN)
    if status >= HTTPStatus.BAD_REQUEST:
        return InTrouble(Trouble.REFUSED)
    return InTrouble(Trouble.BROKEN)
