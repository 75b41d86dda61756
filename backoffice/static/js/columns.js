// The order of columns: [data-columns] is a list whose items hold [data-move="-1"] and [data-move="1"]. The server moves a
// column too, by a page for each step; this moves it at once, by its buttons or by js/drag.js, and says so in [data-told].

const list = document.querySelector("[data-columns]");
const told = document.querySelector("[data-told]");

const name = (item) => item.querySelector("label").textContent.trim();
const tell = (item) => {
  const says = { place: [...list.children].indexOf(item) + 1, number: list.children.length, name: name(item) };
  told.textContent = told.dataset.told.replace(/{(\w+)}/g, (_, part) => says[part]);
};

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

list?.addEventListener("moved", ({ target }) => tell(target));
