// The kinds of question that the interviewer reads out. Each returns {body, bar}: one choice goes on with
// the tap itself, several and text go on with a button.
import { written } from "../interviews.js";
import { button, h, main, say } from "../ui.js";
import { W } from "../words.js";

export function choice(question, answer, { onward }) {
  return {
    body: h("div", { class: "choices low" }, question.options.map((option) => (
      button(option.label.vi, () => onward({ answer: option.value }), { "aria-pressed": String(option.value === answer) })
    ))),
  };
}

export function choices(question, answer, { onward, soFar }) {
  const chosen = new Set(answer ?? []);
  const most = question.max_choices ?? question.options.length;
  const note = h("p", { class: "quiet", role: "status" }, most < question.options.length ? W.most(most) : question.hint ? "" : W.several);
  const boxes = question.options.map((option) => h("label", {},
    h("input", {
      type: "checkbox",
      checked: chosen.has(option.value),
      onchange: (event) => toggle(option.value, event.target),
    }),
    h("span", {}, option.label.vi)));
  function toggle(value, box) {
    if (box.checked && chosen.size >= most) {
      box.checked = false;
      say(note, W.most(most));
      return;
    }
    if (box.checked) chosen.add(value);
    else chosen.delete(value);
    // A failure shows when going on, which keeps the same once more.
    soFar([...chosen].sort()).catch(() => {});
  }
  return {
    body: [note, h("div", { class: "options" }, boxes)],
    bar: [main(W.next, () => {
      if (!chosen.size && question.required) {
        say(note, W.chooseOne);
        return null;
      }
      return onward({ answer: chosen.size ? [...chosen].sort() : undefined });
    })],
  };
}

export function text(question, answer, { onward, soFar }) {
  const most = question.max_length ?? 500;
  const count = h("p", { class: "quiet", role: "status" }, question.hint ? "" : W.noNames);
  let timer = 0;
  const field = h("textarea", {
    rows: 5,
    value: answer ?? "",
    "aria-label": question.label.vi,
    oninput: () => {
      const length = [...written(field.value)].length;
      if (length <= most) count.className = "quiet";
      if (length > most * 0.8) count.textContent = W.letters(length, most);
      clearTimeout(timer);
      timer = setTimeout(() => {
        const said = written(field.value);
        if (said && [...said].length <= most && field.isConnected) soFar(said).catch(() => {});
      }, 800);
    },
  });
  return {
    body: [field, count],
    bar: [main(W.next, () => {
      clearTimeout(timer);
      const said = written(field.value);
      if ([...said].length > most) {
        say(count, W.tooLong(most));
        return null;
      }
      return onward({ answer: said || undefined });
    })],
  };
}
