// Items that are dragged up and down within their list: [data-drag] > *. Letting one go causes the event "moved".

let held = null;
const itemAt = ({ target }) => target.closest("[data-drag] > *");

for (const item of document.querySelectorAll("[data-drag] > *")) item.draggable = true;

document.addEventListener("dragstart", (event) => {
  held = itemAt(event);
  held?.classList.add("held");
});

document.addEventListener("dragover", (event) => {
  const over = itemAt(event);
  if (!over || over === held || over.parentNode !== held?.parentNode) return;
  event.preventDefault();
  const { top, height } = over.getBoundingClientRect();
  over[event.clientY < top + height / 2 ? "before" : "after"](held);
});

document.addEventListener("drop", (event) => held && event.preventDefault());

document.addEventListener("dragend", () => {
  held?.classList.remove("held");
  held?.dispatchEvent(new Event("moved", { bubbles: true }));
  held = null;
});
