"""A logo from a file: a PNG or an SVG by its content, small, and with nothing in it that runs or is loaded from elsewhere."""

from __future__ import annotations

import struct
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from backoffice.config import PREFIX, SettingError

LARGEST = 100_000  # bytes; it is on every page
WIDEST = 4096  # pixels of a PNG
SVG = "{http://www.w3.org/2000/svg}svg"
PNG = b"\x89PNG\r\n\x1a\n"
RUNS = frozenset({"script", "foreignObject", "handler", "listener"})


def read_logo(path: str) -> tuple[bytes, str]:
    """Returns the file's content and its media type. Raises SettingError with one line that says why it cannot be used."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise _unusable(path, "cannot be read", "Set the path of an SVG or PNG file") from error
    if len(content) > LARGEST:
        raise _unusable(path, f"is larger than {LARGEST // 1000} KB", "Set a smaller file")
    if content.startswith(PNG):
        _check_png(path, content)
        return content, "image/png"
    _check_svg(path, content)
    return content, "image/svg+xml"


def _check_png(path: str, content: bytes) -> None:
    sized = content[12:16] == b"IHDR" and len(content) >= 24
    width, height = struct.unpack(">II", content[16:24]) if sized else (0, 0)
    if not (0 < width <= WIDEST and 0 < height <= WIDEST):
        raise _unusable(path, f"is no picture of 1 to {WIDEST} pixels a side", "Set another file")


def _check_svg(path: str, content: bytes) -> None:
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise _unusable(path, "is neither a PNG nor an SVG without entities", "Set the path of such a file") from error
    if root.tag != SVG:
        raise _unusable(path, "is neither a PNG nor an SVG", "Set the path of such a file")
    if any(map(_is_active, root.iter())):
        raise _unusable(path, "holds a script or a link to elsewhere", "Take it out")


def _is_active(element: Element) -> bool:
    names = [(_bare(name).lower(), value.strip().lower()) for name, value in element.items()]
    return _bare(str(element.tag)) in RUNS or any(
        name.startswith("on") or (name == "href" and not value.startswith(("#", "data:image/")))
        for name, value in names
    )


def _bare(name: str) -> str:
    return name.rpartition("}")[2]


def _unusable(path: str, what: str, advice: str) -> SettingError:
    return SettingError(f"{PREFIX}LOGO={path!r} {what}. {advice}.")
