// How many rows each choice of the filter panel leaves, beside the choice: when the panel is opened, and after each change in it.
//   form[data-choices=<address>] with .filters in its panel; the address answers {"<id of a select>": {"<value>": "1,234"}}

const form = document.querySelector("form[data-choices]");
const panel = form?.querySelector("details:has(.filters)");
const LONGEST = 20; // answers, each of which the server gives little time
let asked = 0;

panel?.addEventListener("toggle", () => panel.open && ask());
panel?.addEventListener("change", () => ask());
if (panel?.open) ask(); // this was fetched because it is

async function ask(left = LONGEST) {
  const mine = (asked += 1);
  const counts = await read(new URLSearchParams(new FormData(form)));
  if (mine !== asked || !counts) return;
  const whole = [...panel.querySelectorAll("select")].map((select) => show(select, counts[select.id] ?? {}));
  if (panel.open && left > 0 && whole.includes(false)) ask(left - 1);
}

async function read(params) {
  try {
    const answer = await fetch(`${form.dataset.choices}?${params}`, { headers: { Accept: "application/json" } });
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    return null; // the choices stand without numbers
  }
}

// Says whether every choice has its number.
function show(select, counts) {
  for (const option of select.options) {
    const count = counts[option.value];
    option.label = count ? `${option.text} (${count})` : option.text;
  }
  return [...select.options].every(({ value }) => value === "" || value in counts);
}
