// The same words in the language of the household, written or as a voice, where the province has given them.
import { mediaFor, speak } from "../media.js";
import { button, h } from "../ui.js";
import { W } from "../words.js";

// `place`: what stands where the words leave room for the name of the village.
export async function spoken(round, language, part, place = "") {
  if (language === "vi") return null;
  const [text, voice] = await Promise.all([
    mediaFor(round, language, part, "text"), mediaFor(round, language, part, "voice"),
  ]);
  if (!text && !voice) return null;
  const told = h("p", { class: "quiet", role: "status" });
  const listen = async () => {
    try {
      await speak(voice);
      told.textContent = "";
    } catch {
      told.textContent = W.mute;
    }
  };
  return h("div", {},
    text ? h("blockquote", { class: "aloud" }, place ? text.replace(/\[[^\]]*\]/g, place) : text) : null,
    voice ? [button(W.listen, listen, { class: "plain" }), told] : null);
}
