"""From data to paper: a PDF that meets PDF/UA-1 (ISO 14289-1), set by Typst.

The template and the data lie in a folder of their own, which is all that the engine can read. What
people wrote comes in as JSON and is never read as markup or code.
"""

import json
import shutil
import tempfile
from pathlib import Path

import typst
from PIL import Image

from contributions.codes import draw
from contributions.models import Picture
from participatie.posters.letters import fonts_folder
from participatie.posters.sheets import Drawn
from participatie.posters.words import PAPER

#: Enough for the width of A4 at 200 dots an inch.
PICTURE_AT_MOST = (1600, 1600)
TEMPLATE = "sheet.typ"


def print_sheet(drawn: Drawn) -> bytes:
    """Return a sheet as PDF.

    Raises:
        typst.TypstError: the engine refuses it; all that it may refuse was left out before.
    """
    with tempfile.TemporaryDirectory(prefix="poster-") as name:
        folder = Path(name)
        shutil.copy(PAPER / TEMPLATE, folder)
        data = drawn.data
        if drawn.picture is None or not _save_picture(drawn.picture, folder / "picture.jpg"):
            data = {**data, "picture": None}
        (folder / "data.json").write_text(json.dumps(data), "utf-8")
        (folder / "code.svg").write_text(draw(drawn.address), "utf-8")
        made: bytes = typst.compile(
            folder / TEMPLATE,
            root=folder,
            font_paths=[fonts_folder()],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
        )
    return made


def _save_picture(picture: Picture, path: Path) -> bool:
    """Write a picture for print; say whether it could be read."""
    try:
        with picture.image.open("rb") as file, Image.open(file, formats=["WEBP"]) as image:
            image.thumbnail(PICTURE_AT_MOST)
            image.convert("RGB").save(path, "JPEG", quality=85)
    except OSError:
        return False
    return True
