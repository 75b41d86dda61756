"""Both products, served for the tasks with a signed-in administrator."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState

from tests.browser.site import ROOT, SECONDS_TO_START, demo, sign_in
from tests.servers import free_port, wait_for

STUDENTS = 240


@dataclass(frozen=True)
class Product:
    """A running product; `prepare` makes it as it was before each task."""

    url: str
    database: Path
    session: StorageState
    prepare: Callable[[], None]


@contextmanager
def ours(folder: Path, browser: Browser) -> Iterator[Product]:
    """Serves the demo organisation."""
    with demo(folder, STUDENTS) as site:
        session = _session(browser, site.url, lambda page: sign_in(page, "admin"))
        yield Product(site.url, folder / "demo" / "demo.sqlite3", session, site.forget_ticks)


@contextmanager
def theirs(folder: Path, browser: Browser) -> Iterator[Product]:
    """Serves Django's admin."""
    port, log = free_port(), folder / "log"
    command = [sys.executable, "-m", "tests.benchmarks.tasks.django_site", str(folder), str(port)]
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(port, server, log, SECONDS_TO_START)
        url = f"http://127.0.0.1:{port}"
        yield Product(url, folder / "django.sqlite3", _session(browser, url, _sign_in_to_django), lambda: None)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _session(browser: Browser, url: str, enter: Callable[[Page], None]) -> StorageState:
    context = browser.new_context(base_url=url)
    enter(context.new_page())
    session = context.storage_state()
    context.close()
    return session


def _sign_in_to_django(page: Page) -> None:
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("admin")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
