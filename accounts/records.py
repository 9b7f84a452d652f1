"""Rows that are on the record: only ever added."""

from typing import Any, NoReturn, TypeVar

from django.db import models


class AppendOnly(Exception):
    """Raised where code tries to change or delete a row that is on the record."""


R = TypeVar("R", bound="Record")


class RecordQuerySet(models.QuerySet[R]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly(f"{self.model.__name__}: rows are never changed, add a new one.")

    def delete(self) -> NoReturn:
        raise AppendOnly(f"{self.model.__name__}: rows are never deleted.")


class Record(models.Model):
    """A row that code cannot change or delete; a trigger in the database stops everything else."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly(f"{type(self).__name__}: rows are never changed, add a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly(f"{type(self).__name__}: rows are never deleted.")
