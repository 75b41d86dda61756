"""The page while figures are being counted: it says so, shows what it has, and nothing else is missing."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import html5lib
import pytest

from backoffice.core.summaries import looking, renew
from backoffice.core.summaries.figure import Figures
from tests.core.summaries.conftest import nothing_is_made
from tests.dashboard.test_page import FIGURE, SEEN, page_of

COUNTING = re.compile(r'role="status" data-counting>(\d+) figures? (?:is|are) being counted')


@pytest.fixture
def held(app, small_world, monkeypatch) -> Iterator[Callable[..., threading.Event]]:
    """Returns a function that holds the computation of every figure; the end of the test lets them go."""
    done = threading.Event()
    figures = app.extensions["summaries"].all

    def slow(figure):
        own = replace(figure, compute=lambda person, as_of: done.wait(60) and figure.compute(person, as_of))
        vars(own)["edition"] = figure.edition  # what is kept of the one is kept of the other
        return own

    def hold() -> threading.Event:
        monkeypatch.setitem(app.extensions, "summaries", Figures(map(slow, figures)))
        monkeypatch.setattr(looking, "PATIENCE", 0.02)
        return done

    yield hold
    done.set()
    nothing_is_made()


def test_small_data_is_shown_at_the_first_look(small_world, sign_in):
    page = page_of(sign_in("admin"))
    assert ("Being counted" in page, "data-counting" in page) == (False, False)


def test_a_page_whose_figures_are_not_ready_names_them_all_and_says_so(held, sign_in):
    client = sign_in("admin")
    held()
    page = page_of(client)
    html5lib.HTMLParser(strict=True).parse(page)
    assert set(FIGURE.findall(page)) == SEEN["admin"]
    assert page.count("Being counted…") == len(SEEN["admin"]) == int(COUNTING.search(page)[1])
    assert 'href="/admin/?period=term&amp;against=before">Look again</a>' in page
    assert "as of" not in page[page.index("data-counting") :]


def test_stale_figures_are_shown_with_their_age_and_completed_by_the_next_look(app, held, sign_in):
    client = sign_in("admin")
    before = page_of(client)
    done = held()
    with app.app_context():
        renew(["student"])
    page = page_of(client)
    assert "Being counted…" not in page
    assert page.count("being counted afresh") == int(COUNTING.search(page)[1]) > 0
    assert re.findall('datetime="[^"]*T[^"]*"', page) == re.findall('datetime="[^"]*T[^"]*"', before)
    done.set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looking, "PATIENCE", 60)
        assert "data-counting" not in page_of(client)
