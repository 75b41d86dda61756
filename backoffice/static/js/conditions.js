// Conditions without a page for each step: form[data-conditions] is asked for again as its buttons would, and replaced in place.
//   [data-refresh] decides which other boxes there are; [autofocus] in the answer is where work goes on
//   [data-said] says the query that the boxes make, as they are typed into
// The button that shows the rows leads to the list as ever, and so does an answer that is no such form.

const PAUSE = 200; // milliseconds: a choice is typed letter by letter
const form = document.querySelector("[data-conditions]");
let asking = null;
let timer;

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.value || button.value === "show") return clearTimeout(timer);
  event.preventDefault();
  return ask(button.value, button.id);
});

form.addEventListener("input", (event) => {
  const whole = event.target.matches("[data-refresh]") || form.hasAttribute("aria-busy");
  clearTimeout(timer);
  asking?.abort();
  if (whole) form.setAttribute("aria-busy", "true"); // what is typed meanwhile is asked along
  timer = setTimeout(() => ask("refresh", null, whole), PAUSE);
});

async function ask(deed, button, whole = true) {
  clearTimeout(timer);
  asking?.abort();
  const mine = (asking = new AbortController());
  const params = new URLSearchParams(new FormData(form));
  params.set("do", deed);
  const address = `${form.getAttribute("action")}?${params}`;
  try {
    const answer = await fetch(address, { signal: mine.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine.signal.aborted) return;
    const found = page.querySelector("[data-conditions]");
    if (!found) location.assign(address);
    else if (whole) replace(found, button);
    else form.querySelector("[data-said]").replaceChildren(...found.querySelector("[data-said]").childNodes);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

function replace(found, button) {
  const { id, selectionStart } = document.activeElement ?? {};
  const begun = found.querySelector("[autofocus]");
  begun?.removeAttribute("autofocus"); // the browser would complain that something has the focus already
  const here = button ?? id;
  form.replaceChildren(...found.childNodes);
  form.removeAttribute("aria-busy");
  const next = begun ?? (here && document.getElementById(here)) ?? (button && form.querySelector("#add-"));
  if (!next) return;
  next.focus();
  if (next.id === id && Number.isInteger(selectionStart)) next.setSelectionRange(selectionStart, selectionStart);
}
