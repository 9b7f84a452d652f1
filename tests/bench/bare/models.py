"""One table to read from and one to write to; `tests.bench.generator` makes them."""

from django.db import models


class Row(models.Model):
    text = models.CharField(max_length=100)

    class Meta:
        app_label = "bare"
        db_table = "bench_row"

    def __str__(self) -> str:
        return self.text


class Mark(models.Model):
    """What a POST leaves: the least that a support could be."""

    row = models.ForeignKey(Row, on_delete=models.CASCADE)
    person = models.IntegerField()

    class Meta:
        app_label = "bare"
        db_table = "bench_mark"
        constraints = [models.UniqueConstraint(fields=["row", "person"], name="bench_mark_once")]

    def __str__(self) -> str:
        return f"{self.row_id}/{self.person}"
