"""The apostrophe before text that a spreadsheet would run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.core.exchange import guard, unguard

DANGEROUS = st.sampled_from("=+-@\t\r\n＝＋－＠'").flatmap(lambda first: st.text().map(lambda rest: first + rest))


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(first: str) -> None:
    assert guard(first + "1+1") == "'" + first + "1+1"


@pytest.mark.parametrize("text", ["", "'", "Anna", "'tis", "''", "O'Neill", "1+1", " =1", "ｅ＝1"])
def test_harmless_text_is_left_as_it_is(text: str) -> None:
    assert (guard(text), unguard(text)) == (text, text)


@given(DANGEROUS | st.text())
def test_unguard_takes_off_exactly_what_guard_put_on(text: str) -> None:
    assert unguard(guard(text)) == text


@given(DANGEROUS | st.text())
def test_nothing_guarded_begins_like_a_formula(text: str) -> None:
    assert guard(text)[:1] not in set("=+-@\t\r\n＝＋－＠")
