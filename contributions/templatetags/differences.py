"""How a difference between two texts is drawn."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi, ngettext
from django.utils.translation import gettext as _

from contributions.comparing import Piece, Sort
from contributions.differences import FieldDifference

register = template.Library()

_NEW_LINE = mark_safe('<span class="difference__line" aria-hidden="true">↵</span>\n')


@register.filter
def pieces(one: FieldDifference) -> SafeString:
    """Draw a field: what goes struck through, what comes underlined, both said in hidden words.

    The hidden words have a direction of their own, so that ``dir="auto"`` around them goes by the
    text. Nothing stands between the pieces: white space is the text's own.
    """
    return format_html_join("", "{}", ((_piece(one, piece),) for piece in one.pieces))


def _piece(one: FieldDifference, piece: Piece) -> SafeString:
    end = _hidden(" {} ".format(_("(end of the change)"))) if piece.ends else ""
    match piece.sort:
        case Sort.REMOVED:
            whole = (
                format_html(' class="difference__whole" lang="{}" dir="auto"', one.language_before)
                if one.changes_language
                else ""
            )
            told = _hidden(_("removed:") + " ")
            return format_html("<del{}>{}{}</del>{}", whole, told, _lines(piece.text), end)
        case Sort.ADDED:
            whole = mark_safe(' class="difference__whole"') if one.changes_language else ""
            told = _hidden(_("added:") + " ")
            return format_html("<ins{}>{}{}</ins>{}", whole, told, _lines(piece.text), end)
        case Sort.FOLDED:
            sentence = ngettext(
                "%(count)s word that stays the same",
                "%(count)s words that stay the same",
                piece.words,
            ) % {"count": piece.words}
            return format_html(
                '<details class="difference__fold"><summary lang="{}" dir="{}">{}</summary>'
                "<div>{}</div></details>",
                get_language(),
                _direction(),
                sentence,
                piece.text.strip("\n"),
            )
    return format_html("{}", piece.text)


def _hidden(words: str) -> SafeString:
    return format_html(
        '<span class="visually-hidden" lang="{}" dir="{}">{}</span>',
        get_language(),
        _direction(),
        words,
    )


def _direction() -> str:
    return "rtl" if get_language_bidi() else "ltr"


def _lines(text: str) -> SafeString:
    """Show where lines end: a new line is a change that leaves no trace otherwise."""
    return format_html_join(_NEW_LINE, "{}", ((line,) for line in text.split("\n")))
