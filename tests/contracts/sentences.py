"""Finds the sentences of Python that nobody is asked for: they would stay English in every other language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

ASKS = {"_", "gettext", "ngettext", "pgettext", "lazy_gettext", "later", "to_tell", "to_count"}
SAYS = {"flash", "note", "done", "drawn"}  # what a person reads on the next page is their first argument
TO_DEVELOPERS = {"Misdeclared", "SettingError", "TypeError", "AssertionError", "UnrecordedWrite"}
TO_LOGS = {"debug", "info", "warning", "error", "exception", "critical", "event"}
TO_MACHINES = {
    *("text", "execute", "exec_driver_sql", "DDL", "CheckConstraint", "Index", "Markup", "compile", "search", "op"),
    *("TypeVar", "ParamSpec", "Signal", "cast", "get", "set", "add", "partition", "URLSafeSerializer", "address"),
}
DECLARED = {
    "info",
    "title",
    "nouns",
    "group",
    "instead",
    "sections",
    "steps",
    "panels",
}  # asked for where they are shown
SENTENCE = re.compile(r"^[A-Z][a-z]+\b|[a-z”,;:…] [a-z“…]|[a-z] [a-z]|… [a-z]{2}|[a-z]{2} …")
WORD = re.compile(r"[^\W\d_]{2}")
SQL = "SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|NULL|CASE|WHEN|PRAGMA|SET|DROP|CREATE|ALTER|NOT|IN|IS|COLLATE|CAST|LOCK|BEGIN"
CODE = re.compile(
    rf"\b({SQL}|COPY|VACUUM|GROUP|TABLE|KEY|failed|BY|AT)\b|</?\w|=[\"']|\{{\w|__|^\S*[.:=]\S*$|^[A-Z]\w*(-[A-Z]\w*)+$|^(\S+:\S+ ?)+$"
)
LETTERS = re.compile(r"[^\W\d_]")
HOLE = "…"


def unspoken(source: str) -> list[str]:
    """Returns the texts of a module that read like sentences for people and that gettext is not asked for, holes as "…".

    Left out are what developers, logs and machines read, docstrings, keys, types, and names that are declared.
    """
    return list(_texts(ast.parse(source)))


def unsaid(source: str) -> list[str]:
    """Returns the words of a module's source that it flashes without gettext."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    return [words for call in calls if _called(call) in SAYS for words in _constants(call.args[0])]


def _texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant | ast.JoinedStr):
        text = _written(node)
        if WORD.search(text) and SENTENCE.search(text) and not CODE.search(text):
            yield text
    for child in _children(node):
        yield from _texts(child)


def _written(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(part.value if isinstance(part, ast.Constant) else HOLE for part in node.values)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yields the parts of a node in which there may be sentences."""
    return _in_statement(node) if isinstance(node, ast.stmt) else _in_expression(node)


def _in_statement(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.Expr() if isinstance(node.value, ast.Constant):
            return
        case ast.Assign() | ast.AnnAssign() if _is_declared(node):
            return
        case ast.AnnAssign():
            yield from filter(None, [node.value])
        case ast.FunctionDef():
            yield from (*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body)
        case _:
            yield from ast.iter_child_nodes(node)


def _in_expression(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.JoinedStr():
            yield from (part.value for part in node.values if isinstance(part, ast.FormattedValue))
        case ast.Call():
            yield from _given(node)
        case ast.Dict():
            yield from node.values
        case ast.Compare():
            sides = (node.left, *node.comparators)
            yield from (side for side in sides if not isinstance(side, ast.Constant | ast.Tuple))
        case ast.Subscript():
            yield node.value
        case ast.match_case():
            yield from node.body
        case _:
            yield from ast.iter_child_nodes(node)


def _given(call: ast.Call) -> Iterator[ast.AST]:
    called = _called(call)
    yield call.func
    if called not in TO_DEVELOPERS | TO_LOGS | TO_MACHINES:
        if called not in ASKS:
            yield from call.args
        yield from (keyword.value for keyword in call.keywords if keyword.arg not in DECLARED)


def _is_declared(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(target, ast.Name) and target.id in {"__all__", *DECLARED} for target in targets)


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", "") or getattr(call.func, "id", "")


def _constants(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call | ast.Subscript | ast.Compare):
        return []
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) and LETTERS.search(node.value) else []
    children = node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node)
    return [words for child in children for words in _constants(child)]
