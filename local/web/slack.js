// The page of messages: sends the slash command and presses buttons, as Slack would, and shows what comes.

/** How often the page looks for an answer, and how long, in ms. */
const LOOK_MS = 700;
const PATIENCE_MS = 70_000;

let lookUntil = 0;
let isLooking = false;

/** Puts the messages of now in place of those that stand there. What comes is our own page, whose texts are escaped. */
async function refresh() {
  const answer = await fetch('/slack', { cache: 'no-store' });
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
  const main = document.querySelector('main');
  if (next === null || main === null || next.textContent === main.textContent) return;
  main.replaceWith(document.adoptNode(next));
  window.scrollTo({ top: document.documentElement.scrollHeight });
}

async function look() {
  lookUntil = Date.now() + PATIENCE_MS;
  if (isLooking) return;
  isLooking = true;
  while (Date.now() < lookUntil) {
    await refresh();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  isLooking = false;
}

async function post(path, body) {
  await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  void look();
}

const person = () => document.querySelector('select[name=person]')?.value ?? 'you';

document.querySelector('form')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const input = document.querySelector('input[name=text]');
  void post('/api/slack/command', { text: input.value, person: person() });
  input.value = '';
});

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button[data-action]') : null;
  const article = button?.closest('article[data-ts]');
  if (!button || !article) return;
  button.disabled = true;
  const action = { action_id: button.dataset.action, value: button.dataset.value };
  void post('/api/slack/press', { ts: article.dataset.ts, action, person: person() });
});

window.scrollTo({ top: document.documentElement.scrollHeight });
