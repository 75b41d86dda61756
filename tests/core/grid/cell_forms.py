"""Blocks of cells as a browser sends them, and what their reviews say."""

from __future__ import annotations

import re
from html import unescape

from tests.contracts.grids import hidden_inputs, post

CELLS = "/admin/students/cells/"


def block(*rows: tuple[str, ...]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def review(client, *rows: tuple[str, ...], address: str = CELLS):
    """Pastes rows and returns the page that this leads to."""
    return post(client, address, {"text": block(*rows)})


def tally(answer) -> list[str]:
    page = answer.get_data(as_text=True)
    return re.findall(r"<li class=\"tally-[^\"]+\">([^<]+)</li>", page)


def reasons(answer) -> list[str]:
    page = answer.get_data(as_text=True)
    return [unescape(text) for text in re.findall(r'<tr><th scope="row">([^<]+)</th><td><a', page)]


def apply(client, answer):
    page = answer.get_data(as_text=True)
    action = unescape(re.search(r'<form method="post" action="([^"]+)" class="record-form review-form"', page)[1])
    return post(client, action, {**hidden_inputs(page), "action": "apply"})
