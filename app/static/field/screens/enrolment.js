// Binding this phone to a collector, with a code that is used once. What waits to be sent stays, whoever
// the phone is bound to.
import { ask, parsed } from "../net.js";
import { isWaiting, wake } from "../sender.js";
import { fact, keepDevice, records } from "../store.js";
import { go, h, main, say } from "../ui.js";
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
  const pasted = h("div", { class: "field", hidden: Boolean(given) }, h("label", { for: "code" }, W.code), code);
  return {
    title: W.enrolTitle,
    back: own ? () => go(today) : null,
    body: [
      h("p", {}, given ? W.codeGiven : W.enrolText),
      waiting ? h("p", { class: "note" }, W.enrolQueue(waiting)) : null,
      pasted,
      h("div", { class: "field" }, h("label", { for: "label" }, W.label), label, h("p", { class: "quiet" }, W.labelHint)),
      told,
    ],
    bar: [main(W.enrol, async () => {
      const typed = code.value.trim().split("#").at(-1).split("=").at(-1);
      if (!typed) return say(told, W.enrolCode);
      const refused = await enrol(typed, label.value.trim());
      if (!refused) return undefined;
      // A QR's code that is worth nothing gives way to another.
      if (pasted.hidden && !given) code.value = "";
      pasted.hidden = Boolean(given);
      return say(told, refused);
    })],
  };
}

// Returns the words of what went wrong.
async function enrol(code, label) {
  let answer;
  try {
    answer = await ask("ghi-danh", { method: "POST", body: JSON.stringify({ code, label }) });
  } catch {
    return W.enrolNetwork;
  }
  if (answer.status === 429 || answer.status === 503) return W.enrolBusy;
  const bound = answer.status === 200 ? parsed(answer) : undefined;
  if (!bound?.token) {
    const isOff = answer.status >= 500 || answer.status === 200;
    if (!isOff) given = "";
    return isOff ? W.enrolNetwork : W.enrolGone;
  }
  await keepDevice({ ...bound, label });
  given = "";
  await navigator.storage?.persist?.();
  wake(true);
  await go(welcome, bound);
  return null;
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
