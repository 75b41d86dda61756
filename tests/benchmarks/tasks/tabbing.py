"""The shortest way to a control by the keyboard, as somebody who knows the page would go: by Tab or Shift+Tab, over one of the
page's skip links, or by the browser's search in the page, which leaves the focus on the link or button that holds the words.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator


@dataclass(frozen=True)
class Way:
    """`skip` is how many presses of Tab lead to a skip link that shortens the way, -1 where none does; `found` is which match
    of its words the control is for the browser's search, from either end; 0 where going by Tab is as short.
    """

    back: bool
    skip: int
    found: int


def way_to(target: Locator) -> Way:
    """Returns the way from where the focus is."""
    return Way(**target.evaluate(_WAY))


_WAY = """(target) => {
  const room = document.querySelector("dialog:modal") ?? document.body;
  const seen = (one) => one.checkVisibility({ visibilityProperty: true });
  const stops = [...room.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
    (one) => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden" && seen(one));
  const here = document.activeElement;
  const follows = (one, place) => one.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING;
  const behind = (place) => {
    const at = stops.findIndex((stop) => stop === place || follows(place, stop));
    return at < 0 ? stops.length : at;
  };
  const from = here === document.body ? -1 : stops.includes(here) ? stops.indexOf(here) : behind(here) - 0.5;
  const to = stops.indexOf(target);
  let best = { back: to < from, skip: -1, found: 0, presses: Math.ceil(Math.abs(to - from)) };
  stops.slice(0, 4).forEach((stop, at) => {
    const place = stop.matches('a[href^="#"]') && document.getElementById(stop.getAttribute("href").slice(1));
    const first = place && behind(place);
    if (!place || from >= at || to < first) return;
    const presses = Math.ceil(at - from) + 1 + (to - first) + (stops[first] === place ? 0 : 1);
    if (presses < best.presses) best = { back: false, skip: Math.ceil(at - from), found: 0, presses };
  });
  const words = target.matches("a, button, summary, input[type=submit]") ? (target.innerText || target.value).trim() : "";
  if (words && room === document.body) {
    const texts = document.createTreeWalker(room, NodeFilter.SHOW_TEXT);
    let [before, after] = [0, 0];
    while (texts.nextNode()) {
      const { data, parentElement } = texts.currentNode;
      if (target.contains(parentElement) || !seen(parentElement)) continue;
      const times = data.toLowerCase().split(words.toLowerCase()).length - 1;
      if (follows(parentElement, target)) before += times;
      else after += times;
    }
    const found = 1 + Math.min(before, after + 1);
    if (2 + found < best.presses) best = { back: false, skip: -1, found };
  }
  return { back: best.back, skip: best.skip, found: best.found };
}"""
