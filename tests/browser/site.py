"""The real back-office for browsers: `manage.py demo` on a database of its own, and a Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.servers import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "clear water under old bridges"
STANDING = Path(__file__).parent / "standing"
SECONDS_TO_START = 120
JOB_ROWS = 200  # of the students, all are more and those of one status are fewer
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light", "has_touch": True},
}
FLAGS = [
    "--no-sandbox",
    "--font-render-hinting=slight",  # of the shell without a head: letters as the whole browser draws them on a desktop
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class Site:
    """The running back-office."""

    url: str
    folder: Path
    password: str = PASSWORD

    def forget_ticks(self) -> None:
        """Empties the baskets of all accounts, so that no test meets the ticks of another."""
        with closing(sqlite3.connect(self.folder / "demo" / "demo.sqlite3", timeout=10)) as connection, connection:
            baskets = "SELECT id FROM row_list WHERE name_key = ''"
            connection.execute(f"DELETE FROM row_list_item WHERE list_id IN ({baskets})")


def chromium() -> str | None:
    """Returns the path of a Chromium or Chrome, of the one that draws no window where there is one: it takes half as long."""
    named = os.environ.get("CHROMIUM", "")
    names = (named,) if named else ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


@contextmanager
def demo(folder: Path, students: int, *, standing: bool = False) -> Iterator[Site]:
    """Serves a demo organisation as a person would start it, with its files in `folder`, until the block ends.

    With `standing` its clock stands still.
    """
    port = free_port()
    command = [
        sys.executable,
        "manage.py",
        "demo",
        "--port",
        str(port),
        "--students",
        str(students),
        "--password",
        PASSWORD,
    ]
    environment = os.environ | {
        "BACKOFFICE_INSTANCE_PATH": str(folder),
        "BACKOFFICE_JOB_ROWS": str(JOB_ROWS),
        "BACKOFFICE_SIGN_IN_PER_ADDRESS": "1000 per minute",
        "BACKOFFICE_SIGN_IN_PER_ACCOUNT": "1000 per minute",
    }
    if standing:
        environment["PYTHONPATH"] = os.pathsep.join((str(STANDING), str(ROOT)))
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(port, server, folder / "log", SECONDS_TO_START)
        yield Site(f"http://127.0.0.1:{port}", folder)
    finally:
        server.terminate()
        server.wait(timeout=30)


def sign_in(page: Page, role: str) -> None:
    """Signs in by the form, as people do."""
    page.goto("/login")
    page.get_by_label("Username or email").fill(role)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
