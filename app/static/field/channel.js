// What the tabs of one phone tell each other, and what the parts of one tab tell its screen.
const listeners = new Set();
const channel = "BroadcastChannel" in self ? new BroadcastChannel("hailong-field") : null;
channel?.addEventListener("message", ({ data }) => listeners.forEach((hear) => hear(data, true)));

export const listen = (hear) => listeners.add(hear);

export function tell(message) {
  channel?.postMessage(message);
  listeners.forEach((hear) => hear(message, false));
}

// Runs `work` if no other tab of this phone holds the lock; null where one does. Without locks, on browsers
// from before 2022, the server's knowledge of every id is what keeps a record single.
export function alone(name, work, options = {}) {
  if (!navigator.locks) return work(true);
  return navigator.locks.request(name, { ifAvailable: true, ...options }, (lock) => (lock ? work(lock) : null));
}
