// Ticking rows of a grid. The server understands the plain form; this keeps the bar's words and hidden fields true.
//   form[data-selection][data-matching] with [data-all] [data-without] [data-count] [data-pick-all] [data-pick-none]
//   input[data-pick] in each row, input[data-pick-page] in the header

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
  let last = null;

  function show() {
    const ticked = picks.filter((pick) => pick.checked).length;
    const selected = everything ? matching - left.size : ticked;
    bar.hidden = selected === 0;
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

  function pick(box, checked) {
    box.checked = checked;
    if (everything && checked) left.delete(box.value);
    if (everything && !checked) left.add(box.value);
  }

  for (const box of picks) {
    box.addEventListener("click", (event) => {
      const between = event.shiftKey && last ? range(picks, last, box) : [box];
      for (const other of between) pick(other, box.checked);
      last = box;
      show();
    });
  }
  pagePick?.addEventListener("change", () => {
    for (const box of picks) pick(box, pagePick.checked);
    show();
  });
  find("data-pick-all")?.addEventListener("click", (event) => {
    event.preventDefault();
    everything = true;
    left.clear();
    for (const box of picks) box.checked = true;
    show();
    find("data-pick-none").focus();
  });
  find("data-pick-none").addEventListener("click", (event) => {
    event.preventDefault();
    everything = false;
    left.clear();
    for (const box of picks) box.checked = false;
    show();
    (pagePick ?? picks[0])?.focus();
  });
  addEventListener("pageshow", show);
  show();
}

function range(boxes, from, to) {
  const [start, end] = [boxes.indexOf(from), boxes.indexOf(to)].sort((a, b) => a - b);
  return boxes.slice(start, end + 1);
}
