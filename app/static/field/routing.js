// Which questions are asked: the rules of surveys/routing.py, against which a test holds these.
import { sha256 } from "./seal.js";

export function holds(condition, answers) {
  const answer = answers[condition.question];
  const given = Array.isArray(answer) ? answer : [answer];
  const negated = "not_in" in condition;
  const values = negated ? condition.not_in : condition.in;
  return given.some((value) => values.includes(value)) !== negated;
}

// The ids of the questions that these answers lead to. An answer to a question that was itself skipped
// leads nowhere. At a door nobody knows the phase before the answers do, so every phase is asked.
export function asked(questionnaire, answers) {
  const kept = {};
  const ids = [];
  for (const question of questionnaire.questions) {
    if (question.show_if && !holds(question.show_if, kept)) continue;
    ids.push(question.id);
    if (question.id in answers) kept[question.id] = answers[question.id];
  }
  return ids;
}

// The answers that count, of the questions that were asked.
export function keptAnswers(questionnaire, answers) {
  const pairs = asked(questionnaire, answers).filter((id) => id in answers).map((id) => [id, answers[id]]);
  return Object.fromEntries(pairs);
}

export function labelOf(question, answers) {
  const other = question.label_if;
  return other && holds(other.when, answers) ? other.label : question.label;
}

// Of rows that rotate, those that fall to this response: as `Questionnaire.assigned` draws them from its id.
export async function drawn(questionnaire, id) {
  const rows = questionnaire.questions.filter((question) => question.factor).map((question) => question.id);
  const rotation = questionnaire.rotation;
  if (!rotation) return rows;
  const rotated = rows.filter((row) => rotation.of.includes(row));
  const sets = combinations(rotated, rotation.pick);
  const bytes = await sha256(`${questionnaire.code}/${questionnaire.version}/${id.replaceAll("-", "")}`);
  const index = bytes.reduce((rest, byte) => (rest * 256 + byte) % sets.length, 0);
  return rows.filter((row) => !rotated.includes(row) || sets[index].includes(row));
}

function combinations(items, pick) {
  if (pick === 0) return [[]];
  return items.flatMap((item, at) => combinations(items.slice(at + 1), pick - 1).map((rest) => [item, ...rest]));
}
