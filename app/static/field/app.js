// The app opens: storage first, then the screen, then the worker and the sender.
import { listen } from "./channel.js";
import { device, release } from "./screens/device.js";
import { enrolment, takeCode } from "./screens/enrolment.js";
import { pill, queue } from "./screens/queue.js";
import { today } from "./screens/today.js";
import { start } from "./sender.js";
import { fact } from "./store.js";
import { definePill, defineTabs, go, h, refresh } from "./ui.js";
import { install } from "./update.js";
import { W } from "./words.js";

defineTabs([
  { name: "today", text: W.tabs.today, open: () => go(today) },
  { name: "queue", text: W.tabs.queue, open: () => go(queue) },
  { name: "device", text: W.tabs.device, open: () => go(device) },
]);
definePill(pill);

// Changes of several records in a row are one new drawing.
let planned = 0;
listen((message) => {
  if (message.type !== "changed") return;
  clearTimeout(planned);
  planned = setTimeout(() => refresh().catch(() => {}), 50);
});

try {
  const coded = takeCode();
  const bound = await fact("device");
  await go(coded || !bound ? enrolment : today);
  addEventListener("hashchange", () => { if (takeCode()) go(enrolment); });
  install();
  start(release());
} catch {
  // Private windows of some browsers keep nothing: better to say so now than after thirty houses.
  document.getElementById("app").replaceChildren(h("main", {}, h("h1", {}, W.app), h("p", {}, W.noStore)));
}
