"""Drawn pictures for sample initiatives.

A fresh installation has to look lived in, and drawings can be shown without asking anyone's
permission: nobody is recognisable in them and nobody owns them but us.
"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from PIL import Image

from participatie.drawings import gathering, park, scenery, street
from participatie.drawings.canvas import Canvas
from participatie.drawings.palettes import (
    BREEZE,
    DUSK,
    LILAC,
    MINT,
    NIGHT,
    PEACH,
    ROSE,
    Palette,
)

Layer = Callable[[Canvas, Random, Palette], None]


class Scene(NamedTuple):
    """How a motif may be shown: every combination of these has to look right."""

    motif: Layer
    settings: tuple[Layer, ...]
    palettes: tuple[Palette, ...]
    # A Dutch bus has its doors on one side only and a bike its chain: those stay as drawn.
    may_mirror: bool = True


SCENES: dict[str, Scene] = {
    "bench": Scene(street.bench, (scenery.street, scenery.park), (PEACH, BREEZE, ROSE)),
    "ball": Scene(park.ball, (scenery.park,), (BREEZE, MINT, PEACH)),
    "pot": Scene(gathering.pot, (scenery.kitchen,), (ROSE, PEACH, MINT)),
    "tree": Scene(park.tree_motif, (scenery.park, scenery.street), (MINT, BREEZE, PEACH)),
    "bike": Scene(
        street.bike, (scenery.street, scenery.park), (LILAC, PEACH, BREEZE), may_mirror=False
    ),
    "lamp": Scene(street.lamp, (scenery.street, scenery.park), (NIGHT, DUSK)),
    "book": Scene(gathering.book, (scenery.park, scenery.street), (LILAC, ROSE, MINT)),
    "house": Scene(street.house, (scenery.street,), (BREEZE, PEACH, ROSE, NIGHT)),
    "market": Scene(gathering.market, (scenery.street,), (BREEZE, PEACH, MINT)),
    "music": Scene(gathering.music, (scenery.park, scenery.street), (ROSE, LILAC, DUSK)),
    "paint": Scene(gathering.paint, (scenery.street,), (BREEZE, LILAC, PEACH)),
    "garden": Scene(park.garden, (scenery.park,), (BREEZE, ROSE, MINT)),
    "waste": Scene(street.waste, (scenery.street,), (MINT, PEACH, LILAC)),
    "bus": Scene(street.bus, (scenery.street,), (BREEZE, ROSE, MINT), may_mirror=False),
    "swing": Scene(park.swing, (scenery.park,), (PEACH, BREEZE, LILAC)),
    "bread": Scene(gathering.bread, (scenery.kitchen,), (BREEZE, ROSE, MINT)),
}

MOTIFS: tuple[str, ...] = tuple(SCENES)


def draw(motif: str, *, seed: int) -> Image.Image:
    """Draw a motif; the same seed gives the same picture, so a reload changes nothing."""
    if motif not in SCENES:
        raise ValueError(f"No drawing of {motif!r}; there are: {', '.join(MOTIFS)}.")
    scene = SCENES[motif]
    # A text as seed: Random gives neighbouring numbers much the same first choices.
    rng = Random(f"{motif} {seed}")  # noqa: S311 — repeatable on purpose, nothing is secret
    palette = rng.choice(scene.palettes)
    setting = rng.choice(scene.settings)
    mirrored = scene.may_mirror and rng.random() < 0.5
    canvas = Canvas(palette.sky)
    setting(canvas, rng, palette)
    canvas.shift = rng.choice((-40.0, 0.0, 40.0))
    scene.motif(canvas, rng, palette)
    return canvas.finish(mirrored=mirrored)
