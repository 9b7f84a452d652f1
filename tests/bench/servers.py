"""Databases and servers that live as long as the measuring does."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

WORKERS = 2
THREADS = 4


@contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """Make an empty database on a server, yield its address, and drop it afterwards."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def environment(port: int, database_url: str, folder: str) -> dict[str, str]:
    """Return the environment of a site on this machine, as a real one would have it but for TLS.

    ``DEMO`` lets it start without TLS; nothing else of it touches what is measured.
    """
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "participatie.settings",
        "ENV_FILE": "",
        "SECRET_KEY": "only-for-measuring-" + "x" * 50,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DEMO": "1",
        "DATABASE_URL": database_url,
        "VAR_DIR": folder,
    }


def manage(env: dict[str, str], *arguments: str) -> None:
    """Run a management command of the site."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=env,
        check=True,
        stdout=subprocess.DEVNULL,
    )


class Server:
    """A granian that serves one of the two projects."""

    def __init__(self, env: dict[str, str], port: int, application: str, ready: str) -> None:
        self.port = port
        self.process = subprocess.Popen(
            [
                *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
                *("--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
                *("--no-access-log", "--log-level", "warning", application),
            ],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait(ready)

    def _wait(self, ready: str) -> None:
        for _attempt in range(150):
            try:
                if self.get(ready)[0] == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise SystemExit(f"The server on port {self.port} did not start.")

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Return the status and the bytes of one answer, as they went over the line."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def memory(self) -> int:
        """Return the bytes of memory of the largest worker (its resident set)."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return max(_resident(int(pid)) for pid in children.split())

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


@contextmanager
def serving(env: dict[str, str], port: int, application: str, ready: str) -> Iterator[Server]:
    """Serve a project until the block ends."""
    server = Server(env, port, application, ready)
    try:
        yield server
    finally:
        server.stop()
