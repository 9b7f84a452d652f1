"""Messages to phones and computers, by the push services of their browsers.

A browser names the address of its push service, and says so through a stranger's hands: it is gone
to as carefully as any other (``areas.fetching``). What is sent is encrypted for that browser alone
(RFC 8291) and signed with the site's key (RFC 8292).
"""

import json
import time
from collections import Counter
from functools import cache
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db.models import F
from django.utils import timezone, translation
from py_vapid import Vapid02
from pywebpush import WebPusher

from areas.fetching import Fetcher, NotAllowed, NotFetched
from notifications.kinds import About, NotificationKind
from notifications.models import Delivery, PushSubscription
from notifications.sending import Away, Never, NotNow

log = structlog.get_logger(__name__)

#: A push service keeps what a browser does not fetch for so long.
_KEPT_SECONDS = 24 * 3600
#: The site's signature is good for so long (RFC 8292, section 2: 24 hours at most).
_SIGNED_SECONDS = 12 * 3600
#: All of a batch takes no longer than this, and one answer no longer than that: so a batch is
#: through before it counts as lost (``notifications.models.delivery.LOST_AFTER``), also where
#: somebody set up slow services on purpose.
BATCH_SECONDS = 45
ANSWER_SECONDS = 5
#: So many silent services of one person are waited for in a batch: ten that are set up to say
#: nothing, with a name each, would take all of it, again and again, from everybody.
SILENT_AT_MOST = 2
#: A push service takes 4,096 bytes of what was encrypted (RFC 8030, section 7.2).
LONGEST_TITLE, LONGEST_SENTENCE, LONGEST_PATH = 120, 300, 500

_GONE = (404, 410)
_TOO_MANY, _BROKEN = 429, 500


@cache
def road() -> Fetcher:
    """Return how far is gone for a browser: to public addresses, by https at its own port."""
    return Fetcher(seconds=ANSWER_SECONDS, max_redirects=0, ports=(443,))


@cache
def _signer(key: str) -> Vapid02:
    return Vapid02.from_string(key)


def message_of(kind: NotificationKind, about: About, *, language: str, tag: str) -> bytes:
    """Return what a browser shows: a title, a sentence and where it leads; of a text, its title.

    Args:
        tag: the browser shows one message for it: the same one again takes the place of the first.
    """
    with translation.override(language):
        title = str(kind.subject) % about.values
        sentence = str(kind.sentence) % about.values
        told = {
            "title": _shortened(title, LONGEST_TITLE),
            "body": _shortened(sentence, LONGEST_SENTENCE),
            "path": about.path if len(about.path) <= LONGEST_PATH else "/",
            "tag": tag,
            "lang": language,
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
        }
    return json.dumps(told, ensure_ascii=False).encode()


def _shortened(words: str, longest: int) -> str:
    line = " ".join(words.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


class Pushing:
    """Carries a batch to push services; a ``notifications.sending.Courier``."""

    def __init__(self) -> None:
        self._until = time.monotonic() + BATCH_SECONDS
        #: Services that did not answer in this batch: nobody else waits for them in it.
        self._silent: set[str] = set()
        self._waited_for: Counter[int] = Counter()
        self._used: list[int] = []
        self._signed: dict[str, dict[str, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        PushSubscription.objects.filter(pk__in=self._used).update(last_used_at=timezone.now())

    def carry(self, delivery: Delivery, kind: NotificationKind, about: About) -> None:
        """Hand one over to all browsers of its reader.

        It went when one of them took it: whoever was told on their phone needs not be told again
        because a computer is switched off.

        Raises:
            Away: this batch took long enough.
            NotNow: no service took it now.
            Never: there is no browser left, or none that takes it.
        """
        if time.monotonic() > self._until:
            raise Away("slow")
        reader = delivery.notification.recipient
        # What is new and what took something lately comes before what is silent for long.
        lately = F("last_used_at").desc(nulls_first=True)
        browsers = list(PushSubscription.objects.filter(person=reader).order_by(lately, "-pk"))
        tag = f"n{delivery.notification_id}"
        message = message_of(kind, about, language=reader.language, tag=tag)
        outcomes = {self._hand_over(browser, message, tag) for browser in browsers}
        if "taken" in outcomes:
            return
        if "later" in outcomes:
            raise NotNow
        raise Never("refused" if "refused" in outcomes else "no browser left")

    def _hand_over(self, browser: PushSubscription, message: bytes, tag: str) -> str:
        """Return whether a browser's service took it: taken, later, refused or gone."""
        host = urlsplit(browser.endpoint).netloc
        if host in self._silent or self._waited_for[browser.person_id] >= SILENT_AT_MOST:
            return "later"
        try:
            body, headers = self._sealed(browser, message, tag)
            status = road().post(browser.endpoint, body, headers)
        except NotAllowed:
            # A name that leads elsewhere than when it was chosen: it is not gone to.
            log.warning("push_not_allowed", subscription=browser.pk)
            return "refused"
        except NotFetched:
            self._silent.add(host)
            self._waited_for[browser.person_id] += 1
            return "later"
        if status in _GONE:
            PushSubscription.objects.filter(pk=browser.pk, endpoint=browser.endpoint).delete()
            return "gone"
        if 200 <= status < 300:
            self._used.append(browser.pk)
            return "taken"
        if status == _TOO_MANY or status >= _BROKEN:
            return "later"
        # A redirect as well: it is not followed.
        log.warning("push_refused", subscription=browser.pk, status=status)
        return "refused"

    def _sealed(
        self, browser: PushSubscription, message: bytes, tag: str
    ) -> tuple[bytes, dict[str, str]]:
        """Return a message as it goes to one browser, and the headers that go with it."""
        keys = {"p256dh": browser.p256dh, "auth": browser.auth}
        told: Any = WebPusher({"endpoint": browser.endpoint, "keys": keys}).encode(message)
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(_KEPT_SECONDS),
            # The same once more, before it was fetched, takes the place of the first.
            "Topic": tag,
            **self._signature(browser.endpoint),
        }
        return told["body"], headers

    def _signature(self, endpoint: str) -> dict[str, str]:
        parts = urlsplit(endpoint)
        service = f"{parts.scheme}://{parts.netloc}"
        if service not in self._signed:
            claims = {
                "aud": service,
                "sub": settings.PUSH_CONTACT,
                "exp": int(time.time()) + _SIGNED_SECONDS,
            }
            self._signed[service] = dict(_signer(settings.PUSH_PRIVATE_KEY).sign(claims))
        return self._signed[service]
