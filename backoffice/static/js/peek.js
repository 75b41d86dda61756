// The row that is read beside the list. The list's address says which (peek=<id>), and answers the panel alone when that is asked.
//   aside#peek[data-id] with [data-close] and [data-row=<id>]
// The panel follows the row that has the focus or is clicked; an older answer is dropped. A second click on a row's name opens
// its page. Escape closes the panel, and the focus goes back to the row.

const PAUSE = 100; // milliseconds on a row, for whoever holds a key down
const main = document.getElementById("main");
const narrow = matchMedia("(max-width: 60rem)"); // a sheet over the page, by css/peek.css
const SHEETS = "dialog[open], details[data-dropdown][open], [popover]:popover-open"; // these close first
let timer;
let asking = null;
let pressed = ""; // the row that was shown as the pointer went down

const panel = () => document.getElementById("peek");
const rowOf = (id) => main.querySelector(`tr[data-id="${CSS.escape(id)}"]`);
const rowAt = (target) => panel() && target.closest("#rows tbody tr[data-id]");

// Shows a row, the first one if none is meant; where it is shown already, the focus goes there.
export function open(row) {
  const { id } = (row ?? main.querySelector("tr[data-id]"))?.dataset ?? {};
  if (id && panel()?.dataset.id === id) panel().querySelector("h2").focus();
  else if (id) show(id);
}

function stop() {
  clearTimeout(timer);
  asking?.abort();
  asking = null;
}

function later(id) {
  stop();
  if (panel().dataset.id !== id) timer = setTimeout(show, PAUSE, id);
}

async function show(id) {
  stop();
  const { signal } = (asking = new AbortController());
  const address = addressOf(id);
  const found = await read(address, signal);
  if (signal.aborted) return;
  if (!found) return location.assign(address); // the session is over, or the server out of reach: the page says so
  await dress(found);
  if (!signal.aborted) put(found, address);
}

function addressOf(id) {
  const address = new URL(location);
  if (id) address.searchParams.set("peek", id);
  else address.searchParams.delete("peek");
  return address;
}

async function read(address, signal) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html", "X-Parts": "peek" }, signal });
    return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("peek");
  } catch {
    return null;
  }
}

// Its styles come first, and once.
async function dress(found) {
  const sheet = found.querySelector("link");
  if (document.querySelector(`link[href="${sheet.getAttribute("href")}"]`)) return;
  await new Promise((resolve) => {
    sheet.onload = sheet.onerror = resolve;
    document.head.append(sheet);
  });
}

function put(found, address) {
  const old = panel();
  const held = old?.contains(document.activeElement);
  if (old) old.replaceWith(found);
  else main.after(found);
  history.replaceState(history.state, "", address);
  settle();
  if (held || narrow.matches) found.querySelector("h2").focus();
  rowOf(found.dataset.id)?.scrollIntoView({ block: "nearest" });
}

function close() {
  stop();
  const { id } = panel().dataset;
  panel().remove();
  history.replaceState(history.state, "", addressOf(null));
  settle();
  (rowOf(id)?.querySelector("th a") ?? main).focus();
}

// Marks the row, and keeps the page under a sheet out of the way.
function settle() {
  for (const part of document.querySelectorAll("main, .topbar")) part.inert = narrow.matches && panel() !== null;
  main.querySelector("tr[aria-current]")?.removeAttribute("aria-current");
  if (panel()) rowOf(panel().dataset.id)?.setAttribute("aria-current", "true");
}

function onPanel(event) {
  const { row } = event.target.closest("[data-row]")?.dataset ?? {};
  if (row) show(row);
  else if (event.target.closest("[data-close]")) close();
  else return;
  event.preventDefault();
}

function onRow(event, row) {
  const name = event.target.closest("th a");
  const { id } = row.dataset;
  if (!name) return event.target.closest("a, button, input, .cell-editing") ? undefined : later(id);
  event.preventDefault();
  if ((event.detail ? pressed : id) !== id) return later(id);
  const page = panel().dataset.id === id && panel().querySelector(".peek-ways a");
  return location.assign(page ? page.href : name.href);
}

document.addEventListener("pointerdown", () => (pressed = panel()?.dataset.id), true);
document.addEventListener("focusin", ({ target }) => rowAt(target) && later(rowAt(target).dataset.id));
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  if (panel()?.contains(event.target)) onPanel(event);
  else if (rowAt(event.target)) onRow(event, rowAt(event.target));
});
document.addEventListener("keydown", (event) => {
  const inside = event.target.closest("input:not([type=checkbox]), textarea, select, .cell-editing"); // Escape means that
  if (event.key !== "Escape" || inside || !panel() || document.querySelector(SHEETS)) return;
  close();
}, true);
document.addEventListener("rows", () => {
  if (panel()) history.replaceState(history.state, "", addressOf(panel().dataset.id));
  settle();
});
narrow.addEventListener("change", settle);
settle();
