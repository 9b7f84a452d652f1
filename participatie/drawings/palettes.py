"""Colours that belong together, taken from the look of the site."""

from typing import NamedTuple

INK = "#17202e"
PAPER = "#fffaf2"
SUN = "#ffc845"
RUST = "#a63a1e"
BRICK = "#c9603f"
OCHRE = "#c98a52"
INDIGO = "#3b47a8"
TEAL = "#0b5d57"
GREEN = "#1a6b3a"
MEADOW = "#3f925f"
WOOD = "#8f5f3b"
BARK = "#6e4a30"
STEEL = "#7d88ad"
SHADOW = "#17202e24"


class Palette(NamedTuple):
    """One mood: where the picture plays and the colours its motif may use."""

    sky: str
    ground: str
    path: str
    leaf: str
    leaf_light: str
    main: str
    accent: str
    third: str
    night: bool = False


PEACH = Palette(
    "#fee3c8", "#e6b98a", "#f2d3ae", GREEN, "#5a9a5c", main=RUST, accent=TEAL, third=INDIGO
)
BREEZE = Palette(
    "#d8ecf6", "#8cc29c", "#e9dcc0", GREEN, MEADOW, main=INDIGO, accent=RUST, third=TEAL
)
ROSE = Palette(
    "#fce1da", "#e7b3a2", "#f6d3c4", "#2b7548", "#63a073", main=TEAL, accent=RUST, third=INDIGO
)
MINT = Palette("#d3ead8", "#9dcaa8", "#e8e0c4", GREEN, MEADOW, main=RUST, accent=INDIGO, third=TEAL)
LILAC = Palette(
    "#e0e3fc", "#b7c0ee", "#d2d7f6", "#23704a", "#5c9c80", main=INDIGO, accent=RUST, third=TEAL
)
NIGHT = Palette(
    "#2b3558",
    "#3d4870",
    "#56618a",
    "#1d4a48",
    "#2c625a",
    main="#8f9ac4",
    accent=BRICK,
    third=OCHRE,
    night=True,
)
DUSK = Palette(
    "#51477a",
    "#6b5a86",
    "#8a769c",
    "#2a4f55",
    "#3e6a68",
    main="#c3b6dc",
    accent=BRICK,
    third=OCHRE,
    night=True,
)

HOUSE_COLOURS = (RUST, INDIGO, TEAL, GREEN, OCHRE, WOOD)
