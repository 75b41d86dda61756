// Single keys, and the list of them. What a key does stands on the page itself, so the list cannot say anything else:
//   [data-keys="n"], or [data-keys="g s"] for two keys one after the other: the first such element that is shown is followed or pressed
//   table[data-grid][data-edit][data-delete]: keys that go along its rows; e and d without such an element are about the row

const SECOND = 1500; // milliseconds between two keys that belong together
const list = document.querySelector(".shortcut-list"); // [data-rows] [data-anything] [data-go]: what it says

let first = null; // a key that waits for a second one

export function press(event) {
  const { key } = event;
  const both = first && performance.now() - first.at < SECOND ? `${first.key} ${key}` : "";
  first = null;
  if (both && follow(both)) return;
  if ([...document.querySelectorAll("[data-keys]")].some((one) => one.dataset.keys.startsWith(`${key} `))) {
    first = { key, at: performance.now() };
  } else if (!follow(key)) onRow(event);
}

export function explain() {
  const dialog = document.getElementById("shortcuts");
  const known = new Map();
  for (const one of document.querySelectorAll("[data-keys]")) {
    if (!known.has(one.dataset.keys) && isMeant(one)) known.set(one.dataset.keys, nameOf(one));
  }
  const rows = document.querySelector("table[data-grid]") ? JSON.parse(list.dataset.rows).filter(([key]) => !known.has(key)) : [];
  const all = [["Ctrl K", list.dataset.anything], ...rows, ...known];
  list.replaceChildren(...all.map(([keys, says]) => line(keys, says)));
  dialog.showModal();
}

function line(keys, says) {
  const [row, term, meaning] = ["div", "dt", "dd"].map((name) => document.createElement(name));
  term.append(...keys.split(" ").flatMap((key) => [Object.assign(document.createElement("kbd"), { textContent: key }), " "]));
  meaning.textContent = says;
  row.append(term, meaning);
  return row;
}

function nameOf(one) {
  const name = one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent ?? one.textContent;
  return one.dataset.keys.startsWith("g ") ? list.dataset.go.replace("{}", () => name.trim()) : name.trim();
}

function isShown(one) {
  return one.checkVisibility?.() ?? one.offsetParent !== null;
}

// The menu may be folded away, and the way to take back what was done last is for the keyboard alone.
function isMeant(one) {
  return isShown(one) || one.closest("[popover]") !== null || one.matches("a[hidden]");
}

function follow(keys) {
  const all = [...document.querySelectorAll(`[data-keys="${CSS.escape(keys)}"]`)];
  const target = all.find(isShown) ?? all.find(isMeant);
  target?.click();
  return Boolean(target);
}

function onRow(event) {
  const table = document.querySelector("table[data-grid]");
  if (!table) return;
  const rows = [...table.querySelectorAll("tbody tr[data-id]")];
  const here = rows.indexOf(document.activeElement?.closest("tr[data-id]"));
  const inCell = document.activeElement?.matches("[data-field]");
  const { key, shiftKey } = event;
  if (key === "j" || (key === "ArrowDown" && here >= 0 && !inCell)) go(rows, here, here + 1, shiftKey);
  else if (key === "k" || (key === "ArrowUp" && here >= 0 && !inCell)) go(rows, here, here < 0 ? 0 : here - 1, shiftKey);
  else if (here < 0) return;
  else if (key === "x" || (key === " " && document.activeElement.matches("a"))) tick(rows[here], shiftKey);
  else if (key === "e" && table.dataset.edit) location.assign(`${table.dataset.edit}&id=${rows[here].dataset.id}`);
  else if (key === "d" && table.dataset.delete) location.assign(`${table.dataset.delete}&id=${rows[here].dataset.id}`);
}

function go(rows, from, to, range) {
  const row = rows[Math.min(Math.max(to, 0), rows.length - 1)];
  if (!row) return;
  (row.querySelector("th a") ?? row.querySelector("[data-pick]")).focus();
  if (range && from >= 0) {
    for (const one of [rows[from], row]) if (!one.querySelector("[data-pick]").checked) tick(one, false);
  }
}

// As a click does it, so that the page keeps the tick; with Shift all rows in between.
function tick(row, range) {
  row.querySelector("[data-pick]").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: range }));
}
