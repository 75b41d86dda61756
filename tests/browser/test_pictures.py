"""Every kind of page looks as somebody has approved it, light, dark and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser

from tests.browser.approve import APPROVED, TOLERANCE, approved, difference, pictures
from tests.browser.screenshots import SCENES
from tests.browser.site import LOOKS


@pytest.mark.parametrize("look", LOOKS)
def test_pages_look_as_they_were_approved(browser: Browser, tmp_path: Path, look: str) -> None:
    other: dict[str, float] = {}

    for name, picture in pictures(browser, tmp_path, look).items():
        before = approved(name, look)
        share = 1.0 if before is None else difference(before, picture)
        if share > TOLERANCE:
            picture.save(tmp_path / f"{name}-{look}.png")
            other[name] = share

    # Right? Then `python -m tests.browser.approve`. Pictures of what differs are in the folder of the test.
    assert (tmp_path, other) == (tmp_path, {})


def test_there_is_no_picture_of_what_is_no_scene() -> None:
    assert {file.stem for file in APPROVED.iterdir()} == {f"{scene}-{look}" for scene in SCENES for look in LOOKS}


def test_a_word_more_is_seen_and_a_hair_is_not_nor_a_word_a_pixel_beside() -> None:
    page = Image.new("RGB", (1280, 800), "white")
    hair, word, beside = page.copy(), page.copy(), page.copy()
    ImageDraw.Draw(hair).line((300, 300, 300, 315), "black")
    ImageDraw.Draw(word).text((700, 300), "Print", "black")
    ImageDraw.Draw(beside).text((701, 300), "Print", "black")

    assert [difference(page, other) > TOLERANCE for other in (page, hair, word)] == [False, False, True]
    assert difference(word, beside) == 0
