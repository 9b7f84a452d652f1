"""The cache in Redis, which pages can do without."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache

# allauth counts attempts to sign in under these keys. Without a count there is no limit, so these
# calls fail when Redis does: signing in waits, everything else goes on.
STRICT_PREFIX = "allauth:"
# After a failure nothing is asked for this many seconds, so that a page with ten cached parts does
# not wait ten times for a machine that does not answer.
PAUSE_SECONDS = 3.0

Answer = TypeVar("Answer")


class RedisCache(DjangoRedisCache):
    """Answers as an empty cache does while Redis is away, except to what limits sign-in."""

    _away_until = 0.0

    def _ask(self, key: str, ask: Callable[[], Answer], *, otherwise: Answer) -> Answer:
        if key.startswith(STRICT_PREFIX):
            return ask()
        if time.monotonic() < self._away_until:
            return otherwise
        try:
            return ask()
        except (redis.ConnectionError, redis.TimeoutError):
            self._away_until = time.monotonic() + PAUSE_SECONDS
            return otherwise

    def add(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        return self._ask(key, partial(super().add, key, value, timeout, version), otherwise=True)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask(key, partial(super().get, key, default, version), otherwise=default)

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        self._ask(key, partial(super().set, key, value, timeout, version), otherwise=None)

    def touch(
        self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return self._ask(key, partial(super().touch, key, timeout, version), otherwise=False)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._ask(key, partial(super().delete, key, version), otherwise=False)

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._ask(key, partial(super().has_key, key, version), otherwise=False)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        wanted = list(keys)
        return self._ask("", partial(super().get_many, wanted, version), otherwise={})

    def set_many(
        self,
        data: dict[str, Any],
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[str]:
        return self._ask(
            "", partial(super().set_many, data, timeout, version), otherwise=list(data)
        )

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        gone = list(keys)
        self._ask("", partial(super().delete_many, gone, version), otherwise=None)

    def clear(self) -> None:
        """Remove this site's keys alone: tasks wait in the same Redis.

        Fails when Redis does: who clears a cache wants to know.
        """
        client = self._cache.get_client(None, write=True)
        for key in client.scan_iter(match=f"{self.key_prefix}:*"):
            client.delete(key)
