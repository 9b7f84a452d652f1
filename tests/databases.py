"""Test databases: migrated once for a checkout, copied for every process that asks for one.

To migrate an empty database takes most of a minute, and a run asks for two at a time. What was
migrated before is taken again as long as no migration and no pinned package has changed.
"""

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

HERE = Path(__file__).resolve().parent.parent
#: Where the migrated file lies, and the locks of whoever makes one.
KEPT = HERE / ".make" / "test-databases"


def _edition() -> str:
    """Return what a migrated database depends on, as a digest."""
    digest = hashlib.sha256()
    for path in (HERE / "requirements.txt", *sorted(HERE.glob("*/migrations/*.py"))):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    digest.update(repr(settings.INSTALLED_APPS).encode())
    return digest.hexdigest()[:16]


def _name_of_template() -> str:
    """Return the name of the migrated database of this checkout and role on a PostgreSQL server."""
    whose = f"{HERE} {connection.settings_dict['USER']}"
    return f"participatie_migrated_{hashlib.sha256(whose.encode()).hexdigest()[:12]}"


@contextmanager
def _alone(what: str) -> Iterator[None]:
    """Let one process at a time make what all take copies of."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def copied() -> Iterator[bool]:
    """Lay a copy of the migrated database where the tests look for theirs.

    Yields whether there was one. If not, the block makes the database, and it is kept for others.
    """
    kept = _Files() if connection.vendor == "sqlite" else _Templates()
    with _alone(connection.vendor):
        if kept.copy():
            yield True
        else:
            yield False
            kept.keep()


class _Files:
    """Copies of one file."""

    def __init__(self) -> None:
        self.kept = KEPT / f"{_edition()}.sqlite3"
        self.tested = Path(connection.creation._get_test_db_name())

    def copy(self) -> bool:
        if not self.kept.exists():
            return False
        shutil.copyfile(self.kept, self.tested)
        return True

    def keep(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for old in KEPT.glob("*.sqlite3"):
            old.unlink()
        half_copied = self.kept.with_suffix(".part")
        shutil.copyfile(self.tested, half_copied)
        half_copied.rename(self.kept)


class _Templates:
    """Copies of one database of a PostgreSQL server, whose comment tells its edition."""

    def __init__(self) -> None:
        self.template = _name_of_template()
        self.tested = connection.creation._get_test_db_name()

    def copy(self) -> bool:
        with self._server() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
                [self.template],
            )
            if cursor.fetchone() != (_edition(),):
                return False
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.tested}"')
            cursor.execute(f'CREATE DATABASE "{self.tested}" TEMPLATE "{self.template}"')
        return True

    def keep(self) -> None:
        # A database is copied only while nobody is connected to it.
        connection.close()
        connection.close_pool()
        with self._server() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.template}"')
            cursor.execute(f'CREATE DATABASE "{self.template}" TEMPLATE "{self.tested}"')
            cursor.execute(f"COMMENT ON DATABASE \"{self.template}\" IS '{_edition()}'")

    def _server(self) -> Any:
        return connection.creation.connection._nodb_cursor()
