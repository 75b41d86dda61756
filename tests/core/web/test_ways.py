"""Pages lead on to addresses of this site only."""

from __future__ import annotations

import pytest

from backoffice.core.web.ways import path_here


@pytest.mark.parametrize(
    "target",
    [
        "/admin/students/?search=a%20b",
        "/admin/students/edit/?id=7&url=/admin/students/",
        "/admin/students/?search=email:a//b",
    ],
)
def test_an_address_of_this_site_stays_as_it_is(target: str) -> None:
    assert path_here(target) == target


@pytest.mark.parametrize("target", ["http:evil.example", "//evil.example", "/..//evil.example", "/a\r\nX: y", "", None])
def test_what_may_lead_elsewhere_is_replaced(target: str | None) -> None:
    assert path_here(target, "/admin/students/") == "/admin/students/"
