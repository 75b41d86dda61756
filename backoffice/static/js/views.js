// How many rows each saved view has, and as of when: fetched when the menu of views is opened.
//   [data-views=<address>] inside details, with [data-view=<id>] for each; the address answers {id: {count, at, problem}}

const LONGEST = 10; // answers, each of which the server gives little time

const opened = () => document.querySelector("details[open] [data-views]");
document.addEventListener("toggle", ({ target }) => target.contains(opened()) && ask(opened()), true);
if (opened()) ask(opened()); // this was fetched because it is

async function ask(menu, left = LONGEST) {
  const told = await read(menu.dataset.views);
  if (!told) return;
  const links = [...menu.querySelectorAll("[data-view]")];
  for (const link of links) show(link, told[link.dataset.view], menu.dataset);
  const waiting = links.some((link) => told[link.dataset.view]?.count === "" && !told[link.dataset.view].problem);
  if (waiting && left > 0 && menu.closest("details").open) ask(menu, left - 1);
}

async function read(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    return null; // the views stand without numbers
  }
}

function show(link, told, { closed, asOf }) {
  if (!told || (!told.count && !told.problem)) return;
  const note = link.querySelector("small") ?? link.appendChild(document.createElement("small"));
  note.textContent = told.problem ? closed : asOf.replace("{count}", told.count).replace("{at}", told.at);
  link.title = told.problem;
}
