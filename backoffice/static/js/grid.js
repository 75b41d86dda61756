// Ticking rows of a grid. The server understands the plain form; this keeps the bar's words and hidden fields true.
//   form[data-selection][data-matching][data-elsewhere][data-tick] with [data-all] [data-without] [data-count] [data-sources]
//   [data-pick-all] [data-pick-none] [data-keep] [data-show]
//   input[data-pick] in each row, input[data-pick-page] in the header
// Each tick is kept on the server as it is made, one request after the other; until then the bar is [data-keeping]. Leaving by
// a link or a form of the page waits for that. If it cannot be kept, the bar's own form still sends the ticks of this page.
// Rows that take the place of others are told by the event "rows".

const LONGEST = 5000; // milliseconds that a tick may hold up the next page

// A search leaves empty controls out of the address: form#query.
const query = document.querySelector("#query");
query?.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (value === "" && name.startsWith("flt")) formData.delete(name);
});

// What counts the choices of its filters is fetched when they are first opened: form#query[data-choices-script].
const filters = query?.querySelector("details:has(.filters)");
filters?.addEventListener("toggle", () => import(query.dataset.choicesScript), { once: true });

// So is what finds rows while one types, when the search box is turned to: form#query[data-typing-script].
const box = query?.querySelector("[data-search]");
const typing = () => import(query.dataset.typingScript);
if (box && box === document.activeElement) typing();
else box?.addEventListener("focus", typing, { once: true });

// So is what counts the rows of the views, when their menu is opened: [data-views-script].
document.addEventListener("toggle", ({ target }) => {
  const views = target.querySelector("[data-views-script]");
  if (views) import(views.dataset.viewsScript);
}, true);

// And what shows a row beside the list, the one that has the focus or the first: a[data-peek-script].
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-peek-script]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const row = document.activeElement.closest("tr[data-id]");
  (await import(link.dataset.peekScript)).open(row);
});

// Shift and a click on a column's header sort by that column too, after what table[data-sort="status,-created_at"] says.
document.addEventListener("click", (event) => {
  const link = event.shiftKey && event.target.closest("[data-sort] > thead a[href]");
  if (!link) return;
  event.preventDefault();
  const address = new URL(link.href);
  const keys = link.closest("[data-sort]").dataset.sort.split(",").filter(Boolean);
  address.searchParams.set("sort", withKey(keys, address.searchParams.get("sort")));
  address.searchParams.delete("desc");
  location.assign(address);
});

let waiting = 0; // ticks that are not kept yet
let line = Promise.resolve();
let show = () => {};

addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  if (!waiting || !link || elsewhere || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
  event.preventDefault();
  line.then(() => location.assign(link.href));
});
addEventListener("submit", (event) => {
  if (!waiting || event.target.matches("[data-selection]") || event.defaultPrevented) return;
  event.preventDefault();
  line.then(() => event.target.requestSubmit(event.submitter));
});
addEventListener("pageshow", () => show());

// Back leads to the row that had the focus, as the links of other pages do.
const [{ type }] = performance.getEntriesByType("navigation");
if (type === "back_forward") document.getElementById(sessionStorage.getItem(location.href))?.focus();
addEventListener("pagehide", () => {
  const row = document.activeElement?.closest("tr[data-id]");
  sessionStorage.setItem(location.href, row ? `row-${row.dataset.id}` : "");
});
document.addEventListener("rows", enableRows);
enableRows();

// Returns the keys of an order with one more, or with that one turned around.
function withKey(keys, name) {
  const place = keys.findIndex((key) => key.replace(/^-/, "") === name);
  if (place < 0) return [...keys, name].join(",");
  return keys.with(place, keys[place].startsWith("-") ? name : `-${name}`).join(",");
}

function enableRows() {
  const bar = document.querySelector("[data-selection]");
  show = bar ? enableSelection(bar) : () => {};
  show();
}

// Returns what brings the bar's words and hidden fields up to date.
function enableSelection(bar) {
  const find = (name) => bar.querySelector(`[${name}]`);
  const picks = [...document.querySelectorAll("[data-pick]")];
  const pagePick = document.querySelector("[data-pick-page]");
  const all = find("data-all");
  const without = find("data-without");
  const matching = Number(bar.dataset.matching);
  const number = new Intl.NumberFormat(document.documentElement.dataset.locale ?? "en", { useGrouping: true });
  const left = new Set(without.value.split(",").filter(Boolean));
  let everything = "everything" in bar.dataset;
  let elsewhere = Number(bar.dataset.elsewhere);
  let last = null;
  const tell = (fields) => keep(bar, fields);

  function show() {
    const ticked = picks.filter((pick) => pick.checked).length;
    const selected = everything ? matching - left.size : elsewhere + ticked;
    bar.toggleAttribute("data-idle", selected === 0);
    find("data-sources").hidden = everything;
    find("data-keep").hidden = !everything;
    find("data-keep").textContent = find("data-keep").dataset.keep;
    find("data-show").hidden = everything || selected === 0;
    find("data-count").textContent = find("data-count").dataset.says.replace("{}", number.format(selected));
    all.disabled = !everything;
    without.value = everything ? [...left].join(",") : "";
    const button = find("data-pick-all");
    if (button) button.hidden = everything;
    if (pagePick) {
      pagePick.checked = ticked === picks.length && ticked > 0;
      pagePick.indeterminate = ticked > 0 && ticked < picks.length;
    }
  }

  function pick(boxes, checked) {
    const ids = boxes.map((box) => box.value);
    for (const box of boxes) box.checked = checked;
    if (!everything) tell({ [checked ? "add" : "remove"]: ids });
    else if (checked) for (const id of ids) left.delete(id);
    else for (const id of ids) left.add(id);
  }

  for (const box of picks) {
    box.addEventListener("click", (event) => {
      const between = event.shiftKey && last ? range(picks, last, box) : [box];
      pick(between, box.checked);
      last = box;
      show();
    });
  }
  pagePick?.addEventListener("change", () => {
    pick(picks, pagePick.checked);
    show();
  });
  find("data-pick-all")?.addEventListener("click", (event) => {
    event.preventDefault();
    tell({ remove: picks.filter((box) => box.checked).map((box) => box.value) }); // all that match take their place
    everything = true;
    left.clear();
    for (const box of picks) box.checked = true;
    show();
    find("data-pick-none").focus();
  });
  find("data-pick-none").addEventListener("click", (event) => {
    event.preventDefault();
    everything = false;
    elsewhere = 0;
    left.clear();
    tell({ clear: 1 });
    for (const box of picks) box.checked = false;
    show();
    (pagePick ?? picks[0])?.focus();
  });
  return show;
}

// Sends what was ticked: { add }, { remove } or { clear }.
function keep(bar, fields) {
  const settle = (change) => bar.toggleAttribute("data-keeping", (waiting += change) > 0);
  settle(1);
  line = line
    .then(() => post(bar, fields))
    .then((kept) => kept && (bar.querySelector("[data-sources]").textContent = kept.sources))
    .finally(() => settle(-1))
    .then(() => waiting || addUp());
}

// Totals at the foot follow the ticks: tfoot[data-totals].
async function addUp() {
  const foot = document.querySelector("[data-totals]");
  if (!foot) return;
  const answer = await fetch(location, { headers: { Accept: "text/html", "X-Parts": "search" } }).catch(() => null);
  const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
  foot.replaceWith(page.querySelector("[data-totals]") ?? foot);
}

async function post(bar, fields) {
  const token = bar.querySelector('input[name="csrf_token"]').value;
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const signal = AbortSignal.timeout(LONGEST);
  const body = new URLSearchParams(fields);
  try {
    const answer = await fetch(bar.dataset.tick, { method: "POST", headers, body, signal, keepalive: true });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // out of reach: the form sends the ticks
  }
}

function range(boxes, from, to) {
  const [start, end] = [boxes.indexOf(from), boxes.indexOf(to)].sort((a, b) => a - b);
  return boxes.slice(start, end + 1);
}
