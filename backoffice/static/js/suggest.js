// Suggestions under a text box, while one types. Without them the same text does the same.
//   form[data-complete] input[data-search]   <complete>?search=&caret=   answers [{"text": new text of the box, "label": its meaning}]
//   form[data-lookup] input[data-picker]     <lookup>?name=&query=       answers [[id, text that names the row]]

const PAUSE = 150;
const says = JSON.parse(document.querySelector("[data-suggestions]").dataset.suggestions); // its name, one, several

for (const box of document.querySelectorAll("form[data-complete] [data-search]")) {
  const address = box.form.dataset.complete;
  enable(box, true, (signal) => read(address, { search: box.value, caret: box.selectionStart }, signal));
}
for (const box of document.querySelectorAll("form[data-lookup] [data-picker]")) {
  const address = box.closest("[data-lookup]").dataset.lookup;
  enable(box, false, async (signal) => {
    const rows = await read(address, { name: box.dataset.picker, query: box.value }, signal);
    return rows.map(([, text]) => ({ text, label: text }));
  });
}

async function read(address, params, signal) {
  try {
    const answer = await fetch(`${address}?${new URLSearchParams(params)}`, { headers: { Accept: "application/json" }, signal });
    return answer.ok ? await answer.json() : [];
  } catch {
    return []; // more was typed or the page was left meanwhile, or the network is away
  }
}

function enable(box, goesOn, find) {
  const list = document.createElement("ul");
  const status = document.createElement("span");
  const anchor = document.createElement("div");
  let active = -1;
  let timer;
  let asking;

  list.className = "suggestions";
  list.id = `${box.id}-suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", says[0]);
  list.hidden = true;
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  anchor.className = "suggest";
  const held = [box, box.autofocus && document.body].includes(document.activeElement); // what is moved loses the focus
  box.before(anchor);
  anchor.append(box, list, status);
  if (held) box.focus();
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);

  const options = () => [...list.children];

  function stop() {
    clearTimeout(timer);
    asking?.abort();
  }

  function close() {
    stop();
    list.hidden = true;
    active = -1;
    box.removeAttribute("aria-activedescendant");
  }

  function activate(index) {
    const all = options();
    active = (index + all.length) % all.length;
    all.forEach((option, position) => option.setAttribute("aria-selected", String(position === active)));
    all[active].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", all[active].id);
  }

  function take(option) {
    const behind = goesOn ? box.value.length - box.selectionStart : 0;
    box.value = option.dataset.text;
    box.setSelectionRange(box.value.length - behind, box.value.length - behind);
    box.dispatchEvent(new Event("change", { bubbles: true }));
    close();
    box.focus();
    if (goesOn && /[:.]$/.test(box.value.slice(0, box.selectionStart))) ask(); // a field was named: now its values
  }

  // Of a whole new search, what is new: the word at the caret.
  function shown(text) {
    if (!goesOn) return text;
    const start = box.value.slice(0, box.selectionStart).search(/\S*$/);
    return text.slice(start, text.length - (box.value.length - box.selectionStart));
  }

  function draw(found) {
    const chosen = options()[active]?.dataset.text; // while the answer was under way
    list.replaceChildren(...found.map(({ text, label }, index) => {
      const option = document.createElement("li");
      const name = document.createElement("span");
      const note = document.createElement("span");
      option.id = `${list.id}-${index}`;
      option.dataset.text = text;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      name.textContent = shown(text);
      note.textContent = label === name.textContent ? "" : label;
      note.className = "suggestion-label";
      option.append(name, note);
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        take(option);
      });
      return option;
    }));
    active = -1;
    box.removeAttribute("aria-activedescendant");
    list.hidden = found.length === 0;
    const again = found.findIndex(({ text }) => text === chosen);
    if (again >= 0) activate(again);
    status.textContent = found.length === 1 ? says[1] : says[2].replace("{}", found.length);
  }

  async function ask() {
    stop();
    const { signal } = (asking = new AbortController());
    const found = await find(signal);
    if (!signal.aborted && document.activeElement === box) draw(found);
  }

  box.addEventListener("input", () => {
    stop();
    timer = setTimeout(ask, PAUSE);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      activate(event.key === "ArrowDown" ? active + 1 : Math.max(active, 0) - 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(options()[active]);
    }
  });
}
