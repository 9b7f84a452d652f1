"""How ids stand in addresses."""

from django.urls import register_converter


class NumberConverter:
    """A row's number in its one spelling: no ``01``, no sign, nothing larger than a bigint."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(NumberConverter, "number")
