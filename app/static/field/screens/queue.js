// What waits to be sent, why, and the way out where the network is of no use.
import { exported, hurry, isUnreached, isWaiting } from "../sender.js";
import { fact, records } from "../store.js";
import { go, h, main, plain } from "../ui.js";
import { momentText, problemText, W } from "../words.js";
import { today as dayOf } from "../interviews.js";

const SHOWN = 60;

// Why the whole queue stands still, where it does.
export const halted = (halt) => (halt ? h("p", { class: "note strong", role: "status" }, W.halt[halt]) : null);

export async function pill() {
  const [rows, halt, device] = await Promise.all([records(), fact("halt"), fact("device")]);
  const n = rows.filter((row) => isWaiting(row) || (row.state === "draft" && row.finished)).length;
  // A phone that is nobody's, or was cleared, does not say that all was sent.
  if (!n && !device) return null;
  const words = !n ? W.allSent : halt ? W.waitingHalt(n) : W.waiting(n);
  return plain(words, () => go(queue), { class: n ? "pill some" : "pill" });
}

export async function queue(note = null) {
  const [rows, device, work, halt, sent] = await Promise.all([
    records(), fact("device"), fact("work"), fact("halt"), fact("lastSent"),
  ]);
  const listed = rows.filter((row) => row.state !== "draft" || row.finished)
    .sort((one, other) => isWaiting(other) - isWaiting(one) || other.made - one.made);
  const waiting = listed.filter((row) => row.state !== "acknowledged");
  return {
    title: W.queueTitle,
    tab: "queue",
    body: [
      note && waiting.length ? h("p", { class: "note", role: "status" }, note) : null,
      halted(halt),
      waiting.length && !halt && isUnreached() ? h("p", { class: "note", role: "status" }, W.unreached) : null,
      h("p", {}, waiting.length ? W.queueText : W.queueNone),
      h("p", { class: "quiet" }, sent ? W.lastSent(momentText(sent)) : W.neverSent,
        work ? ` ${W.lastLook(momentText(work.fetched))}.` : ""),
      h("ul", { class: "list plain-list" }, listed.slice(0, SHOWN).map((row) => line(row, device))),
      waiting.length ? h("section", {},
        h("p", { class: "quiet" }, W.exportText),
        plain(W.export, () => exportFile(rows), { "data-key": "export" })) : null,
    ],
    bar: waiting.length ? [main(W.sendNow, () => hurry(), { "data-key": "send" })] : [],
  };
}

function line(row, device) {
  const state = row.kept === "aside" ? "aside" : row.state;
  const what = row.kind === "door" ? W.doors[row.outcome] : W.interviewed;
  const problem = row.state === "acknowledged" ? "" : problemText(row, device);
  return h("li", { class: problem ? "troubled" : null },
    h("strong", {}, what),
    h("span", { class: "quiet" }, `${row.place}, ${momentText(row.made)}`),
    h("span", { class: `state ${state}` }, W.states[state]),
    problem ? h("span", {}, problem) : null);
}

async function exportFile(rows) {
  const { n, lines } = await exported();
  const device = await fact("device");
  const name = `hai-long-${device.collector.code}-${dayOf()}.jsonl`;
  const file = new File(lines, name, { type: "application/x-ndjson" });
  const address = URL.createObjectURL(file);
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  const open = rows.some((row) => row.state === "draft" && !row.finished);
  await go(queue, [n ? W.exported(n) : W.exportNone, open ? W.exportDraft : ""].join(" ").trim());
}
