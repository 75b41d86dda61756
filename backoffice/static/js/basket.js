// Keeping ticks on the server, one request after the other, so that they are there on the next page.
//   keeper(form[data-tick]) -> { keep(add, remove), clear() }; `told` hears { number, sources } after each
// Leaving by a link or a form of the page waits until what was ticked is kept. If it cannot be kept, the bar's own form still
// sends the ticks of this page.

const LONGEST = 5000; // milliseconds that a tick may hold up the next page

export function keeper(bar, told) {
  const token = bar.querySelector('input[name="csrf_token"]').value;
  let waiting = 0;
  let line = Promise.resolve();

  function send(fields) {
    waiting += 1;
    line = line
      .then(() => post(bar.dataset.tick, token, fields))
      .then((answer) => answer && told(answer))
      .finally(() => (waiting -= 1));
  }

  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
    if (!waiting || !link || elsewhere || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    event.preventDefault();
    line.then(() => location.assign(link.href));
  });
  addEventListener("submit", (event) => {
    if (!waiting || event.target === bar || event.defaultPrevented) return;
    event.preventDefault();
    line.then(() => event.target.requestSubmit(event.submitter));
  });

  return {
    keep: (add, remove) => send({ add: add.join(","), remove: remove.join(",") }),
    clear: () => send({ clear: "1" }),
  };
}

async function post(url, token, fields) {
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const body = new URLSearchParams(fields);
  try {
    const answer = await fetch(url, { method: "POST", headers, body, keepalive: true, signal: AbortSignal.timeout(LONGEST) });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // out of reach: the form sends the ticks
  }
}
