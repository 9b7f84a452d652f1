"""How a council is named in an address."""

from django.urls import register_converter


class CouncilConverter:
    """A word of three letters or more: two alone are a language, also one that has no pages.

    And not the figures for machines: who may not read those is led nowhere else.
    """

    regex = "(?!metrics/)[-a-zA-Z0-9_]{3,60}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CouncilConverter, "council")
