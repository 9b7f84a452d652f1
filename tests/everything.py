"""Runs the whole suite: on SQLite, again on PostgreSQL and Redis, then the browser's part.

    python -m tests.everything [--strict] [--twice] [pytest's own arguments]

What this machine cannot show is left out and named at the end; ``--strict`` makes that a failure.
What no database answers otherwise runs once where two answer, but with ``--twice``.
"""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import redis

from tests.conftest import chromium

POSTGRESQL = "postgres://postgres@127.0.0.1:5432/participatie"
REDIS = "redis://127.0.0.1:6379/0"
NO_TESTS = 5


def postgresql_answers(url: str) -> bool:
    """Say whether a server answers at an address; the database named there need not exist."""
    parts = urlsplit(url)
    try:
        with psycopg.connect(parts._replace(path="/postgres").geturl(), connect_timeout=3):
            return True
    except psycopg.OperationalError:
        return False


def server() -> str:
    """Return the address of a PostgreSQL that answers, in the database it came with, or nothing."""
    url = os.environ.get("TEST_DATABASE_URL") or POSTGRESQL
    parts = urlsplit(url)
    return parts._replace(path="/postgres").geturl() if postgresql_answers(url) else ""


def of_this_run(url: str) -> str:
    """Return the address of a database that no other run uses, nor left behind when it was killed.

    Without it a run meets the tables of another one, which may belong to somebody else.
    """
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path}_{os.getpid()}").geturl()


def redis_answers(url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(url, socket_connect_timeout=2).ping())
    except redis.RedisError:
        return False


def pytest(title: str, *arguments: str, **engines: str) -> bool:
    """Run pytest on some engines; say whether it passed."""
    print(f"\n=== {title} ===", flush=True)
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"TEST_DATABASE_URL", "TEST_REDIS_URL"}
    }
    command = [sys.executable, "-m", "pytest", "-n", "2", *arguments]
    code = subprocess.run(command, env={**environment, **engines}, check=False).returncode
    # Who asks for one test may ask for none on these engines; the whole suite is never empty.
    return code == 0 or (code == NO_TESTS and bool(arguments[2:]))


def main() -> int:
    arguments = sys.argv[1:]
    strict = "--strict" in arguments
    twice = "--twice" in arguments
    arguments = [one for one in arguments if one not in ("--strict", "--twice")]
    engines = {}
    left_out = []

    url = os.environ.get("TEST_DATABASE_URL") or POSTGRESQL
    if postgresql_answers(url):
        engines["TEST_DATABASE_URL"] = of_this_run(url)
    else:
        left_out.append("PostgreSQL does not answer (TEST_DATABASE_URL)")
    url = os.environ.get("TEST_REDIS_URL") or REDIS
    if redis_answers(url):
        engines["TEST_REDIS_URL"] = url
    else:
        left_out.append("Redis does not answer (TEST_REDIS_URL)")

    marks = "not browser and not postgresql and not redis"
    if "TEST_DATABASE_URL" in engines and not twice:
        marks += " and not either"
    passed = [pytest("SQLite and files", "-m", marks, *arguments)]
    if engines:
        names = {"TEST_DATABASE_URL": "PostgreSQL", "TEST_REDIS_URL": "Redis"}
        title = " and ".join(names[name] for name in engines)
        marks = "not browser"
        if "TEST_DATABASE_URL" not in engines:
            marks += " and not postgresql"
        if "TEST_REDIS_URL" not in engines:
            marks += " and not redis"
        passed.append(pytest(title, "-m", marks, *arguments, **engines))
    if chromium():
        passed.append(pytest("In Chromium", "-m", "browser", *arguments, **engines))
    else:
        left_out.append("there is no Chromium (apt-get install chromium, or TEST_CHROMIUM)")

    print()
    for reason in left_out:
        print(f"Left out: {reason}.")
    if not left_out:
        print("Nothing was left out.")
    return 0 if all(passed) and not (strict and left_out) else 1


if __name__ == "__main__":
    sys.exit(main())
