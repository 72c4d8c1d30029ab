// Sends sealed records, oldest first, from one tab at a time. A record leaves the phone's care only when the
// server's receipt names the same checksum; whatever else is answered, it stays.
import { alone, listen, tell } from "./channel.js";
import { sealFinished } from "./interviews.js";
import { fetchMedia } from "./media.js";
import { ask, parsed, reachable, retryAfter } from "./net.js";
import { sha256Hex } from "./seal.js";
import {
  countersKey, fact, keepFact, markAcknowledged, markSending, markWaiting, NONE, purge, records,
} from "./store.js";
import { refresh } from "./work.js";

const SECOND = 1000;
const LONGEST_WAIT = 300;
const REFRESH_AFTER = 600;
// Refusals of one record, which no repetition of the same bytes mends, are tried again once in a while all
// the same: it may be the server that was wrong.
const REFUSED_WAIT = 3600;
// Why the server takes nothing from this phone, in its own words, and after how long to ask again.
const HALT_WAIT = { paused: 300, unknown: 3600, revoked: 3600 };

// Times are of the clock that nobody can set, and live as long as the page: after a start all is due.
const due = new Map();
let until = 0;
let silences = 0;
let timer = 0;
let running = false;
let again = false;
// Whether the last look found no way to our server.
export const isUnreached = () => silences > 0;
let lookedAt = -Infinity;

export const isWaiting = (row) => row.state === "ready" || row.state === "sending";

// Oldest first.
const queued = async () => (await records()).filter(isWaiting)
  .sort((one, other) => one.made - other.made || one.serial - other.serial);

let app = "";

export function start(release) {
  app = release;
  listen((message, elsewhere) => {
    if (message.type === "wake") wake(false);
    // Another tab has asked for everything to be tried anew, or has sent.
    else if (message.type === "hurry" && elsewhere) forget();
  });
  addEventListener("online", () => wake(true));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(false); });
  wake(true);
}

function forget() {
  due.clear();
  until = 0;
}

// `anew`: forget how long to wait, because something has changed or a person asks.
export function wake(anew) {
  if (anew) {
    forget();
    lookedAt = -Infinity;
  }
  plan(0);
}

export function hurry() {
  tell({ type: "hurry" });
  wake(true);
}

function plan(seconds) {
  clearTimeout(timer);
  timer = setTimeout(run, seconds * SECOND);
}

const clock = () => performance.now() / SECOND;
const backoff = (tries) => Math.min(LONGEST_WAIT, 2 ** Math.min(tries, 9)) * (0.5 + Math.random() / 2);

async function run() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  again = false;
  let wait = LONGEST_WAIT;
  try {
    // Where another tab sends, this one looks again soon: that tab may be closed in the middle.
    wait = (await alone("hailong-sender", pass)) ?? 15;
  } catch {
    wait = backoff(3);
  } finally {
    running = false;
    tell({ type: "changed" });
    plan(again ? 0 : wait);
  }
}

// One walk through what is due. Returns the seconds after which to look again.
async function pass() {
  await sealFinished();
  const device = await fact("device");
  if (!device) return LONGEST_WAIT;
  if (clock() < until) return until - clock();
  const waiting = await queued();
  const isDue = (row) => (due.get(row.id) ?? 0) <= clock();
  const look = clock() - lookedAt > REFRESH_AFTER;
  if (!look && !waiting.some(isDue)) return next(waiting);
  if (!(await reachable())) return silent();
  silences = 0;
  let sent = 0;
  for (const row of waiting) {
    if (!isDue(row)) continue;
    const wait = await sendOne(row, device);
    if (wait > 0) {
      until = clock() + wait;
      return wait;
    }
    // A line that broke under one record may be dead; a record that breaks it must not stop the others.
    if (wait < 0 && !(await reachable())) return silent();
    if (wait === 0) sent += 1;
  }
  if (look || sent) await exchange(device);
  await purge(Date.now(), (await fact("work"))?.fetched ?? 0);
  return next(await queued());
}

function silent() {
  silences += 1;
  until = 0;
  return backoff(silences);
}

function next(waiting) {
  const times = waiting.map((row) => (due.get(row.id) ?? 0) - clock());
  return Math.max(0.2, Math.min(REFRESH_AFTER, ...times));
}

function later(row, seconds) {
  due.set(row.id, clock() + seconds);
}

// 0: looked after; negative: the line broke; positive: everybody waits so many seconds.
async function sendOne(row, device) {
  const token = await tokenFor(row, device);
  if (!token) {
    later(row, REFUSED_WAIT);
    return 0;
  }
  if (!(await markSending(row.id))) return 0;
  tell({ type: "changed" });
  let answer;
  try {
    answer = await ask("phieu", { method: "POST", token, body: row.envelope });
  } catch {
    await markWaiting(row.id, null);
    later(row, backoff(row.tries + 1));
    return -1;
  }
  if (answer.status >= 200 && answer.status < 300) return receipt(row, answer);
  return refused(row, device, token, answer);
}

async function receipt(row, answer) {
  const given = parsed(answer);
  // What counts is the checksum of the bytes as they lie here now, not as they were noted down.
  const own = await sha256Hex(row.envelope);
  if (given?.id === row.id && given.sha256 === own) {
    await markAcknowledged(row.id, given.state, Date.now());
    due.delete(row.id);
    return 0;
  }
  await markWaiting(row.id, given ? "checksum" : null);
  later(row, backoff(row.tries + 1));
  return given ? 0 : -1;
}

// The word of our own server for why it takes nothing; a refusal by anything between has none.
function halting(answer) {
  const word = answer.status === 401 || answer.status === 403 ? parsed(answer)?.error : undefined;
  return word in HALT_WAIT ? word : null;
}

// Whether this walk still goes under the enrolment that holds now: a new code may have come meanwhile.
const isPresent = async (device) => (await fact("device"))?.token === device.token;

async function refused(row, device, token, answer) {
  const { status } = answer;
  const halt = halting(answer);
  if (halt && token !== device.token) {
    // The earlier enrolment has ended; the present one of the same person speaks for its records.
    ended.add(token);
    await markWaiting(row.id, null);
    return sendOne(row, device);
  }
  if (halt) {
    await markWaiting(row.id, null);
    if (!(await isPresent(device))) return 0;
    await keepFact("halt", halt);
    return HALT_WAIT[halt];
  }
  if (status === 429 || status === 503) {
    await markWaiting(row.id, null);
    return retryAfter(answer.headers);
  }
  const forGood = status === 400 || status === 413;
  await markWaiting(row.id, status);
  later(row, forGood ? REFUSED_WAIT : backoff(row.tries + 1));
  return 0;
}

// A record goes under the enrolment that made it, or under a later one of the same person; never under
// somebody else's name.
const ended = new Set();
async function tokenFor(row, device) {
  const own = [device, ...(await fact("formerDevices", []))].find((one) => one.device === row.device);
  if (own && !ended.has(own.token)) return own.token;
  return row.collector === device.collector.id ? device.token : null;
}

// Tells the server what lies here and asks what there is to do.
async function exchange(device) {
  try {
    const answer = await refresh(device.token);
    const halt = answer && halting(answer);
    if (halt && (await isPresent(device))) {
      await keepFact("halt", halt);
      until = clock() + HALT_WAIT[halt];
    }
    if (answer) return;
    await keepFact("halt", null);
    const told = await report(device);
    // A phone that was cleared meanwhile does not say that it holds nothing.
    if (!(await isPresent(device))) return;
    await ask("tinh-trang", { method: "POST", token: device.token, body: JSON.stringify(told) });
    lookedAt = clock();
    // Beside everything else: records wait for no voice.
    fetchMedia(device.token);
    await sealFinished();
  } catch { /* The next walk asks again. */ }
}

async function report({ device }) {
  const counters = await fact(countersKey(device), NONE);
  // Also what was made under an earlier enrolment: it lies here, and perhaps nobody has been told yet.
  const waiting = (await queued()).map((row) => row.id).slice(0, 200);
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const persisted = (await navigator.storage?.persisted?.()) ?? false;
  return { ...counters, waiting, persisted, usage, quota, app };
}

// Sealed records that have not been acknowledged, one envelope a line, for the way without a network.
export async function exported() {
  await sealFinished();
  const waiting = await queued();
  return { n: waiting.length, lines: waiting.map((row) => `${row.envelope}\n`) };
}
