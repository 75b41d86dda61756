"""Prints the table of the tasks; see the package for what counts as a step."""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import tests.benchmarks.tasks as package
from tests.benchmarks.tasks import products, table
from tests.benchmarks.tasks.desk import Desk, Script
from tests.benchmarks.tasks.hands import HANDS
from tests.benchmarks.tasks.products import Product
from tests.benchmarks.tasks.table import Done
from tests.benchmarks.tasks.tasks import TASKS, Task
from tests.browser.site import FLAGS, LOOKS, chromium

NEEDED = "Django is missing: pip install -r tests/benchmarks/requirements.txt"


def main() -> None:
    arguments = _arguments()
    if importlib.util.find_spec("django") is None:
        sys.exit(NEEDED)
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as other_folder,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with products.ours(Path(folder), browser) as ours, products.theirs(Path(other_folder), browser) as theirs:
            print(f"{table.HEAD}\n{table.RULE}", flush=True)
            for name in arguments.only or TASKS:
                print(_line(browser, TASKS[name], ours, theirs, arguments.hand or list(HANDS)), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.tasks",
        description=package.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", action="append", choices=list(TASKS), help="do no other task")
    parser.add_argument("--hand", action="append", choices=list(HANDS), help="do them by this hand alone")
    return parser.parse_args()


def _line(browser: Browser, task: Task, ours: Product, theirs: Product, hands: list[str]) -> str:
    cells: list[Done | str | None] = []
    for product, script in ((ours, task.ours), (theirs, task.theirs)):
        if isinstance(script, str):
            cells += [script, "–"]
        else:
            cells += [_done(browser, product, script, hand) if hand in hands else None for hand in HANDS]
    return table.line(task.words, cells)


def _done(browser: Browser, product: Product, script: Script, hand_name: str) -> Done:
    """Does a task and returns what it took. Raises AssertionError where it did not come about."""
    product.prepare()
    context = browser.new_context(base_url=product.url, storage_state=product.session, **LOOKS["light"])
    page = context.new_page()
    page.goto("/admin/")
    hand = HANDS[hand_name](page)
    acts = script(Desk(page, hand, product.database))
    next(acts)
    hand.steps, begin = 0, time.perf_counter()
    next(acts)
    done = Done(hand.steps, time.perf_counter() - begin)
    next(acts, None)  # says what must have become of it
    context.close()
    return done


if __name__ == "__main__":
    main()
