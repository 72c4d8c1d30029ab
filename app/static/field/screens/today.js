// What there is to do: rounds, villages, how far each is, and the interview that was interrupted.
import { fact, records } from "../store.js";
import { button, go, h, main } from "../ui.js";
import { today as dayOf } from "../interviews.js";
import { momentText, W } from "../words.js";
import { storage, warnings } from "./device.js";
import { door } from "./door.js";
import { enrolment } from "./enrolment.js";
import { resume } from "./interview.js";
import { halted } from "./queue.js";

export async function today(note = null) {
  const [device, work, rows, halt, room] = await Promise.all([
    fact("device"), fact("work"), records(), fact("halt"), storage(),
  ]);
  if (!device) return enrolment();
  const open = rows.filter((row) => row.state === "draft" && !row.finished);
  const rounds = work?.rounds ?? [];
  return {
    title: W.todayTitle,
    tab: "today",
    body: [
      note ? h("p", { class: "note", role: "status" }, note) : null,
      halted(halt),
      warnings(room, work),
      open.map(interrupted),
      rounds.map((round) => roundPart(round, rows, work)),
      work ? null : h("p", {}, W.notYet),
      work && !rounds.length ? h("p", {}, W.noWork) : null,
    ],
  };
}

function interrupted(row) {
  return h("section", { class: "card strong" },
    h("h2", {}, W.resumeTitle),
    h("p", {}, W.resumeText(row.place, momentText(row.made))),
    main(W.resume, () => resume(row.id), { "data-key": row.id }));
}

function roundPart(round, rows, work) {
  const day = dayOf();
  const when = day < round.first_day ? W.from(round.first_day)
    : day > round.last_day ? W.over(round.last_day) : W.until(round.last_day);
  return h("section", {},
    h("h2", {}, round.title),
    h("p", { class: "quiet" }, when),
    h("ul", { class: "list" }, round.villages.map((village) => {
      const done = village.done + mine(round, village, rows, work);
      return h("li", {}, button([
        h("strong", {}, village.name),
        h("span", {}, W.progress(done, village.target)),
        h("progress", { max: Math.max(village.target, 1), value: Math.min(done, village.target), "aria-hidden": "true" }),
        h("span", { class: "quiet" }, W.rule(village.start, round.step)),
      ], () => go(door, round, village), { class: "card", "data-key": `${round.code}/${village.village}` }));
    })));
}

// Interviews on this phone that the server had not counted when it handed out the work.
function mine(round, village, rows, work) {
  return rows.filter((row) => (
    row.kind === "interview" && row.round === round.code && row.village === village.village
    && (row.state !== "draft" || row.finished)
    && (row.state !== "acknowledged" || row.acknowledged > work.fetched)
  )).length;
}
