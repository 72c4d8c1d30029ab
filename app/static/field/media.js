// Words and voices in other languages: whatever the work lists, each compared with its hash. They come behind
// everything else, piece by piece, and an interview goes on without them.
import { alone, tell } from "./channel.js";
import { retryAfter } from "./net.js";
import { sha256Hex } from "./seal.js";
import { fact } from "./store.js";

const MEDIA = "hailong-media";
const PIECE = 65_536;
const TIMEOUT = 30_000;
// Records come first: a voice never takes the last room of a phone.
const LEAST_ROOM = 50_000_000;
const SLOW = ["slow-2g", "2g"];

// What a file is for, whichever content it has today.
const slotOf = ({ questionnaire: { code, version } }, { language, part, kind }) => (
  [code, version, language, part, kind].join("/"));

const listed = (work) => (work?.rounds ?? []).flatMap((round) => (
  (round.files ?? []).filter((file) => file.url.startsWith("/")).map((file) => ({ ...file, slot: slotOf(round, file) }))));

const partOf = (file) => `${file.url}?part`;

// How many of them lie here.
export async function mediaHere() {
  const files = listed(await fact("work"));
  const urls = [...new Set(files.map((file) => file.url))];
  const cache = urls.length ? await caches.open(MEDIA).catch(() => null) : null;
  const kept = cache ? await Promise.all(urls.map((url) => cache.match(url))) : [];
  return { here: kept.filter(Boolean).length, all: urls.length };
}

// The server gives out only so much in a minute. When it wants to be asked again: of the clock that nobody can
// set, and forgotten with the page.
class Busy extends Error {}
let until = 0;
let timer = 0;

// Seconds until this page asks the server again; 0 where it may do so now.
export const mediaWait = () => Math.max(0, Math.ceil((until - performance.now()) / 1000));

// Fetches what is missing; a line that breaks costs the last piece. `asked`: a person wants it now, whatever
// the network costs. Never throws.
export async function fetchMedia(token, asked = false) {
  if (mediaWait()) return;
  try {
    await alone("hailong-media", () => walk(token, asked));
  } catch (error) {
    // Anything else is a broken line: the next look at the work goes on here.
    if (!(error instanceof Busy)) return;
    clearTimeout(timer);
    // Timers ring up to a millisecond early.
    timer = setTimeout(() => fetchMedia(token, asked), until - performance.now() + 100);
    tell({ type: "changed" });
  }
}

async function walk(token, asked) {
  const files = listed(await fact("work"));
  const cache = await caches.open(MEDIA);
  // Words weigh nothing; they come first.
  for (const file of [...files].sort((one, other) => one.kind.localeCompare(other.kind))) {
    if (await cache.match(file.url)) continue;
    if (file.kind === "voice" && !(asked || isGood())) continue;
    if (!(await hasRoom())) break;
    await fetchWhole(cache, file, token);
    tell({ type: "changed" });
  }
  await forget(cache, files);
}

function isGood() {
  const { connection } = navigator;
  return !(connection?.saveData || SLOW.includes(connection?.effectiveType));
}

async function hasRoom() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return !quota || quota - usage > LEAST_ROOM;
}

// Throws where the network does; a file that the server does not have, or has otherwise, is passed over.
async function fetchWhole(cache, file, token) {
  const begun = await cache.match(partOf(file));
  let content = begun ? await begun.blob() : new Blob();
  while (content.size < file.size) {
    const next = await piece(file, content.size, token);
    if (!next) break;
    content = new Blob([content, next]);
    if (content.size < file.size) await cache.put(partOf(file), new Response(content, { headers: { Slot: file.slot } }));
  }
  const bytes = await content.arrayBuffer();
  const isRight = (await sha256Hex(bytes)) === file.sha256;
  if (isRight) await cache.put(file.url, new Response(bytes, { headers: { Slot: file.slot } }));
  if (isRight || content.size >= file.size) await cache.delete(partOf(file));
}

async function piece(file, from, token) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), TIMEOUT);
  try {
    const response = await fetch(file.url, {
      headers: { Authorization: `Bearer ${token}`, Range: `bytes=${from}-${from + PIECE - 1}` },
      cache: "no-store", credentials: "omit", redirect: "error", signal: limit.signal,
    });
    if (response.status === 206) return await response.blob();
    if (response.status === 429 || response.status === 503) {
      until = performance.now() + retryAfter(response.headers) * 1000;
      throw new Busy();
    }
    // Something between has given the whole of it.
    return response.status === 200 && from === 0 ? await response.blob() : null;
  } finally {
    clearTimeout(timer);
  }
}

// What the work does not list any more goes; what was replaced goes when what replaces it is here.
async function forget(cache, files) {
  const wanted = new Set(files.flatMap((file) => [file.url, partOf(file)]));
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (wanted.has(pathname + search)) continue;
    const slot = (await cache.match(request))?.headers.get("Slot");
    const next = files.find((file) => file.slot === slot);
    if (!next || search || (await cache.match(next.url))) await cache.delete(request);
  }
}

// The words or the voice for one part of a questionnaire ("intro" or the id of a question) in a language of
// the interview; null where the province has given none, or it is not here yet.
export async function mediaFor(round, language, part, kind) {
  try {
    const file = (round.files ?? []).find((one) => (
      one.language === language && one.part === part && one.kind === kind));
    if (!file) return null;
    const cache = await caches.open(MEDIA);
    const kept = (await cache.match(file.url)) ?? (await otherFor(cache, slotOf(round, file)));
    return kept && (await (kind === "text" ? kept.text() : kept.arrayBuffer()));
  } catch {
    return null;
  }
}

// What was there before the file that is on its way, or came while the interview was open.
async function otherFor(cache, slot) {
  for (const request of await cache.keys()) {
    const kept = new URL(request.url).search ? null : await cache.match(request);
    if (kept?.headers.get("Slot") === slot) return kept;
  }
  return null;
}

// Plays a voice without an element of the page, which the policy of the site would not let load it. Throws
// where this browser cannot decode it.
let speaking = null;
export async function speak(buffer) {
  speaking?.close();
  speaking = new AudioContext();
  // Some browsers begin in silence, even under a finger.
  speaking.resume?.();
  const source = speaking.createBufferSource();
  source.buffer = await speaking.decodeAudioData(buffer.slice(0));
  source.connect(speaking.destination);
  source.start();
}
