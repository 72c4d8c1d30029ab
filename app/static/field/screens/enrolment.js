// Binding this phone to a collector, with a code that is used once. What waits to be sent stays, whoever
// the phone is bound to.
import { ask, parsed, retryAfter } from "../net.js";
import { isWaiting, wake } from "../sender.js";
import { fact, keepDevice, records } from "../store.js";
import { go, h, main } from "../ui.js";
import { W } from "../words.js";
import { today } from "./today.js";

let given = "";

// The code stands in the fragment, which no server sees, and leaves the address bar at once.
export function takeCode() {
  const code = decodeURIComponent(location.hash.slice(1)).split("=").at(-1);
  if (!code) return false;
  given = code;
  history.replaceState(history.state, "", location.pathname);
  return true;
}

export async function enrolment() {
  const [own, rows] = await Promise.all([fact("device"), records()]);
  const waiting = rows.filter(isWaiting).length;
  const told = h("p", { class: "note", role: "status", hidden: true });
  const code = h("input", { id: "code", autocomplete: "off", autocapitalize: "off", spellcheck: "false", value: given });
  const label = h("input", { id: "label", autocomplete: "off", maxlength: "60", value: own?.label ?? "" });
  const say = (text) => {
    told.hidden = false;
    told.textContent = text;
  };
  return {
    title: W.enrolTitle,
    back: own ? () => go(today) : null,
    body: [
      h("p", {}, given ? W.codeGiven : W.enrolText),
      waiting ? h("p", { class: "note" }, W.enrolQueue(waiting)) : null,
      h("div", { class: "field", hidden: Boolean(given) }, h("label", { for: "code" }, W.code), code),
      h("div", { class: "field" }, h("label", { for: "label" }, W.label), label, h("p", { class: "quiet" }, W.labelHint)),
      told,
    ],
    bar: [main(W.enrol, async () => {
      const typed = code.value.trim().split("#").at(-1).split("=").at(-1);
      if (!typed) return say(W.enrolCode);
      return enrol(typed, label.value.trim(), say);
    })],
  };
}

async function enrol(code, label, say) {
  let answer;
  try {
    answer = await ask("ghi-danh", { method: "POST", body: JSON.stringify({ code, label }) });
  } catch {
    return say(W.enrolNetwork);
  }
  if (answer.status === 429 || answer.status === 503) return say(W.enrolBusy, retryAfter(answer.headers));
  const bound = answer.status === 200 ? parsed(answer) : undefined;
  if (!bound?.token) return say(answer.status >= 500 || answer.status === 200 ? W.enrolNetwork : W.enrolGone);
  await keepDevice({ ...bound, label });
  given = "";
  await navigator.storage?.persist?.();
  wake(true);
  return go(welcome, bound);
}

async function welcome(bound) {
  const persisted = (await navigator.storage?.persisted?.()) ?? false;
  return {
    title: W.enrolled,
    body: [
      h("p", { class: "big" }, W.welcome(bound.collector.code, bound.team)),
      h("h2", {}, W.storage),
      h("p", {}, persisted ? W.storageKept : W.storageLoose),
      h("h2", {}, W.install),
      h("p", {}, W.installHint),
    ],
    bar: [main(W.toWork, () => go(today))],
  };
}
