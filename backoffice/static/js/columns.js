// The order of columns: [data-columns] is a list whose items hold [data-move="-1"] and [data-move="1"]. The server moves a
// column too, by a page for each step; this moves it at once, by its buttons or by dragging, and says so in [data-told].

const list = document.querySelector("[data-columns]");
const told = document.querySelector("[data-told]");
let dragged = null;

const name = (item) => item.querySelector("label").textContent.trim();
const tell = (item) => (told.textContent = `${name(item)} is now column ${[...list.children].indexOf(item) + 1} of ${list.children.length}`);

list?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  event.preventDefault();
  const item = button.closest("li");
  if (button.dataset.move === "1") item.nextElementSibling?.after(item);
  else item.previousElementSibling?.before(item);
  button.focus();
  tell(item);
});

for (const item of list?.children ?? []) {
  item.draggable = true;
  item.addEventListener("dragstart", (event) => {
    dragged = item;
    event.dataTransfer.effectAllowed = "move";
  });
  item.addEventListener("dragend", () => {
    tell(item);
    dragged = null;
  });
  item.addEventListener("dragover", (event) => {
    if (!dragged || dragged === item) return;
    event.preventDefault();
    const { top, height } = item.getBoundingClientRect();
    if (event.clientY > top + height / 2) item.after(dragged);
    else item.before(dragged);
  });
}
