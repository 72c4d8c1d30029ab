// The screen: one function makes elements, one draws a whole screen, one leads from screen to screen.
import { W } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

// An element. Properties that begin with "on" are listeners, true and false are attributes without a value.
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, content] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), content);
    else if (name === "value") element.value = content;
    else if (content !== false && content != null) element.setAttribute(name, content === true ? "" : content);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

// Says something in its place, where nothing covers it.
export function say(place, text) {
  place.hidden = false;
  place.className = "note";
  place.textContent = text;
  place.scrollIntoView({ block: "nearest" });
}

export function face(level) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", `face f${level}`);
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#f${level}`);
  drawing.append(use);
  return drawing;
}

// A button whose work is done once, however often it is tapped, and whose failure is told, not swallowed.
export function button(text, work, properties = {}) {
  return h("button", { type: "button", onclick: () => act(work), ...properties }, text);
}
export const main = (text, work, properties = {}) => button(text, work, { class: "main", ...properties });
export const plain = (text, work, properties = {}) => button(text, work, { class: "plain", ...properties });

let busy = false;
export async function act(work) {
  if (busy) return;
  busy = true;
  try {
    warn(null);
    await work();
  } catch (error) {
    warn(error, work);
  } finally {
    busy = false;
  }
}

function warn(error, work) {
  const region = document.getElementById("alert");
  if (!region) return;
  if (!error) {
    region.replaceChildren();
    return;
  }
  console.warn(error);
  const words = {
    QuotaExceededError: W.noRoom, InvalidAccessError: W.sealedAlready, NotFoundError: W.cleared,
  }[error.name] ?? W.notSaved;
  region.replaceChildren(h("p", {}, words), plain(W.retry, work));
  region.scrollIntoView({ block: "nearest" });
}

// --- from screen to screen ---

// A screen is {title, body} and perhaps: bar (the buttons at the thumb; column: one below the other), tab
// (which of the tabs it is), back (where the back key leads), bare (nothing around it: the citizen is
// looking), training.
let current = { make: null, screen: null };
let pill = () => null;

export const definePill = (make) => { pill = make; };

export async function go(make, ...parameters) {
  const here = { make: () => make(...parameters) };
  current = here;
  const screen = await here.make();
  // Somebody has gone on meanwhile.
  if (current !== here) return;
  here.screen = screen;
  draw(screen);
  scrollTo(0, 0);
  document.querySelector("h1")?.focus({ preventScroll: true });
  keepBackKey(screen);
}

// Draws the same screen with what has changed meanwhile; who stands on a button stays there.
export async function refresh() {
  const here = current;
  if (!here.screen?.tab) {
    drawPill();
    return;
  }
  const screen = await here.make();
  if (current !== here || busy) return;
  here.screen = screen;
  const key = document.activeElement?.dataset?.key;
  const told = document.getElementById("alert")?.hasChildNodes();
  if (told) return;
  draw(screen);
  if (key) document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

let tabs = [];
export const defineTabs = (defined) => { tabs = defined; };

function draw(screen) {
  document.title = `${screen.title} – ${W.app}`;
  document.body.classList.toggle("bare", Boolean(screen.bare));
  const head = screen.bare ? null : h("header", { class: "top" },
    screen.back ? plain("‹", screen.back, { class: "icon", "aria-label": W.back }) : h("span", { class: "brand" }, W.brand),
    h("div", { id: "pill" }));
  const body = h("main", {},
    screen.training ? h("p", { class: "training" }, W.training) : null,
    h("div", { id: "alert", role: "alert" }),
    screen.above ?? null,
    h("h1", { tabindex: "-1" }, screen.title),
    screen.body);
  const bar = screen.bar?.length ? h("div", { class: screen.column ? "bar column" : "bar" }, screen.bar) : null;
  const menu = screen.tab ? h("nav", { class: "tabs", "aria-label": W.menu }, tabs.map(({ name, text, open }) => (
    button(text, open, { "data-key": `tab-${name}`, "aria-current": screen.tab === name ? "page" : null })
  ))) : null;
  const foot = bar || menu ? h("div", { class: "foot" }, bar, menu) : null;
  document.getElementById("app").replaceChildren(...[head, body, foot].filter(Boolean));
  drawPill();
}

async function drawPill() {
  const made = await pill();
  const place = document.getElementById("pill");
  // A pill that says the same stays, with the finger on it.
  if (place && made && place.textContent !== made.textContent) place.replaceChildren(made);
}

// --- the back key of the phone ---

let ignored = false;

function keepBackKey(screen) {
  const inside = history.state?.inside === true;
  if (screen.back && !inside) history.pushState({ inside: true }, "");
  if (!screen.back && inside) {
    ignored = true;
    history.back();
  }
}

addEventListener("popstate", () => {
  // A code of enrolment has come into the address: that is no step back.
  if (location.hash) return;
  const back = current.screen?.back;
  if (ignored) {
    ignored = false;
    if (back) history.pushState({ inside: true }, "");
    return;
  }
  if (!back) return;
  history.pushState({ inside: true }, "");
  act(back);
});
