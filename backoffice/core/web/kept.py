"""What was typed into a form that could not be accepted yet: shown again, so that nobody types it twice."""

from __future__ import annotations

import json

from flask import request

_SECRET = ("password", "csrf_token")  # never sent back; a password is typed again
_LONGEST = 200_000  # characters in all; above that there is nothing to show to a person

Fields = list[tuple[str, str]]


def typed() -> Fields:
    """Returns the fields of this request's form, repeated names included, less tokens and passwords."""
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(secret in name.lower() for secret in _SECRET)
    ]
    return fields if sum(len(name) + len(value) for name, value in fields) <= _LONGEST else []


def files_were_sent() -> bool:
    """Says whether the form held files, which a page cannot send back."""
    return any(file.filename for file in request.files.values())


def pack(fields: Fields) -> str:
    """Returns fields as the text of one hidden field."""
    return json.dumps(fields)


def unpack(text: str) -> Fields:
    """Returns what `pack()` made of fields; nothing for a text that it did not make."""
    try:
        pairs = json.loads(text) if len(text) <= 2 * _LONGEST else []
        json.dumps(pairs, ensure_ascii=False).encode()  # an escaped half of a character is no text
    except (ValueError, RecursionError):  # not JSON, nested on purpose, or no text
        return []
    if not isinstance(pairs, list):
        return []
    return [
        (pair[0], pair[1])
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
    ]
