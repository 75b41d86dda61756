"""The button always says what it will do to what, in words: beside it, and to those who hear it."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.contracts.grids import hidden_inputs, post


def described(answer: Any, button: str) -> str:
    """Returns the sentence that describes a button of this name."""
    page = html.unescape(answer.get_data(as_text=True))
    (found,) = re.findall(rf'<button[^>]*aria-describedby="([\w-]+)"[^>]*>(?:<svg.*?</svg>)?{button}<', page, re.DOTALL)
    (sentence,) = re.findall(rf'id="{found}"[^>]*>([^<]*)<', page)
    return sentence.strip()


def test_reviews_messages_and_operations_say_it_at_their_buttons(made, registrar, send) -> None:
    ids = f"{made(city='Leeds')},{made(city='Leeds')}"
    row_id = ids.partition(",")[0]

    edit = send("action/?search=city:leeds", action="review", all="1", search="city:leeds", **{"set-city": "York"})
    done = send("action/", **{**hidden_inputs(edit.get_data(as_text=True)), "action": "apply"})
    message = registrar.get(done.headers["Location"])
    operation_url = html.unescape(
        re.search(r'href="([^"]*operations/details[^"]*)"', message.get_data(as_text=True))[1]
    )
    operation = registrar.get(operation_url)
    meanwhile = send("action/", action="review", ids=row_id, **{"set-city": "Hull"})
    send("action/", **{**hidden_inputs(meanwhile.get_data(as_text=True)), "action": "apply"})
    undo = post(registrar, operation_url.replace("details", "undo"), {})
    delete = send("action/", action="delete", ids=ids)

    assert described(edit, "Apply to 2") == "Set city to York for 2 students: city leeds"
    assert described(message, "Undo") == "2 students changed"
    assert described(operation, "Undo") == "Set city to York for 2 students: city leeds"
    assert described(undo, "Undo for 1") == "Undo: Set city to York for 2 students: city leeds"
    assert described(delete, "Delete 2") == "Delete 2 students: 2 ticked students"
