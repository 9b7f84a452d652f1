"""The square that a telephone's camera reads, drawn as part of the page."""

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def qr_code(text: str) -> SafeString:
    """Return a QR code as an SVG in black on white, whatever the colours of the page."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    size = len(rows)
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" width="220" height="220" aria-hidden="true" '
        'focusable="false" shape-rendering="crispEdges"><rect width="{0}" height="{0}" '
        'fill="#fff"/><path fill="#000" d="{1}"/></svg>',
        size,
        mark_safe(path),  # noqa: S308  (numbers alone)
    )
