"""Finds the words that gettext is not asked for: they would stay English in every other language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ASKS = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
HEARD = {"aria-label", "title", "placeholder", "alt", "label", "data-label"}  # attributes that people read or hear
KEYS = "kbd"  # the names on the keys of a keyboard, and what it writes, are no words of a language
SILENT = {"main_class"}  # blocks that stand in an attribute of another template
HOLE = "\0"  # what stands where something is put in
LETTERS = re.compile(r"[^\W\d_]")
SENTENCE = re.compile(r"^[A-Z][a-z-]|[a-z] [a-z]")  # what is given to a macro is words, and no name, if it looks so


class _Page(HTMLParser):
    """Collects what a person reads or hears of a template's HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = tag
        self.found += [value for name, value in attrs if name in HEARD and value and LETTERS.search(value)]

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if LETTERS.search(data) and self._open != KEYS:
            self.found.append(data.strip())


def untranslated(source: str) -> list[str]:
    """Returns the words of a template's source that do not go through gettext, holes in them as …."""
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(source)
    given: list[str] = []
    page = _Page()
    page.feed(re.sub(rf"(</?){HOLE}", r"\1x", "".join(_written(tree, given))))
    page.close()
    return [re.sub(rf"\s*{HOLE}+\s*", " … ", words).strip() for words in page.found + given]


def _written(node: nodes.Node, given: list[str]) -> Iterator[str]:
    """Yields a template's own text, and adds to `given` the words that it gives to macros and variables."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Const):
        yield str(node.value) if isinstance(node.value, str) else HOLE
    elif isinstance(node, nodes.Call | nodes.Compare | nodes.Test | nodes.Getitem):
        given += _words_in(node)
        yield HOLE
    elif isinstance(node, nodes.Filter):
        given += [words for argument in node.args for words in _words_in(argument)]
        yield from _written(node.node, given) if node.node else ()
    elif isinstance(node, nodes.CondExpr):
        for part in filter(None, (node.expr1, node.expr2)):
            yield from (*_written(part, given), HOLE)
    elif isinstance(node, nodes.Expr):
        yield from (text for child in node.iter_child_nodes() for text in _written(child, given))
        yield HOLE
    elif isinstance(node, nodes.Block) and node.name in SILENT:
        yield HOLE
    elif not isinstance(node, nodes.Import | nodes.FromImport | nodes.Include | nodes.Extends):
        yield from _of_statement(node, given)


def _of_statement(node: nodes.Node, given: list[str]) -> Iterator[str]:
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Expr) and not isinstance(node, nodes.Output):
            given += _words_in(child)
        else:
            yield from _written(child, given)


def _words_in(node: nodes.Node) -> list[str]:
    """Returns the constants of an expression that read like words, those that gettext is asked for aside."""
    if isinstance(node, nodes.Const):
        return [node.value] if isinstance(node.value, str) and SENTENCE.search(node.value) else []
    if isinstance(node, nodes.Keyword) and node.key == "class":
        return []
    children, found = list(node.iter_child_nodes()), []
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in ASKS:
        children, found = (
            [*node.kwargs],
            [] if isinstance(node.args[0], nodes.Const) else ["a text that is no constant"],
        )
    if isinstance(node, nodes.Pair):
        children = [node.value]
    return found + [words for child in children for words in _words_in(child)]


_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
_TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
_SELECTS = re.compile(r"[\[\]#>=]|\.\w|:\w")  # what finds elements, and addresses, are no texts
_NAMES = re.compile(r"X-[\w-]+|[A-Z][a-z]+[A-Z]\w+|Ctrl \w|Enter|Escape|Accept")  # of keys, errors and headers
_HELD = re.compile(r'(?:className(?: =|:)|made\("\w+",) $|(?:querySelector(?:All)?|closest|matches)\($')
_SAID = re.compile(rf"{SENTENCE.pattern}|(?:…|\d) [a-z]")


def written(script: str) -> list[str]:
    """Returns the words that a script's source says by itself, holes in them as …: they come from templates."""
    source = _COMMENT.sub("", script)
    found = []
    for text in _TEXT.finditer(source):
        said = re.sub(r"\$\{[^}]*\}", "…", text[1] or text[2] or "")
        is_name = _NAMES.fullmatch(said) or _SELECTS.search(said) or _HELD.search(source[: text.start()])
        if _SAID.search(said) and not is_name:
            found.append(said)
    return found
