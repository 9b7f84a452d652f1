"""Strangers' text: cleaned on its way in, made safe on its way out."""

import unicodedata

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_KEPT_CONTROLS = {"\n", "\t"}
#: Marks that turn the direction of what follows: they can make a text read as what it is not.
_DIRECTION_OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

#: More marks on one letter than any language writes; the limit is that of the Stream-Safe Text
#: Format (Unicode Standard Annex #15). Without one, putting them in order takes a square of time.
_MARKS_ON_A_LETTER = 30
#: So many brackets are no links: looking for the end of each takes a square of time.
_MANY_BRACKETS = 500

_markdown = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True})
_markdown.disable("image")
_markdown_without_links = MarkdownIt("js-default", {"html": False, "breaks": True})
_markdown_without_links.disable(["image", "link"])

_TAGS = {
    "p", "br", "strong", "em", "s", "ul", "ol", "li", "blockquote", "code", "pre", "a", "hr",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel"}


def clean_text(value: str) -> str:
    """Return text without control characters and direction overrides, in normal form C."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = []
    marks = 0
    for character in value:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_ON_A_LETTER and _may_stand(character):
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _may_stand(character: str) -> bool:
    return character in _KEPT_CONTROLS or (
        unicodedata.category(character) not in {"Cc", "Cs"}
        and character not in _DIRECTION_OVERRIDES
    )


def clean_line(value: str) -> str:
    """Return text cleaned as by ``clean_text``, on one line."""
    return " ".join(clean_text(value).split())


def _parse(text: str) -> list[Token]:
    parser = _markdown if text.count("[") <= _MANY_BRACKETS else _markdown_without_links
    return parser.parse(text)


def markdown_to_html(text: str, *, heading_shift: int = 2) -> SafeString:
    """Render Markdown as HTML that may stand in a page.

    Headings of a text start at level ``heading_shift + 1``, below those of the page around it;
    never at level one, which is the page's title.
    Raw HTML and pictures in the text are shown as text.
    """
    tokens = _parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{max(2, min(6, int(token.tag[1]) + heading_shift))}"
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes=_SCHEMES,
        link_rel="nofollow ugc noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308  (cleaned on the line above)


def markdown_to_text(text: str) -> str:
    """Return the words of a Markdown text, without its marks: for excerpts and descriptions."""
    words: list[str] = []
    for token in _parse(text):
        if token.type == "inline":
            words.extend(
                child.content or " " for child in token.children or [] if child.type in _WORDS
            )
            words.append(" ")
        elif token.type in {"fence", "code_block"}:
            words.append(token.content + " ")
    return " ".join("".join(words).split())


_WORDS = {"text", "code_inline", "softbreak", "hardbreak"}
