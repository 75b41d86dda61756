"""The query language as text: read into a tree of plain values.

mueller "new york" -smith                   words and phrases, each found somewhere; "-" turns a part around
status:active,on_leave  city:none  email:any    equals, any of, is empty, is not empty
age>=30  created_at<2026-01-01  city~york   comparisons; "~" is for text: contains
start_date:2026-01-01..2026-03-31  age:..17     ranges, both ends included, one of them optional
student.city:Leeds  owner:me                through relations; "me" is whoever asks
city:Leeds OR city:York                     either; OR binds before the space that means "and"
-(status:graduated city:none)               brackets group; a bracket within a word is a letter like any other
in:basket  in:"my list"  student.in:my-list    rows that were ticked, or kept under a name
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from backoffice.core import reader
from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.tree import (
    BARE_VALUE,
    BARE_WORD,
    OR,
    PATH,
    RANGE,
    Empty,
    Filled,
    Literal,
    Op,
    Part,
    Range,
    Term,
    Value,
    Word,
    grouped,
    has_brackets,
    leaves,
)
from backoffice.core.wording import gettext

LONGEST = 2000
LONGEST_FILTER = 10_000
MOST_PARTS = 50
MOST_VALUES = 500
DEEPEST = 5

_SPACE = re.compile(r"\s")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_OR = re.compile(rf"{OR}(?=\s+\S)")
_PAIRED = re.compile(r'"(?:[^"\\]|\\.)*(?:"|$)|[()]', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def check_text(text: str) -> None:
    """Raises QueryError for characters that no database column can hold."""
    for letter in text:
        if letter == "\0" or "\ud800" <= letter <= "\udfff":
            raise QueryError(text[:40], gettext("holds a character that is no text; please remove it"))


def checked(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Returns terms that were not read from a query. Raises QueryError for what no query could hold."""
    found = tuple(terms)
    for term in found:
        text = str(term)
        check_text(text)
        if len(text) > LONGEST_FILTER:
            raise QueryError(
                text[:40],
                gettext(
                    "a filter may have %(most)s characters, this one has %(number)s",
                    most=reader.number(LONGEST_FILTER),
                    number=reader.number(len(text)),
                ),
            )
    if len(found) > MOST_PARTS:
        raise QueryError(
            str(found[MOST_PARTS]),
            gettext("there may be %(most)s filters, here are %(number)s", most=MOST_PARTS, number=len(found)),
        )
    return found


def parse(text: str) -> tuple[Part, ...]:
    """Returns the parts of a query in their order. Raises QueryError naming the part that cannot be read."""
    if len(text) > LONGEST:
        raise QueryError(
            text[:40],
            gettext(
                "a search may have %(most)s characters, this one has %(number)s; please shorten it",
                most=reader.number(LONGEST),
                number=reader.number(len(text)),
            ),
        )
    check_text(text)
    parts = _Reader(text).parts()
    single = list(leaves(parts))
    if len(single) > MOST_PARTS:
        raise QueryError(
            str(single[MOST_PARTS]),
            gettext(
                "a search may have %(most)s parts, this one has %(number)s",
                most=MOST_PARTS,
                number=len(single),
            ),
        )
    return tuple(parts)


def parse_values(text: str) -> tuple[Value, ...]:
    """Returns the values of a comma-separated list, as they may stand behind "field:"."""
    check_text(text)
    reader = _Reader(text)
    values = reader.values(0)
    if reader.at < len(text):
        raise QueryError(text, gettext("a value with spaces goes in double quotes"))
    return values


def _pairs(text: str) -> dict[int, int]:
    """Returns where each bracket that is opened, outside quotes, is closed."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for match in _PAIRED.finditer(text):
        if match.group() == "(":
            opened.append(match.start())
        elif match.group() == ")" and opened:
            found[opened.pop()] = match.start()
    return found


class _Reader:
    """Reads a query from left to right, up to `end`: where the group that is being read is closed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.end = len(text)
        self.depth = 0
        self.closed = _pairs(text)

    def parts(self) -> list[Part]:
        found: list[Part] = []
        while self._skip_space():
            found.append(self._either())
        return found

    def _either(self) -> Part:
        """Reads parts with OR between them, or a single one."""
        found = [self._part()]
        while self._skip_space() and (word := _OR.match(self.text, self.at, self.end)):
            self.at = word.end()
            self._skip_space()
            found.append(self._part())
        return grouped(tuple(found), either=True)

    def values(self, start: int) -> tuple[Value, ...]:
        """Reads the list of values at the cursor; `start` is where the whole part began, for messages."""
        found = [self._value(start)]
        while self._peek() == ",":
            self.at += 1
            found.append(self._value(start))
        if len(found) > MOST_VALUES:
            raise QueryError(
                self._since(start),
                gettext(
                    "at most %(most)s values; this list has %(number)s",
                    most=MOST_VALUES,
                    number=len(found),
                ),
            )
        return tuple(found)

    def _skip_space(self) -> bool:
        while self._peek().isspace():
            self.at += 1
        return self.at < self.end

    def _peek(self, ahead: int = 0) -> str:
        return self.text[self.at + ahead : min(self.at + ahead + 1, self.end)]

    def _since(self, start: int) -> str:
        """Returns the part that begins at `start`, up to the next space."""
        rest = _SPACE.search(self.text, max(self.at, start + 1))
        return self.text[start : rest.start() if rest else len(self.text)]

    def _part(self) -> Part:
        start = self.at
        negated = self._peek() == "-" and bool(self._peek(1).strip())
        self.at += negated
        if self._peek() == "(" and self._opens_group(start):
            return self._group(start, negated)
        head = PATH.match(self.text, self.at, self.end)
        return self._term(head, start, negated) if head else self._word(start, negated)

    def _opens_group(self, start: int) -> bool:
        """Says whether the bracket at the cursor opens a group: one that holds more than a word, and is closed."""
        close = self.closed.get(self.at)
        if close is None:
            if PATH.match(self.text, self.at + 1):
                raise QueryError(self._since(start), gettext("a bracket is opened but not closed"))
            return False
        inner = self.text[self.at + 1 : close].removeprefix("-")
        if BARE_WORD.fullmatch(inner) and not PATH.match(inner) and not inner.startswith("("):
            return False
        if close + 1 < self.end and not self.text[close + 1].isspace():
            raise QueryError(self.text[start : close + 2], gettext("put a space after the closing bracket"))
        return True

    def _group(self, start: int, negated: bool) -> Part:
        close, end = self.closed[self.at], self.end
        if self.depth == DEEPEST:
            raise QueryError(
                self._since(start), gettext("groups may stand within each other %(deepest)s deep", deepest=DEEPEST)
            )
        self.at, self.end, self.depth = self.at + 1, close, self.depth + 1
        parts = tuple(self.parts())
        self.at, self.end, self.depth = close + 1, end, self.depth - 1
        if not parts:
            raise QueryError(self.text[start : close + 1], gettext("there is nothing between the brackets"))
        return grouped(parts, negated=negated)

    def _word(self, start: int, negated: bool) -> Word:
        if self._peek() == '"':
            text = self._quoted(start)
        else:
            found = BARE_WORD.match(self.text, self.at, self.end)
            text = found.group() if found else ""
            self.at += len(text)
        if not text.strip():
            raise QueryError(self._since(start), gettext("there is nothing between the quotes to search for"))
        return Word(text, negated)

    def _term(self, head: re.Match[str], start: int, negated: bool) -> Term:
        self.at = head.end()
        op = Op(head.group(2))
        values = self.values(start)
        if op is not Op.EQUALS and (len(values) > 1 or not isinstance(values[0], Literal)):
            raise QueryError(
                self._since(start), gettext("“%(op)s” takes one value (decimals have a point, not a comma)", op=op)
            )
        return Term(tuple(head.group(1).split(".")), op, values, negated)

    def _value(self, start: int) -> Value:
        if self._peek() == '"':
            value: Value = Literal(self._quoted(start))
        else:
            value = self._bare(start)
        if self._peek() not in ("", ",") and not self._peek().isspace():
            raise QueryError(self._since(start), gettext("put the whole value in double quotes"))
        return value

    def _bare(self, start: int) -> Value:
        found = BARE_VALUE.match(self.text, self.at, self.end)
        if not found:
            raise QueryError(self._since(start), gettext("a value is missing at its end (no space after “:” or “,”)"))
        text = found.group()
        self.at = found.end()
        if text in ("none", "any"):
            return Empty() if text == "none" else Filled()
        low, dots, high = text.partition(RANGE)
        if not dots:
            return Literal(text)
        if not (low or high) or RANGE in high or has_brackets(text):
            raise QueryError(self._since(start), gettext("a range has one or two ends, as in 1..9, 1.. or ..9"))
        return Range(Literal(low) if low else None, Literal(high) if high else None)

    def _quoted(self, start: int) -> str:
        found = _QUOTED.match(self.text, self.at)
        if not found:
            raise QueryError(
                self.text[start:], gettext('a quote is opened but not closed; write \\" for the character itself')
            )
        self.at = found.end()
        return _ESCAPED.sub(r"\1", found.group(1))
