"""The index of each database under one lookup: ``terms__match`` or ``pairs__match`` a condition.

PostgreSQL keeps the terms as a ``tsvector`` under a GIN index, SQLite in an FTS5 table that
triggers keep in step. Both are asked for whole terms, which Python made: neither knows languages.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler

Group = frozenset[str]
INDEX = "contributions_search_index"


@dataclass(frozen=True)
class Condition:
    """What the terms of a document must be.

    Args:
        groups: of each it holds one term at least.
        but_not: not of each of these groups one; none at all means that nothing is left out.
    """

    groups: tuple[Group, ...]
    but_not: tuple[Group, ...] = ()

    def for_postgresql(self) -> str:
        """Return it as a ``tsquery``."""
        wanted = _joined(self.groups, " | ", " & ", _for_postgresql)
        if self.but_not:
            return f"{wanted} & !({_joined(self.but_not, ' | ', ' & ', _for_postgresql)})"
        return wanted

    def for_sqlite(self) -> str:
        """Return it as an FTS5 query."""
        wanted = _joined(self.groups, " OR ", " AND ", _for_sqlite)
        if self.but_not:
            return f"({wanted}) NOT ({_joined(self.but_not, ' OR ', ' AND ', _for_sqlite)})"
        return wanted


def forget_traces() -> None:
    """Take out of the index what only says that a document was in it.

    SQLite keeps the terms of deleted documents in older parts of an FTS5 index until these are
    merged (https://sqlite.org/fts5.html, "The 'optimize' command").
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')")  # noqa: S608


def _joined(groups: Iterable[Group], either: str, both: str, quoted: Any) -> str:
    # In one order, so that the same search is the same statement.
    return both.join(f"({either.join(map(quoted, sorted(group)))})" for group in groups)


def _for_postgresql(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _for_sqlite(term: str) -> str:
    escaped = term.replace('"', '""')
    return f'"{escaped}"'


class TermsField(models.Field[Iterable[str], str]):
    """The terms of a document; written as a set of words without spaces, never read back."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> str:
        if connection.vendor == "postgresql":
            return "array_to_tsvector(string_to_array(%s, ' '))"
        return "%s"

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return " ".join(sorted(value))


@TermsField.register_lookup
class Match(Lookup[bool]):
    """Whether the terms of a document are as a condition says."""

    lookup_name = "match"
    prepare_rhs = False
    rhs: Condition

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [value]

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [*parameters, self.rhs.for_postgresql()]

    def as_sqlite(
        self, compiler: SQLCompiler, connection: Any, **context: Any
    ) -> tuple[str, list[Any]]:
        # One index holds both columns: no term is a pair, nor a pair a term.
        key = self.lhs.target.model._meta.pk
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        column = f"{alias}.{compiler.quote_name_unless_alias(key.column)}"
        found = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s"  # noqa: S608  (a constant)
        return f"{column} IN ({found})", [self.rhs.for_sqlite()]
