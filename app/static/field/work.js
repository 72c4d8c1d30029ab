// What this device is given to do: rounds, villages, offices, the key, and questionnaires of every version
// that is still referred to.
import { ask, parsed } from "./net.js";
import { fact, keepFact, keepWork, questionnaire } from "./store.js";

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
  return null;
}

// Milliseconds by which the phone's clock is ahead of the server's: shown, never used.
function ahead(answer, now = answer.headers.get("Date")) {
  const theirs = Date.parse(now ?? "");
  return Number.isFinite(theirs) ? Date.now() - theirs : 0;
}
