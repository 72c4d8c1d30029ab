// What this device is given to do: rounds, villages, offices, the key, and questionnaires of every version
// that is still referred to.
import { ask, parsed } from "./net.js";
import { sha256Hex } from "./seal.js";
import { fact, keepFact, keepWork, questionnaire } from "./store.js";

const MEDIA = "hailong-media";

// Asks for the work anew. Returns null when it is here, else the answer that came instead; throws where there
// is no network. What is kept changes only when everything has arrived.
export async function refresh(token) {
  const known = await fact("work");
  const headers = known?.etag ? { "If-None-Match": known.etag } : {};
  const answer = await ask("viec", { token, headers });
  if (answer.status === 304 && known) {
    await keepFact("work", { ...known, fetched: Date.now(), ahead: ahead(answer) });
    return null;
  }
  const given = answer.status === 200 ? parsed(answer) : undefined;
  if (!given?.rounds) return answer;
  const definitions = [];
  for (const { questionnaire: { code, version } } of given.rounds) {
    if (await questionnaire(code, version)) continue;
    const asked = await ask(`phieu-hoi/${code}/${version}`, { token });
    const definition = parsed(asked);
    if (!definition?.questions) return asked;
    definitions.push(definition);
  }
  const work = { ...given, etag: answer.headers.get("ETag"), fetched: Date.now(), ahead: ahead(answer, given.now) };
  await keepWork(work, definitions);
  await keepMedia(given.rounds.flatMap((round) => round.files ?? [])).catch(() => {});
  return null;
}

// Milliseconds by which the phone's clock is ahead of the server's: shown, never used.
function ahead(answer, now = answer.headers.get("Date")) {
  const theirs = Date.parse(now ?? "");
  return Number.isFinite(theirs) ? Date.now() - theirs : 0;
}

// Texts and voices in other languages: whatever the work lists, each compared with its hash. The interview
// goes on without them.
async function keepMedia(files) {
  const cache = await caches.open(MEDIA);
  const wanted = new Set(files.map((file) => new URL(file.url, location.origin).href));
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
  for (const file of files) {
    if (!file.url.startsWith("/") || (await cache.match(file.url))) continue;
    const response = await fetch(file.url, { cache: "no-store", credentials: "omit", redirect: "error" });
    const content = await response.arrayBuffer();
    if (response.ok && (await sha256Hex(content)) === file.sha256) await cache.put(file.url, new Response(content));
  }
}

// The words or the voice for one part of a questionnaire ("intro" or the id of a question) in a language of
// the interview; null where the province has given none.
export async function mediaFor(round, language, part, kind) {
  const file = (round.files ?? []).find((one) => (
    one.language === language && one.part === part && one.kind === kind));
  if (!file) return null;
  const kept = await caches.open(MEDIA).then((cache) => cache.match(file.url)).catch(() => null);
  if (!kept) return null;
  return kind === "text" ? kept.text() : kept.arrayBuffer();
}

// Plays a voice without an element of the page, which the policy of the site would not let load it.
let speaking = null;
export async function speak(buffer) {
  speaking?.close();
  speaking = new AudioContext();
  const source = speaking.createBufferSource();
  source.buffer = await speaking.decodeAudioData(buffer.slice(0));
  source.connect(speaking.destination);
  source.start();
}
