"""The edition of all figures: a stamp that is another one when anything about them changes."""

from typing import ClassVar

from django.db import models


class Edition(models.Model):
    """One row, stamped by triggers alone: whoever changes a figure in any way makes a new edition.

    Drawings of figures are kept under its stamp, so that none is ever shown that is out of date.
    The stamp is drawn by lot: after a backup is put back, none of those given out since returns.
    """

    stamp = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager["Edition"]] = models.Manager()

    def __str__(self) -> str:
        return str(self.stamp)
