// Comfort only: the page is complete without this file. A mark of progress, one question at a time for who
// wants it, and on one-time links a draft in this tab, erased on sending.
const form = document.querySelector("form[data-steps]");
const words = form.dataset;
const send = form.querySelector("button");
const shown = (element) => element.getClientRects().length > 0;
const conditional = (question) => /\b[dh]\d\b/.test(question.className);
const answered = (question) =>
  [...question.querySelectorAll("input,textarea")].some((field) =>
    field.type === "textarea" ? field.value.trim() : field.checked);

// Rows that stand under a closed <details> are not part of the way through the sheet.
const questions = [...form.querySelectorAll(".q")].filter((question) => !question.closest("details"));

// Progress.
const bar = document.createElement("div");
bar.className = "bar";
const count = document.createElement("span");
count.id = "progress-words";
const meter = document.createElement("progress");
meter.setAttribute("aria-labelledby", count.id);
const mode = document.createElement("button");
mode.type = "button";
mode.className = "plain mode";
bar.append(count, meter);
form.prepend(bar);

let current = -1; // The question shown alone, or -1 for the whole sheet.
const applies = (question) => {
  if (current < 0 || !conditional(question)) return current >= 0 || shown(question);
  // A question hidden by its step cannot tell whether its rule hides it too: it is shown for a moment.
  const before = question.hidden;
  const group = question.closest(".group");
  const groupBefore = group?.hidden;
  question.hidden = false;
  if (group) group.hidden = false;
  const result = shown(question);
  question.hidden = before;
  if (group) group.hidden = groupBefore;
  return result;
};

function update() {
  const due = questions.filter(applies);
  const done = due.filter(answered).length;
  meter.max = due.length;
  meter.value = done;
  count.textContent = words.progress.replace("{n}", done).replace("{of}", due.length);
}

// One question at a time.
const steps = document.createElement("div");
steps.className = "steps";
const back = document.createElement("button");
const next = document.createElement("button");
for (const [button, text, by] of [[back, words.back, -1], [next, words.next, 1]]) {
  button.type = "button";
  if (by < 0) button.className = "plain";
  button.textContent = text;
  button.addEventListener("click", () => move(by));
}
steps.append(back, next);
steps.hidden = true;
send.before(steps);
const others = [...form.children].filter(
  (element) => element.localName === "p" || element.classList.contains("errors"));

function move(by) {
  let target = current + by;
  while (questions[target] && !applies(questions[target])) target += by;
  if (!questions[target]) return;
  current = target;
  render();
  const field = questions[current].querySelector("input:checked,input,textarea");
  field.focus({ preventScroll: true });
  bar.scrollIntoView();
}

function render() {
  const alone = current >= 0;
  questions.forEach((question, index) => { question.hidden = alone && index !== current; });
  for (const group of form.querySelectorAll(".group")) {
    group.hidden = alone && !group.contains(questions[current]);
  }
  for (const element of form.querySelectorAll("details")) element.hidden = alone;
  for (const element of others) element.hidden = alone;
  const remaining = questions.slice(current + 1).some(applies);
  steps.hidden = !alone;
  back.hidden = !questions.slice(0, Math.max(current, 0)).some(applies);
  next.hidden = !remaining;
  send.hidden = alone && remaining;
  mode.textContent = alone ? words.whole : words.steps;
  // Below the first question: the faces come first, whatever the way through the rest.
  (alone ? steps : questions[0]).after(mode);
  update();
}

mode.addEventListener("click", () => {
  const first = questions.findIndex((question) => applies(question) && !answered(question));
  current = current < 0 ? Math.max(first, 0) : -1;
  render();
  mode.focus();
});

// A tap on an answer goes on by itself; arrow keys, which choose while they pass, do not.
let tapped = false;
form.addEventListener("pointerdown", () => { tapped = true; });
form.addEventListener("keydown", () => { tapped = false; });
form.addEventListener("change", (event) => {
  if (current >= 0 && tapped && event.target.type === "radio") setTimeout(() => move(1), 250);
});

// The draft: only on one-time links, only in this tab.
const KEY = "draft " + location.pathname;
const PRIVATE = ["id", "t", "website"];
function keep() {
  const pairs = [...new FormData(form)].filter(([name]) => !PRIVATE.includes(name));
  sessionStorage.setItem(KEY, JSON.stringify(pairs));
}
function restore() {
  for (const [name, value] of JSON.parse(sessionStorage.getItem(KEY) || "[]")) {
    for (const field of form.elements[name]?.length ? form.elements[name] : [form.elements[name]]) {
      if (!field) continue;
      if (field.type === "textarea") field.value = value;
      else if (field.value === value) {
        field.checked = true;
        field.closest("details")?.setAttribute("open", "");
      }
    }
  }
}
if ("draft" in words) {
  try {
    if (!document.querySelector(".errors")) restore();
    form.addEventListener("input", keep);
    form.addEventListener("submit", () => sessionStorage.removeItem(KEY));
  } catch { /* Without storage there is no draft. */ }
}
form.addEventListener("input", update);
render();
