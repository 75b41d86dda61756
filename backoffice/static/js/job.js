// The page of a job keeps itself up to date. Without it the browser loads the page anew every few seconds.
//   [data-job=<address>] [data-job-phase] [data-job-bar] [data-job-done] [data-job-pace]

const EVERY = 1000; // milliseconds
const job = document.querySelector("[data-job]");
const part = (name) => job.querySelector(`[data-job-${name}]`);

function say(element, text) {
  if (element.textContent !== text) element.textContent = text; // a reader hears changes only
}

async function look() {
  try {
    const answer = await fetch(job.dataset.job, { headers: { Accept: "application/json" } });
    if (answer.status === 401 || answer.redirected) return location.reload();
    if (answer.ok) {
      const told = await answer.json();
      if (!told.open) return location.reload();
      say(part("phase"), told.phase);
      say(part("done"), told.done.toLocaleString(document.documentElement.dataset.locale ?? "en", { useGrouping: true }));
      say(part("pace"), told.pace);
      part("bar").value = told.done;
    }
  } catch {
    // The server is away: the next look may find it.
  }
  setTimeout(look, EVERY);
}

if (job) setTimeout(look, EVERY);
