"""Codes to scan, drawn here: nobody else learns who scans or shares what."""

import base64

import qrcode
from qrcode.constants import ERROR_CORRECT_M

#: White around the code, in modules (ISO/IEC 18004: four).
QUIET_ZONE = 4


def draw(text: str) -> str:
    """Return a QR code as SVG, black on white; dots are drawn in runs along each row."""
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    made.add_data(text)
    rows = made.get_matrix()
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'width="{side * 8}" height="{side * 8}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{"".join(runs)}"/></svg>'
    )


def as_source(text: str) -> str:
    """Return a code as the source of a picture, for what must not stand in an address."""
    return "data:image/svg+xml;base64," + base64.b64encode(draw(text).encode()).decode()
