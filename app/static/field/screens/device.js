// This phone: who uses it, how safe its storage is, which version it runs, and practising.
import { fetchMedia, mediaHere, mediaWait } from "../media.js";
import { fact } from "../store.js";
import { go, h, plain, say } from "../ui.js";
import { takeOver, updateWaits } from "../update.js";
import { bytesText, spanText, W } from "../words.js";
import { startTraining } from "./door.js";
import { enrolment } from "./enrolment.js";

// Chrome asks us to ask: the offer to install is kept until somebody wants it.
let offer = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
});

const NEARLY_FULL = 0.9;
const LEAST_ROOM = 20_000_000;
const CLOCK_TOLERANCE = 10 * 60_000;

// Whether the browser has just said no.
let refused = false;

export const release = () => document.body.dataset.release;

// Whether the browser promises to keep what lies here, and how much room there is. Null where it says nothing.
export async function storage() {
  const { storage: store } = navigator;
  const [persisted, estimate] = await Promise.all([store?.persisted?.() ?? null, store?.estimate?.() ?? null]);
  const { usage = 0, quota = 0 } = estimate ?? {};
  return { persisted, usage, quota, full: quota > 0 && (usage > quota * NEARLY_FULL || quota - usage < LEAST_ROOM) };
}

export function warnings(kept, work) {
  return [
    kept.full ? h("p", { class: "note strong" }, W.full) : null,
    work && Math.abs(work.ahead) > CLOCK_TOLERANCE ? h("p", { class: "note strong" }, W.clock(spanText(work.ahead))) : null,
  ];
}

export async function device() {
  const [own, work, kept, media] = await Promise.all([fact("device"), fact("work"), storage(), mediaHere()]);
  if (!own) return enrolment();
  const told = h("p", { class: "note", role: "status", hidden: !refused || kept.persisted }, W.storageRefused);
  const installed = matchMedia("(display-mode: standalone)").matches;
  return {
    title: W.deviceTitle,
    tab: "device",
    body: [
      warnings(kept, work),
      updateWaits() ? updatePart() : null,
      h("dl", {},
        term(W.collector, own.collector.code),
        term(W.team, own.team),
        own.label ? term(W.label, own.label) : null,
        term(W.storage, kept.persisted ? W.storageKept : W.storageLoose,
          kept.quota ? W.usage(bytesText(kept.usage), bytesText(kept.quota)) : null),
        term(W.version, release())),
      kept.persisted ? null : plain(W.askStorage, async () => {
        refused = !(await navigator.storage?.persist?.());
        if (refused) say(told, W.storageRefused);
        else await go(device);
      }, { "data-key": "persist" }),
      told,
      h("section", {},
        h("h2", {}, W.install),
        h("p", {}, installed ? W.installed : W.installHint),
        offer && !installed ? plain(W.install, () => offer.prompt(), { "data-key": "install" }) : null),
      media.all ? spokenPart(own, media) : null,
      work?.rounds.length ? h("section", {},
        h("h2", {}, W.train),
        h("p", {}, W.trainText),
        plain(W.train, () => startTraining(work.rounds[0]), { "data-key": "train" })) : null,
      h("section", {}, plain(W.otherCode, () => go(enrolment), { "data-key": "code" })),
    ],
  };
}

const term = (name, ...values) => [
  h("dt", {}, name), values.filter(Boolean).map((value) => h("dd", {}, value)),
];

// Words and voices of the province: how many are here, and a way to have them on a poor network too.
const spokenPart = ({ token }, { here, all }) => h("section", {},
  h("h2", {}, W.spokenTitle),
  h("p", {}, W.spokenHere(here, all)),
  here < all ? rest(token) : null);

// The server has said when it goes on: asking before would only be refused.
const rest = (token) => (mediaWait()
  ? h("p", { class: "quiet", role: "status" }, W.spokenWaits(mediaWait()))
  : plain(W.spokenFetch, () => { fetchMedia(token, true); }, { "data-key": "media" }));

// Why the last attempt changed nothing. It outlives a drawing of the screen, which other tabs may cause at
// any moment.
let updateRefused = false;

function updatePart() {
  const told = h("p", { class: "quiet", role: "status" }, updateRefused ? W.updateBusy : W.updateText);
  return h("section", { class: "card strong" }, told, plain(W.update, async () => {
    updateRefused = !(await takeOver());
    if (updateRefused) told.textContent = W.updateBusy;
  }, { "data-key": "update" }));
}
