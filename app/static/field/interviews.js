// From the first knock to the sealed record: what is kept of a draft, what a record says, and when it is
// sealed. Nothing here touches the screen.
import { tell } from "./channel.js";
import { seal } from "./seal.js";
import { asked, drawn, keptAnswers } from "./routing.js";
import { begin, fact, keepDraft, keepSealed, questionnaire, records } from "./store.js";

export const LANGUAGES = ["vi", "thai", "mong", "other"];

// The day in Viet Nam by the clock of the phone.
export const today = (now = Date.now()) => new Date(now + 7 * 3_600_000).toISOString().slice(0, 10);

function row(place, kind, outcome, device) {
  // Cleared under an open page.
  if (!device) throw new DOMException("", "NotFoundError");
  return {
    id: crypto.randomUUID(),
    kind,
    outcome,
    round: place.round,
    village: place.village,
    place: place.name,
    device: device.device,
    collector: device.collector.id,
    made: Date.now(),
    day: today(),
    finished: false,
  };
}

// A door without an interview: kept, and sealed at once.
export async function closeDoor(place, outcome) {
  const device = await fact("device");
  const made = await begin({ ...row(place, "door", outcome, device), finished: true });
  await sealFinished();
  return made;
}

// Begins when the household has agreed; before that nothing is kept.
export async function startInterview(place, round, { language, interpreter }) {
  const device = await fact("device");
  const { code, version } = round.questionnaire;
  return begin({
    ...row(place, "interview", "answered", device),
    draft: {
      questionnaire: code,
      version,
      language,
      interpreter,
      started: `${new Date().toISOString().slice(0, 19)}Z`,
      seconds: 0,
      answers: {},
      service: undefined,
      slip: undefined,
      at: null,
    },
  });
}

// A household that stops in the middle is a door: what it had said goes.
export async function stopInterview(current, outcome) {
  const { draft: _said, ...outside } = current;
  await keepDraft({ ...outside, kind: "door", outcome, finished: true });
  await sealFinished();
}

export async function finishInterview(current) {
  await keepDraft({ ...current, finished: true });
  await sealFinished();
}

// Seals everything that is finished, also what a killed app had left. Without a key it waits for one.
let sealing = Promise.resolve();
export function sealFinished() {
  sealing = sealing.catch(() => {}).then(async () => {
    const work = await fact("work");
    if (!work?.key) return;
    for (const one of await records()) {
      if (one.state !== "draft" || !one.finished) continue;
      await keepSealed(one.id, await seal(await content(one), work.key.public));
      tell({ type: "wake" });
    }
  });
  return sealing;
}

// The record as the server reads it.
export async function content(one) {
  const door = {
    record: 1,
    id: one.id,
    kind: one.kind,
    round: one.round,
    village: one.village,
    collector: one.collector,
    device: one.device,
    serial: one.serial,
    outcome: one.outcome,
    day: one.day,
  };
  if (one.kind === "door") return door;
  const { draft } = one;
  const definition = await questionnaire(draft.questionnaire, draft.version);
  const answers = keptAnswers(definition, draft.answers);
  return {
    ...door,
    questionnaire: draft.questionnaire,
    version: draft.version,
    answers,
    service: draft.service ? { agency: draft.service } : null,
    started: draft.started,
    seconds: Math.round(draft.seconds),
    language: draft.language,
    interpreter: draft.interpreter,
    slip: draft.slip || null,
  };
}

// The steps of an interview with these answers: questions by "q:" and id, the office before the first
// question that is about its service, then the slip and the end.
export async function stepsOf(current, definition, services) {
  const rotated = new Set(definition.rotation?.of ?? []);
  const mine = new Set(await drawn(definition, current.id));
  const steps = [];
  for (const id of asked(definition, current.draft.answers)) {
    if (rotated.has(id) && !mine.has(id)) continue;
    const question = definition.questions.find((one) => one.id === id);
    if (question.type === "scale" && services.length && !steps.includes("service")) steps.push("service");
    steps.push(`q:${id}`);
  }
  return [...steps, "slip", "end"];
}

// What is typed, as the server will read it: NFC, line ends, no tabs.
export const written = (text) => text.replace(/\r\n?/g, "\n").replaceAll("\t", " ").trim().normalize("NFC").trim();
