// Ticking rows of a grid. The server understands the plain form; this keeps the bar's words and hidden fields true.
//   form[data-selection][data-matching][data-elsewhere][data-tick] with [data-all] [data-without] [data-count] [data-sources]
//   [data-pick-all] [data-pick-none] [data-keep] [data-show]
//   input[data-pick] in each row, input[data-pick-page] in the header
// Each tick is kept on the server as it is made, one request after the other. Leaving by a link or a form of the page waits
// until what was ticked is kept. If it cannot be kept, the bar's own form still sends the ticks of this page.

const LONGEST = 5000; // milliseconds that a tick may hold up the next page

// A search leaves empty controls out of the address: form#query.
const query = document.querySelector("#query");
query?.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (value === "" && name.startsWith("flt")) formData.delete(name);
});

const form = document.querySelector("[data-selection]");
if (form) enableSelection(form);

function enableSelection(bar) {
  const find = (name) => bar.querySelector(`[${name}]`);
  const picks = [...document.querySelectorAll("[data-pick]")];
  const pagePick = document.querySelector("[data-pick-page]");
  const all = find("data-all");
  const without = find("data-without");
  const matching = Number(bar.dataset.matching);
  const number = new Intl.NumberFormat("en");
  const left = new Set(without.value.split(",").filter(Boolean));
  let everything = "everything" in bar.dataset;
  let elsewhere = Number(bar.dataset.elsewhere);
  let last = null;
  const tell = keeper(bar);

  function show() {
    const ticked = picks.filter((pick) => pick.checked).length;
    const selected = everything ? matching - left.size : elsewhere + ticked;
    bar.hidden = selected === 0;
    find("data-sources").hidden = everything;
    find("data-keep").hidden = !everything;
    find("data-keep").textContent = "Add all to basket";
    find("data-show").hidden = everything || selected === 0;
    find("data-count").textContent = `${number.format(selected)} selected`;
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
  addEventListener("pageshow", show);
  show();
}

// Returns a function that sends what was ticked: { add }, { remove } or { clear }.
function keeper(bar) {
  const sources = bar.querySelector("[data-sources]");
  let waiting = 0;
  let line = Promise.resolve();

  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
    if (!waiting || !link || elsewhere || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    event.preventDefault();
    line.then(() => location.assign(link.href));
  });
  addEventListener("submit", (event) => {
    if (!waiting || event.target === bar || event.defaultPrevented) return;
    event.preventDefault();
    line.then(() => event.target.requestSubmit(event.submitter));
  });

  return (fields) => {
    waiting += 1;
    line = line
      .then(() => post(bar, fields))
      .then((kept) => kept && (sources.textContent = kept.sources))
      .finally(() => (waiting -= 1));
  };
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
