"""What people paste: emails, numbers and ids in any mixture, looked up by few statements however many they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Label, func, literal, select

from backoffice.core import access, reader
from backoffice.core.access import Person
from backoffice.core.lists.errors import ListError
from backoffice.core.text import email_key, whole_number
from backoffice.core.wording import gettext
from backoffice.extensions import db

MOST = 10_000
AT_ONCE = 2_500  # texts in one statement
LONGEST = 254

_APART = re.compile(r"[,;\t\r\n]")
_ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')

Rows = dict[int, bool]  # ids, and whether the person may see the row


@dataclass
class Pasted:
    """What became of each text pasted; `ids` are the rows found, each once, in the order pasted."""

    ids: list[int] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)
    not_permitted: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Way:
    """One way to name rows: `column` holds what `key` makes of a text; None where the text cannot be meant so."""

    column: ColumnElement[Any]
    key: Callable[[str], Any]


def tokens(text: str) -> list[str]:
    """Returns the texts pasted: apart by commas, semicolons, spaces, tabs or lines; "in quotes" keeps its spaces.

    Of `Anna Lee <anna@example.org>` the address counts. Raises ListError where there are too many.
    """
    found = [token for piece in _APART.split(text) for token in _in_piece(piece) if token]
    if len(found) > MOST:
        raise ListError(
            gettext(
                "At most %(most)s can be pasted at once, these are %(number)s.",
                most=reader.number(MOST),
                number=reader.number(len(found)),
            )
        )
    return found


def _in_piece(piece: str) -> list[str]:
    return _ADDRESS.findall(piece) or [(quoted or bare).strip() for quoted, bare in _WORD.findall(piece)]


def paste(person: Person, model: type[Any], text: str) -> Pasted:
    """Returns which rows of `model` the pasted text names.

    Each is taken for the row's key first, then for its e-mail address, then for its id; by a column that `person` may
    not see nothing is found. Of a row outside their scope they learn no more than that. Raises ListError.
    """
    given = tokens(text)
    return _sorted(given, named_by(person, model, given))


def named_by(person: Person, model: type[Any], texts: Sequence[str], ids_only: bool = False) -> dict[str, Rows]:
    """Returns the rows that each of `texts` names, and whether `person` may see them; one that names none is not there."""
    known: dict[str, Rows] = {}
    for way in [_by_id(model)] if ids_only else _ways(person, model):
        open_ = [text for text in dict.fromkeys(texts) if text not in known and _storable(text)]
        known |= _look(person, model, way, open_)
    return known


def _sorted(given: list[str], known: dict[str, Rows]) -> Pasted:
    result, ids, seen = Pasted(), dict[int, None](), set[str]()
    for token in given:
        rows = known.get(token, {})
        mine = [row_id for row_id, permitted in rows.items() if permitted]
        if all(row_id in ids for row_id in mine) if mine else token.casefold() in seen:
            result.doubled.append(token)
        elif mine:
            result.found.append(token)
            ids |= dict.fromkeys(mine)
        else:
            (result.not_permitted if rows else result.not_found).append(token)
        seen.add(token.casefold())
    result.ids = list(ids)
    return result


def _ways(person: Person, model: type[Any]) -> Iterator[_Way]:
    """Yields the ways in which `person` may name rows of `model`, the surest first."""
    key = getattr(model, "__key__", "id")
    if key != "id" and access.visible(person, model, key):
        yield _Way(getattr(model, key), str)
        yield _Way(func.lower(getattr(model, key)), str.lower)
    if hasattr(model, "email") and access.visible(person, model, "email"):
        column = model.email_key if hasattr(model, "email_key") else func.lower(model.email)
        yield _Way(column, lambda token: email_key(token) if "@" in token else None)
    yield _by_id(model)


def _by_id(model: type[Any]) -> _Way:
    return _Way(model.id, whole_number)


def _look(person: Person, model: type[Any], way: _Way, texts: list[str]) -> dict[str, Rows]:
    """Returns the rows that each text names in one way; a text that names none is not there."""
    keys = {token: key for token in texts if (key := way.key(token)) is not None}
    wanted = list(dict.fromkeys(keys.values()))
    by_key: dict[Any, Rows] = {}
    for start in range(0, len(wanted), AT_ONCE):
        statement = select(way.column, model.id, _permitted(person, model))
        for key, row_id, permitted in db.session.execute(
            statement.where(way.column.in_(wanted[start : start + AT_ONCE]))
        ):
            by_key.setdefault(key, {})[row_id] = bool(permitted)
    return {token: by_key[key] for token, key in keys.items() if key in by_key}


def _permitted(person: Person, model: type[Any]) -> Label[Any]:
    scope = access.row_scope(person, model)
    return (literal(1) if scope is None else model.id.in_(select(model.id).where(scope))).label("permitted")


def _storable(token: str) -> bool:
    """Says whether a column could hold the text at all."""
    return len(token) <= LONGEST and not any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in token)
