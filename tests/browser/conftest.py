"""Fixtures of the browser tests: one demo, one Chromium, one sign-in per role.

Every page that a test opens is watched: what it writes to the console, a violated content policy included, fails the test.
Without Chromium (environment variable CHROMIUM, or on the path) these tests skip; `.ci/run` allows no skip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from tests.browser.site import FLAGS, LOOKS, Site, chromium, demo, sign_in

STUDENTS = 240


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium()
    if path is None:
        pytest.skip("No Chromium found: install one or set CHROMIUM to its path.")
    return path


@pytest.fixture(scope="session")
def site(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The running demo with every role's account."""
    with demo(tmp_path_factory.mktemp("site"), STUDENTS) as running:
        yield running


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


# What a browser may say on a page that is right: an answer that refuses, and a field that a quick person had already
# entered when the page wanted to focus one.
EXPECTED = (
    "Failed to load resource: the server responded with a status of 4",
    "Autofocus processing was blocked because a document already has a focused element.",
)


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
        if not text.startswith(EXPECTED):
            self.complaints.append(f"{kind}: {text}")

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def open_page(browser: Browser, site: Site, sessions: Callable[[str], StorageState]) -> Iterator[Watched]:
    """Returns a function that opens a watched page: `open_page("registrar", "dark")`."""
    site.forget_ticks()
    watched = Watched(browser, site, sessions)
    yield watched
    watched.close()
    assert watched.complaints == []
