"""A real Chromium on the real demo: `manage.py demo` on a database of its own, one sign-in per role.

Every page that a test opens is watched: what it writes to the console, a violated content policy included, fails the test.
Without Chromium (environment variable CHROMIUM, or on the path) these tests skip; `.ci/run` allows no skip.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "clear water under old bridges"
STUDENTS = 240
SECONDS_TO_START = 120
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light", "has_touch": True},
}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Site:
    """The running back-office."""

    url: str
    students: int
    password: str = PASSWORD


def chromium() -> str | None:
    """Returns the path of a Chromium or Chrome; None where there is none."""
    named = os.environ.get("CHROMIUM", "")
    names = (named,) if named else ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium()
    if path is None:
        pytest.skip("No Chromium found: install one or set CHROMIUM to its path.")
    return path


@pytest.fixture(scope="session")
def site(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo, started as a person would start it, with every role's account."""
    folder = tmp_path_factory.mktemp("site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "manage.py",
        "demo",
        "--port",
        str(port),
        "--students",
        str(STUDENTS),
        "--password",
        PASSWORD,
    ]
    environment = os.environ | {
        "BACKOFFICE_INSTANCE_PATH": str(folder),
        "BACKOFFICE_SIGN_IN_PER_ADDRESS": "1000 per minute",
    }
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, server, folder / "log")
        yield Site(url, STUDENTS)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        assert server.poll() is None, f"The demo did not start:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310 - our own address
                return
        except URLError:
            time.sleep(0.2)
    raise AssertionError(f"The demo was not ready in {SECONDS_TO_START} s:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def sessions(site: Site, browser: Browser) -> Callable[[str], StorageState]:
    """Returns a function: a role -> the cookies of its session; each role signs in once."""
    known: dict[str, StorageState] = {}

    def session_of(role: str) -> StorageState:
        if role not in known:
            context = browser.new_context(base_url=site.url)
            sign_in(context.new_page(), role)
            known[role] = context.storage_state()
            context.close()
        return known[role]

    return session_of


def sign_in(page: Page, role: str) -> None:
    """Signs in by the form, as people do."""
    page.goto("/login")
    page.get_by_label("Username or email").fill(role)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")


class Watched:
    """Opens pages and collects what they complain about."""

    def __init__(self, browser: Browser, site: Site, sessions: Callable[[str], StorageState]) -> None:
        self._browser, self._site, self._sessions = browser, site, sessions
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __call__(self, role: str | None = "admin", look: str = "light", *, javascript: bool = True) -> Page:
        """Returns a page signed in as `role` (None: signed out), in one of LOOKS."""
        context = self._browser.new_context(
            base_url=self._site.url,
            java_script_enabled=javascript,
            storage_state=self._sessions(role) if role else None,
            **LOOKS[look],
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self._note("exception", str(error)))
        return page

    def _note(self, kind: str, text: str) -> None:
        if not text.startswith("Failed to load resource: the server responded with a status of 4"):
            self.complaints.append(f"{kind}: {text}")

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def open_page(browser: Browser, site: Site, sessions: Callable[[str], StorageState]) -> Iterator[Watched]:
    """Returns a function that opens a watched page: `open_page("registrar", "dark")`."""
    watched = Watched(browser, site, sessions)
    yield watched
    watched.close()
    assert watched.complaints == []
