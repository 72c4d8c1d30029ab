// The screens that the citizen sees: faces, then a neutral page. Which face it was is shown to nobody.
import { button, face, go, h, main, plain } from "../ui.js";
import { W } from "../words.js";

// For the interviewer: read, then turn the screen.
export function hand(turned) {
  return {
    title: turned.label,
    training: turned.training,
    back: turned.back,
    above: turned.above,
    body: [
      turned.group ? h("p", { class: "quiet" }, turned.group) : null,
      turned.extra,
      h("div", { class: "card" }, h("h2", {}, W.handTitle), h("p", {}, W.handText)),
    ],
    bar: [
      turned.stop,
      turned.skip ? plain(W.skip, turned.skip) : null,
      main(W.handed, () => go(faces, turned)),
    ],
  };
}

// For the citizen: five faces of equal size, the same number of taps for each.
export function faces(turned) {
  const { question, levels } = turned;
  return {
    title: turned.label,
    training: turned.training,
    bare: true,
    back: () => go(hand, turned),
    body: [
      turned.group ? h("p", { class: "quiet" }, turned.group) : null,
      h("p", { class: "quiet" }, W.tapFace),
      h("div", { class: "faces" },
        levels.map((words, at) => button([face(5 - at), h("span", {}, words.vi)], () => turned.choose(5 - at))),
        (question.options ?? []).map((option) => plain(option.label.vi, () => turned.choose(option.value)))),
    ],
  };
}

export function handBack({ training, onward, again }) {
  return {
    title: W.handBackTitle,
    training,
    bare: true,
    back: again,
    body: [h("p", { class: "big" }, W.handBackText)],
    bar: [plain(W.chooseAgain, again), main(W.handedBack, onward)],
  };
}
