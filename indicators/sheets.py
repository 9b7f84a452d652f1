"""Files for a spreadsheet, whose cells are words and numbers and never formulas."""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import translation

#: A cell that begins with one of these is a formula to a spreadsheet.
_BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """Return a cell that a spreadsheet shows as it is; numbers stay numbers."""
    if value is None or isinstance(value, (int, float, Decimal)):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_BEGIN_FORMULAS) else text


def sheet(name: str, heading: Iterable[object], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """Return rows as a CSV file that opens in a spreadsheet, with its letters right.

    Args:
        name: the file's name, without its ending; letters, digits and hyphens.
    """
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([safe_cell(cell) for cell in heading])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return response


class _Line:
    """What a writer of CSV writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def long_sheet(
    name: str, heading: Iterable[object], rows: Iterable[Iterable[object]]
) -> StreamingHttpResponse:
    """Return rows as the same file, sent as they come: of any length, in the same memory.

    Args:
        name: the file's name, without its ending; letters, digits and hyphens.
        rows: made while it is sent, in the language of the request.
    """
    language = translation.get_language()
    writer = csv.writer(_Line())

    def lines() -> Iterator[str]:
        # What a server asks for after the view has answered is no longer in its language.
        with translation.override(language):
            yield "\ufeff" + _written(heading)
            for row in rows:
                yield _written(row)

    def _written(row: Iterable[object]) -> str:
        line: str = writer.writerow([safe_cell(cell) for cell in row])
        return line

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
