// Rows while one types: the list's own page for what the form says, of which only the parts that depend on the search are asked.
//   form#query [data-search]; [data-part=<name>] here and in the answer: skips, words, actions, view, problem, results
// A new letter ends the question under way. The address follows, so that a reload, Back and a link show the same rows.
// A search that cannot be read yet says so and leaves the rows as they were. Enter sends the form as ever.

const PAUSE = 200; // milliseconds after the last letter

const form = document.querySelector("#query");
const box = form.querySelector("[data-search]");
const results = part(document, "results");
const problem = part(document, "problem");
const action = form.getAttribute("action");
let shown = box.hasAttribute("aria-invalid") ? null : asked(box.defaultValue); // what the rows on the page answer
let timer;
let asking = null;

box.addEventListener("input", (event) => (event.isComposing ? stop() : later()));
box.addEventListener("compositionend", later);
box.addEventListener("change", later); // a suggestion was taken
form.addEventListener("submit", stop);
results.addEventListener("click", () => asking && later()); // what was just ticked may not be in the answer
if (asked() !== shown) later();

function part(page, name) {
  return page.querySelector(`[data-part="${name}"]`);
}

function asked(text = box.value) {
  const params = new URLSearchParams(new FormData(form));
  params.set("search", text);
  return String(params);
}

function stop() {
  clearTimeout(timer);
  asking?.abort();
  asking = null;
  results.removeAttribute("aria-busy");
}

function later() {
  stop();
  timer = setTimeout(ask, PAUSE);
}

// A cell that is being edited and ticks on their way stay: the rows wait for them.
function inUse() {
  return document.querySelector(".cell-editing, [data-keeping]") !== null;
}

async function ask() {
  const params = asked();
  if (inUse()) return later();
  if (params === shown) return tell("");
  const mine = (asking = new AbortController());
  results.setAttribute("aria-busy", "true");
  const answer = await read(params, mine.signal);
  if (mine.signal.aborted) return undefined;
  if (inUse()) return later();
  stop();
  return answer.status === 200 ? show(answer.page, params) : tell(part(answer.page, "problem")?.textContent.trim() || form.dataset.away);
}

async function read(params, signal) {
  try {
    const answer = await fetch(`${action}?${params}`, { headers: { Accept: "text/html", "X-Parts": "search" }, signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { status: answer.redirected ? 0 : answer.status, page }; // redirected: the session is over
  } catch {
    return { status: 0, page: document.implementation.createHTMLDocument() };
  }
}

function show(page, params) {
  const held = results.contains(document.activeElement);
  tell("");
  for (const place of document.querySelectorAll("[data-part]")) {
    place.replaceChildren(...(part(page, place.dataset.part)?.childNodes ?? []));
  }
  shown = params;
  history.replaceState(history.state, "", `${action}?${params}`);
  if (held) (document.querySelector("#rows") ?? box).focus({ preventScroll: true });
  document.dispatchEvent(new Event("rows"));
}

// Says softly what stands in the way; nothing, once the rows are those of the text.
function tell(text) {
  const words = document.createElement("p");
  words.className = "field-hint";
  words.id = "search-error";
  words.textContent = text;
  problem.replaceChildren(...(text ? [words] : []));
  box.classList.remove("is-invalid");
  box.removeAttribute("aria-invalid");
  if (text) box.setAttribute("aria-describedby", words.id);
  else box.removeAttribute("aria-describedby");
}
