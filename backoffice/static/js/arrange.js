// Figures can be dragged within their heading; the buttons beside them do the same without this.
//   [data-arrange] holds the lists; li[data-figure] can be dragged; [data-order] is the form that keeps an order

const all = document.querySelector("[data-arrange]");
const form = document.querySelector("[data-order]");
let held = null;

for (const item of all.querySelectorAll("[data-figure]")) item.draggable = true;

all.addEventListener("dragstart", (event) => {
  held = event.target.closest("[data-figure]");
  held?.classList.add("arrange-held");
});

all.addEventListener("dragover", (event) => {
  const over = event.target.closest("[data-figure]");
  if (!held || !over || over.parentNode !== held.parentNode) return;
  event.preventDefault();
  const { top, height } = over.getBoundingClientRect();
  over[event.clientY < top + height / 2 ? "before" : "after"](held);
});

all.addEventListener("drop", (event) => event.preventDefault());

all.addEventListener("dragend", () => {
  held?.classList.remove("arrange-held");
  if (!held) return;
  form.elements.order.value = [...all.querySelectorAll("[data-figure]")].map((item) => item.dataset.figure).join();
  form.elements.at.value = `at-${held.dataset.figure}`;
  form.requestSubmit();
});
