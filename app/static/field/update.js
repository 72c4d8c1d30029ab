// The worker and its new versions. A new one waits until no interview is open in any tab, and until a
// person asks for it or all tabs are closed.
import { tell } from "./channel.js";

let registration = null;
let reloading = false;

export async function install() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first worker takes over a page that is already what it would show.
    if (!reloading) return;
    location.reload();
  });
  try {
    registration = await navigator.serviceWorker.register("/thuc-dia/sw.js", {
      scope: "/thuc-dia/", updateViaCache: "none",
    });
  } catch {
    return;
  }
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => tell({ type: "changed" }));
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
}

export const look = () => registration?.update().catch(() => {});

export const updateWaits = () => Boolean(registration?.waiting && navigator.serviceWorker.controller);

// Whether the new version may take over now: false while an interview is open anywhere on this phone.
export function takeOver() {
  const go = () => {
    reloading = true;
    registration.waiting?.postMessage("take over");
    return true;
  };
  if (!navigator.locks) return Promise.resolve(go());
  return navigator.locks.request("hailong-interview", { ifAvailable: true }, (lock) => (lock ? go() : false));
}
