"""Pictures of every kind of page that somebody has looked at and found right: `python -m tests.browser.approve`.

Takes all of them anew into tests/browser/approved/; what has changed there is to be looked at before it is committed.
"""

from __future__ import annotations

import tempfile
from functools import reduce
from io import BytesIO
from itertools import product
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, sync_playwright

from tests.browser.screenshots import taken
from tests.browser.site import FLAGS, LOOKS, chromium, demo

APPROVED = Path(__file__).parent / "approved"
STUDENTS = 240
COLOURS = 256  # of an approved picture, which keeps it small; none is further from the true one than SEEN
SEEN = 48  # of 255: a smaller difference of a pixel nobody sees
TILE = 16  # pixels; a label fills some of them
SHIFTS = tuple(product((0, -1, 1), repeat=2))  # pixels: what stays as one scrolls may be drawn one beside its place
TOLERANCE = 0.12  # of the pixels of any tile may differ: edges of letters do, by a hair


def pictures(browser: Browser, folder: Path, look: str) -> dict[str, Image.Image]:
    """Returns each scene in one look, on a day that never changes."""
    with demo(folder, STUDENTS, standing=True) as site:
        return {name: Image.open(BytesIO(png)).convert("RGB") for name, png in taken(browser, site, look)}


def approved(name: str, look: str) -> Image.Image | None:
    """Returns the approved picture of a scene; None where there is none."""
    file = APPROVED / f"{name}-{look}.png"
    return Image.open(file).convert("RGB") if file.exists() else None


def difference(one: Image.Image, other: Image.Image) -> float:
    """Returns the share of pixels in which two pictures differ so that one sees it, of the tile where they differ most.

    A share of the whole would let a button pass that is not there in one of them. All where their sizes differ.
    """
    if one.size != other.size:
        return 1.0
    seen = ImageChops.lighter(_new(one, other), _new(other, one)).convert("L").point(lambda value: 255 * (value > SEEN))
    tiles = seen.resize((-(-one.width // TILE), -(-one.height // TILE)), Image.Resampling.BOX)
    return tiles.getextrema()[1] / 255


def _new(one: Image.Image, other: Image.Image) -> Image.Image:
    """Returns how much each pixel of one picture differs from all that stand near its place in the other."""
    shifted = (ImageChops.offset(other, *shift) for shift in SHIFTS)
    return reduce(ImageChops.darker, (ImageChops.difference(one, near) for near in shifted))


def keep(picture: Image.Image, name: str, look: str) -> None:
    """Makes a picture the approved one, unless the present one is like it."""
    before = approved(name, look)
    if before is None or difference(before, picture) > TOLERANCE:
        picture.quantize(COLOURS).save(APPROVED / f"{name}-{look}.png", optimize=True)


def main(browser: Browser) -> None:
    """Approves every scene in every look."""
    for look in LOOKS:
        with tempfile.TemporaryDirectory() as folder:
            for name, picture in pictures(browser, Path(folder), look).items():
                keep(picture, name, look)


if __name__ == "__main__":
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        main(started)
        started.close()
