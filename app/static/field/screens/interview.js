// One question a screen. Each answer is on the disk before the next question shows; what the citizen chose
// with the screen turned is never shown again.
import { finishInterview, stepsOf, stopInterview } from "../interviews.js";
import { labelOf } from "../routing.js";
import { slipCode } from "../seal.js";
import { fact, keepDraft, questionnaire, record } from "../store.js";
import { go, h, main, plain } from "../ui.js";
import { W } from "../words.js";
import { door, startTraining } from "./door.js";
import { faces, hand, handBack } from "./citizen.js";
import { choice, choices, text } from "./questions.js";
import { office } from "./office.js";
import { spoken } from "./spoken.js";
import { today } from "./today.js";

// The interview that this tab holds. While it does, no other tab opens it, and no new version takes over.
let held = null;

function hold(id) {
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    navigator.locks.request(`hailong-draft-${id}`, { ifAvailable: true }, (lock) => {
      if (!lock) {
        resolve(null);
        return null;
      }
      return navigator.locks.request("hailong-interview", { mode: "shared" }, () => (
        new Promise((release) => resolve(release))
      ));
    });
  });
}

export async function letGo() {
  held?.release();
  held = null;
}

export async function begun(row, visit) {
  await enter(row, visit.round, visit.village);
}

export async function training(visit, { language, interpreter }) {
  const { code, version } = visit.round.questionnaire;
  const draft = {
    questionnaire: code, version, language, interpreter,
    seconds: 0, answers: {}, service: undefined, slip: undefined, at: null,
  };
  const row = { id: crypto.randomUUID(), draft, place: visit.place.name, training: true };
  await enter(row, visit.round, null);
}

// After a killed app: the same question again, with everything before it.
export async function resume(id) {
  if (held?.row.id === id) return show(held.row.draft.at ?? (await stepsOf(held.row, held.definition, [])).at(0));
  const row = await record(id);
  if (row?.state !== "draft" || row.finished) return go(today);
  const rounds = (await fact("work"))?.rounds ?? [];
  const round = rounds.find((one) => one.code === row.round) ?? { code: row.round, services: [], villages: [] };
  const village = round.villages.find((one) => one.village === row.village) ?? null;
  return enter(row, round, village);
}

async function enter(row, round, village) {
  const definition = await questionnaire(row.draft.questionnaire, row.draft.version);
  const release = await hold(row.id);
  if (!release) return go(today, W.openElsewhere);
  held?.release();
  held = { row, round, village, definition, release, since: performance.now() };
  const steps = await stepsOf(row, definition, round.services ?? []);
  return show(steps.includes(row.draft.at) ? row.draft.at : steps[0]);
}

// Seconds for which somebody was looking at the interview, by the clock that nobody can set.
document.addEventListener("visibilitychange", () => {
  if (!held) return;
  if (document.hidden) held.spent = (held.spent ?? 0) + performance.now() - held.since;
  held.since = document.hidden ? null : performance.now();
});

function seconds() {
  const now = performance.now();
  const spent = (held.spent ?? 0) + (held.since === null ? 0 : now - held.since);
  return held.row.draft.seconds + spent / 1000;
}

// Keeps the changed draft, and only then believes it; one after the other.
let keeping = Promise.resolve();
function keep(changes) {
  keeping = keeping.catch(() => {}).then(() => keepNow(changes));
  return keeping;
}

async function keepNow(changes) {
  const total = seconds();
  const row = { ...held.row, draft: { ...held.row.draft, ...changes, seconds: total } };
  if (!row.training) await keepDraft(row);
  held.row = row;
  held.spent = 0;
  if (held.since !== null) held.since = performance.now();
}

// Keeps what was answered and names the step that follows.
async function answer(step, changes) {
  const { draft } = held.row;
  const id = step.startsWith("q:") ? step.slice(2) : null;
  const next = { ...changes };
  if (id && "answer" in changes) {
    next.answers = { ...draft.answers };
    if (changes.answer === undefined) delete next.answers[id];
    else next.answers[id] = changes.answer;
    delete next.answer;
  }
  const steps = await stepsOf({ ...held.row, draft: { ...draft, ...next } }, held.definition, held.round.services ?? []);
  const at = steps[steps.indexOf(step) + 1] ?? "end";
  await keep({ ...next, at });
  return at;
}

const questionOf = (step) => held.definition.questions.find((one) => `q:${one.id}` === step);
const isPrivate = (step) => questionOf(step)?.type === "scale";

async function show(step) {
  const question = questionOf(step);
  if (step === "service") return go(page, step, (frame) => office(held.round.services, held.row.draft.service, frame));
  if (step === "slip") return go(slip);
  if (step === "end") return go(end);
  if (question.type === "scale") return go(hand, await turned(step));
  const kind = { choice, choices, text }[question.type];
  return go(page, step, (frame) => kind(question, held.row.draft.answers[question.id], frame));
}

// Back goes past what the citizen chose: it can be asked again, never looked at.
async function previous(step) {
  const steps = await stepsOf(held.row, held.definition, held.round.services ?? []);
  const before = steps.slice(0, steps.indexOf(step)).filter((one) => !isPrivate(one));
  return before.length ? show(before.at(-1)) : go(stop, step);
}

// The frame of a question: what it says, how far along it is, and the ways on, back and out.
async function page(step, make) {
  const { definition, row, round } = held;
  const question = questionOf(step);
  const onward = async (changes) => show(await answer(step, changes));
  const hasAnswer = question && question.id in row.draft.answers;
  const made = make({
    onward,
    // Keeps what is there so far without going on, so that a killed app loses nothing.
    soFar: (value) => keep({
      answers: { ...held.row.draft.answers, [question.id]: value },
      at: step,
    }),
  });
  const label = question ? labelOf(question, row.draft.answers).vi : W.serviceTitle;
  const group = question?.group && definition.groups?.find((one) => one.id === question.group);
  const extra = question ? await spoken(round, row.draft.language, question.id) : null;
  return {
    title: label,
    training: row.training,
    back: () => previous(step),
    above: await along(step),
    body: [
      group ? h("p", { class: "quiet" }, group.label.vi) : null,
      question?.hint ? h("p", { class: "quiet" }, question.hint.vi) : null,
      extra,
      made.body,
    ],
    bar: [
      stopButton(step),
      ...(made.bar ?? []),
      made.bar || question?.required ? null : plain(hasAnswer ? W.next : W.skip, () => (
        onward({ answer: hasAnswer ? row.draft.answers[question.id] : undefined })
      )),
    ],
  };
}

const stopButton = (step) => plain(W.stop, () => go(stop, step), { class: "plain small" });

async function along(step) {
  const all = await stepsOf(held.row, held.definition, held.round.services ?? []);
  const steps = all.filter((one) => one !== "slip" && one !== "end");
  const n = steps.indexOf(step) + 1;
  // How many there are is known once nothing hangs on an answer to come.
  const { definition, row: { draft: { answers } } } = held;
  const ahead = all.slice(all.indexOf(step));
  const isOpen = definition.questions.some(({ show_if: when }) => (
    when && !(when.question in answers) && ahead.includes(`q:${when.question}`)));
  return h("div", { class: "along" },
    h("span", {}, W.question(n, isOpen ? 0 : steps.length)),
    h("progress", { max: steps.length, value: n - 1, "aria-hidden": "true" }));
}

// What the screens for the citizen need. Rows of faces that follow each other need no handing back between.
async function turned(step) {
  const question = questionOf(step);
  return {
    question,
    label: labelOf(question, held.row.draft.answers).vi,
    group: held.definition.groups?.find((one) => one.id === question.group)?.label.vi,
    levels: question.levels ?? held.definition.levels,
    training: held.row.training,
    above: await along(step),
    extra: await spoken(held.round, held.row.draft.language, question.id),
    stop: stopButton(step),
    back: () => previous(step),
    skip: question.required ? null : async () => show(await answer(step, { answer: undefined })),
    choose: async (value) => {
      const next = await answer(step, { answer: value });
      if (isPrivate(next)) return go(faces, await turned(next));
      return go(handBack, {
        training: held.row.training,
        onward: () => show(next),
        again: async () => go(faces, await turned(step)),
      });
    },
  };
}

function slip() {
  const { slip: code } = held.row.draft;
  if (code) {
    return {
      title: W.slipCodeTitle,
      training: held.row.training,
      back: async () => { await keep({ slip: undefined, at: "slip" }); await go(slip); },
      body: [h("p", { class: "slip" }, `${code.slice(0, 4)} ${code.slice(4)}`), h("p", { class: "quiet" }, W.slipText)],
      bar: [main(W.slipDone, async () => show(await answer("slip", {})))],
    };
  }
  return {
    title: W.slipTitle,
    training: held.row.training,
    back: () => previous("slip"),
    body: [h("blockquote", { class: "aloud" }, W.slipAsk)],
    column: true,
    bar: [
      plain(W.slipYes, async () => { await keep({ slip: slipCode(), at: "slip" }); await go(slip); }),
      plain(W.slipNo, async () => show(await answer("slip", { slip: "" }))),
    ],
  };
}

function end() {
  const { definition, row } = held;
  return {
    title: W.endTitle,
    training: row.training,
    back: () => previous("end"),
    body: [h("blockquote", { class: "aloud" }, definition.thanks.vi), h("p", { class: "quiet" }, W.endText)],
    bar: [stopButton("end"), main(W.finish, finish)],
  };
}

async function finish() {
  await keep({});
  const { row, round, village } = held;
  if (!row.training) await finishInterview(row);
  await letGo();
  await go(row.training ? trained : sealed, row.id, round, village);
}

async function sealed(id, round, village) {
  const kept = await record(id);
  return {
    title: W.sealedTitle,
    body: [h("p", { class: "big" }, kept?.state === "draft" ? W.sealedWaits : W.sealedText)],
    bar: [plain(W.todayTitle, () => go(today)), village ? main(W.knock, () => go(door, round, village)) : null],
  };
}

function trained(_id, round) {
  return {
    title: W.trainingEnd,
    training: true,
    body: [h("p", { class: "big" }, W.trainingEndText)],
    bar: [plain(W.trainAgain, () => startTraining(round)), main(W.todayTitle, () => go(today))],
  };
}

// Out of the middle: to go on later, or to leave nothing but a number.
function stop(step) {
  const { row, round, village } = held;
  const leave = (outcome) => async () => {
    if (!row.training) await stopInterview(held.row, outcome);
    await letGo();
    return village && !row.training ? go(door, round, village, W.doorKept(W.doors[outcome])) : go(today);
  };
  return {
    title: W.stopTitle,
    training: row.training,
    back: () => show(step),
    body: [h("p", {}, W.stopText)],
    column: true,
    bar: [
      plain(W.stopRefused, leave("refused")),
      plain(W.stopLater, leave("later")),
      row.training ? null : plain(W.stopPause, async () => {
        await keep({ at: step });
        await letGo();
        await go(today);
      }),
      main(W.resume, () => show(step)),
    ],
  };
}
