"""Reading a PDF as people and their screen readers do."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as raw


@dataclass(frozen=True)
class Element:
    """A tagged part of a page: its kind, its own language, and what is said instead of it."""

    kind: str
    language: str
    alt: str
    title: str


@dataclass(frozen=True)
class Paper:
    """One PDF."""

    pages: int
    text: str
    is_tagged: bool
    language: str
    elements: tuple[Element, ...]
    bytes: bytes

    def of(self, kind: str) -> list[Element]:
        return [element for element in self.elements if element.kind == kind]


def read(content: bytes) -> Paper:
    """Read a PDF."""
    document = pypdfium2.PdfDocument(content)
    try:
        page = document[0]
        text = page.get_textpage().get_text_range()
        tree = raw.FPDF_StructTree_GetForPage(page)
        elements = [
            found
            for number in range(raw.FPDF_StructTree_CountChildren(tree))
            for found in _within(raw.FPDF_StructTree_GetChildAtIndex(tree, number))
        ]
        raw.FPDF_StructTree_Close(tree)
        return Paper(
            pages=len(document),
            text=text.replace("\r\n", "\n").replace("\u200b", ""),
            is_tagged=bool(raw.FPDFCatalog_IsTagged(document)),
            language=_told(raw.FPDFCatalog_GetLanguage, document),
            elements=tuple(elements),
            bytes=content,
        )
    finally:
        document.close()


def _within(element: Any) -> Iterator[Element]:
    if not element:
        return
    yield Element(
        kind=_told(raw.FPDF_StructElement_GetType, element),
        language=_told(raw.FPDF_StructElement_GetLang, element),
        alt=_told(raw.FPDF_StructElement_GetAltText, element),
        title=_told(raw.FPDF_StructElement_GetTitle, element),
    )
    for number in range(raw.FPDF_StructElement_CountChildren(element)):
        yield from _within(raw.FPDF_StructElement_GetChildAtIndex(element, number))


def _told(ask: Any, about: Any) -> str:
    """Return what PDFium tells in UTF-16, into a buffer as long as it asks for."""
    length = ask(about, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 2))
    ask(about, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw[:length].decode("utf-16-le").rstrip("\0")
