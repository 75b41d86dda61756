// The row beside the list: aside#peek[data-id], in it a[data-id], a[data-close]. The list's address answers it alone if asked.
// It follows the row that has the focus or is clicked; a click on the name of the row it shows opens that one's page.

const main = document.getElementById("main");
const panel = () => document.getElementById("peek");
let asking = new AbortController();

export function open(row) {
  const { id } = (row ?? main.querySelector("tr[data-id]")).dataset;
  if (id === panel()?.dataset.id) panel().querySelector("h2").focus();
  else show(id);
}

// After a moment, as a key may be held down; what was asked before is dropped.
function show(id) {
  asking.abort();
  asking = new AbortController();
  if (id !== panel()?.dataset.id) setTimeout(ask, 100, addressOf(id), asking.signal);
}

function addressOf(id) {
  const address = new URL(location);
  address.searchParams.delete("peek");
  if (id) address.searchParams.set("peek", id);
  return address;
}

async function ask(address, signal) {
  const answer = fetch(address, { headers: { "X-Parts": "peek" }, signal });
  const text = await answer.then((found) => found.text()).catch(() => "");
  if (signal.aborted) return;
  const found = new DOMParser().parseFromString(text, "text/html").getElementById("peek");
  if (found) put(found);
  else location.assign(address); // which says what is wrong
}

function put(found) {
  const held = panel()?.contains(document.activeElement);
  panel()?.remove();
  if (found) main.after(found);
  history.replaceState(history.state, "", addressOf(found?.dataset.id));
  main.querySelector("tr[aria-current]")?.removeAttribute("aria-current");
  const row = main.querySelector(`tr[data-id="${found?.dataset.id}"]`);
  row?.setAttribute("aria-current", "true");
  row?.scrollIntoView({ block: "nearest" });
  if (found && (held || getComputedStyle(main).visibility === "hidden")) found.querySelector("h2").focus();
}

function close() {
  const name = main.querySelector("tr[aria-current] th a");
  asking.abort();
  put(null);
  (name ?? main).focus();
}

put(panel());
document.addEventListener("rows", () => put(panel()));
document.addEventListener("focusin", ({ target }) => {
  const row = target.closest("#rows tr[data-id]");
  if (row && panel()) show(row.dataset.id);
});
document.addEventListener("click", (event) => {
  const to = event.target.closest("#rows tr[data-id], #peek a[data-id], [data-close]");
  const name = event.target.closest("th a, #peek a");
  if (!to || !panel() || event.ctrlKey || event.metaKey) return;
  if (name) event.preventDefault();
  if ("close" in to.dataset) close();
  else if (to.dataset.id !== panel().dataset.id) show(to.dataset.id);
  else if (name) location.assign(panel().querySelector(".btn").href);
});
document.addEventListener("keydown", ({ key, target }) => {
  if (key === "Escape" && panel() && !target.closest("input:not([type=checkbox]), textarea, select, dialog, details")) close();
});
