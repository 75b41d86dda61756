"""What an exported file is called."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from backoffice.core.text import fold

_LONGEST = 60


def file_name(grid: str, search: str, moment: datetime, suffix: str) -> str:
    """Returns `<grid>_<filter>_<UTC time>.<suffix>`: "students_status-active_2026-03-01T0930Z.csv"; "all" for no filter."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(search)).strip("-")[:_LONGEST].rstrip("-") or "all"
    return f"{grid}_{slug}_{moment.astimezone(UTC):%Y-%m-%dT%H%MZ}.{suffix}"
