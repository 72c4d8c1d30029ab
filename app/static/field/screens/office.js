// Which office the service was of: a list that narrows while one types, with or without the accents.
import { button, h } from "../ui.js";
import { W } from "../words.js";

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

export function office(services, chosen, { onward }) {
  const list = h("div", { class: "choices" });
  const option = (text, value) => (
    button(text, () => onward({ service: value }), { "aria-pressed": String(chosen === value) })
  );
  const field = h("input", { type: "search", id: "find", autocomplete: "off", oninput: () => fill() });
  function fill() {
    const wanted = fold(field.value.trim());
    const found = services.filter((one) => fold(one.name).includes(wanted));
    list.replaceChildren(...found.map((one) => option(one.name, one.agency)));
    if (!found.length) list.append(h("p", { class: "quiet" }, W.serviceNone));
  }
  fill();
  return {
    body: [
      h("p", { class: "quiet" }, W.serviceHint),
      h("div", { class: "choices" }, option(W.serviceUnknown, null)),
      services.length > 6 ? h("div", { class: "field" }, h("label", { for: "find" }, W.serviceFind), field) : null,
      list,
    ],
    bar: [],
  };
}
