// The same words in the language of the household, written or as a voice, where the province has given them.
import { button, h } from "../ui.js";
import { mediaFor, speak } from "../work.js";
import { W } from "../words.js";

export async function spoken(round, language, part) {
  if (language === "vi") return null;
  const [text, voice] = await Promise.all([
    mediaFor(round, language, part, "text"), mediaFor(round, language, part, "voice"),
  ]);
  if (!text && !voice) return null;
  return h("div", {},
    text ? h("blockquote", { class: "aloud" }, text) : null,
    voice ? button(W.listen, () => speak(voice), { class: "plain" }) : null);
}
