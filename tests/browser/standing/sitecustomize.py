"""Read by every Python that is started with this folder on PYTHONPATH: the clock of the back-office stands still.

So its pages look the same on any day; requests have one number, which error pages show. Whatever else takes the time keeps it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from backoffice.core import clock
from backoffice.core.web import logs

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)

clock.utcnow = lambda: NOW
logs.uuid4 = lambda: UUID(int=0)
