// Ticking rows of a grid. The server understands the plain form; this keeps the bar's words and hidden fields true.
//   form[data-selection][data-matching][data-elsewhere][data-tick] with [data-all] [data-without] [data-count] [data-sources]
//   [data-pick-all] [data-pick-none] [data-keep] [data-show]
//   input[data-pick] in each row, input[data-pick-page] in the header

import { keeper } from "./basket.js";

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
  const basket = keeper(bar, ({ sources }) => (find("data-sources").textContent = sources));

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
    if (!everything) basket.keep(checked ? ids : [], checked ? [] : ids);
    else for (const id of ids) checked ? left.delete(id) : left.add(id);
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
    basket.clear();
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
