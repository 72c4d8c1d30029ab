// At a door: the rule that says which one, what happened there, and the way to the first question.
import { closeDoor, LANGUAGES, startInterview } from "../interviews.js";
import { questionnaire } from "../store.js";
import { button, go, h, main, plain } from "../ui.js";
import { W } from "../words.js";
import { begun, training as practise } from "./interview.js";
import { spoken } from "./spoken.js";
import { today } from "./today.js";

const OUTCOMES = ["absent", "later", "refused", "ineligible", "helped"];

export function door(round, village, note = null) {
  const place = { round: round.code, village: village.village, name: village.name };
  const visit = { round, village, place };
  let chosen = "start";
  const bar = h("div", { class: "bar-inner" });
  const options = [["start", W.start], ...OUTCOMES.map((outcome) => [outcome, W.doors[outcome]])];
  const list = h("fieldset", { class: "options" }, h("legend", {}, W.doorAsk), options.map(([outcome, text]) => h(
    "label", {},
    h("input", { type: "radio", name: "outcome", value: outcome, checked: outcome === chosen, onchange: () => choose(outcome) }),
    h("span", {}, text),
  )));
  function choose(outcome) {
    chosen = outcome;
    bar.replaceChildren(outcome === "start"
      ? main(W.next, () => go(helped, visit))
      : main(W.doorWrite(W.doors[outcome]), () => keep(visit, chosen)));
  }
  choose(chosen);
  return {
    title: village.name,
    back: () => go(today),
    body: [note ? h("p", { class: "note", role: "status" }, note) : null, rule(round, village), list],
    bar: [bar],
  };
}

async function keep({ round, village, place }, outcome) {
  await closeDoor(place, outcome);
  await go(door, round, village, W.doorKept(W.doors[outcome]));
}

function rule(round, village) {
  if (round.step <= 1) return h("p", { class: "rule" }, W.rule(village.start, round.step));
  const first = Array.from({ length: 6 }, (_, at) => village.start + at * round.step).join(", ");
  return h("details", { class: "rule" },
    h("summary", {}, W.rule(village.start, round.step)),
    h("p", {}, `${W.ruleRow} `, h("strong", {}, `${first}…`)),
    h("p", { class: "quiet" }, W.ruleWhy));
}

// Who helped a household to apply does not ask that household.
function helped(visit) {
  return {
    title: W.helpedAsk,
    back: () => go(door, visit.round, visit.village),
    body: [h("p", { class: "quiet" }, W.helpedWhy)],
    bar: [
      plain(W.helpedYes, () => keep(visit, "helped")),
      main(W.helpedNo, () => go(language, visit)),
    ],
  };
}

export function language(visit, chosen = "vi", interpreter = false) {
  return {
    title: W.languageTitle,
    training: visit.training,
    back: () => (visit.training ? go(today) : go(helped, visit)),
    body: [
      h("fieldset", { class: "options" }, h("legend", { class: "spoken" }, W.languageTitle), LANGUAGES.map((code) => h(
        "label", {},
        h("input", { type: "radio", name: "language", value: code, checked: code === chosen, onchange: () => { chosen = code; } }),
        h("span", {}, W.languages[code]),
      ))),
      h("div", { class: "options" }, h("label", {},
        h("input", { type: "checkbox", checked: interpreter, onchange: (event) => { interpreter = event.target.checked; } }),
        h("span", {}, W.interpreter))),
    ],
    bar: [main(W.next, () => go(consent, visit, chosen, interpreter))],
  };
}

// The words of the questionnaire's own version, with the name of the village where it leaves room for it.
async function consent(visit, code, interpreter) {
  const { round, place } = visit;
  const definition = await questionnaire(round.questionnaire.code, round.questionnaire.version);
  return {
    title: W.consentTitle,
    training: visit.training,
    back: () => go(language, visit, code, interpreter),
    body: [
      // What this household is going to hear comes first.
      await spoken(round, code, "intro", place.name),
      h("blockquote", { class: "aloud" }, definition.intro.vi.replace(/\[[^\]]*\]/g, place.name)),
    ],
    bar: [
      plain(definition.consent?.refuse.vi ?? W.refuse, () => (visit.training ? go(today) : keep(visit, "refused"))),
      main(definition.consent?.agree.vi ?? W.agree, async () => {
        if (visit.training) return practise(visit, { language: code, interpreter });
        const row = await startInterview(place, round, { language: code, interpreter });
        return begun(row, visit);
      }),
    ],
  };
}

export const startTraining = (round) => go(language, {
  round,
  place: { round: round.code, village: "", name: W.trainingPlace },
  training: true,
});
