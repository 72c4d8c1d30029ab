// One request to our own server. Nothing of a person's browser goes along, and a redirect is never followed:
// only the login page of a strange network would send us elsewhere.
export const API = "/thuc-dia/api/";
const TIMEOUT = 30_000;

export async function ask(path, { method = "GET", token, body, headers = {}, timeout = TIMEOUT } = {}) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeout);
  try {
    const response = await fetch(API + path, {
      method,
      body,
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: limit.signal,
    });
    // The time is for the whole answer: a line that falls asleep in the middle of it is a broken line.
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  } finally {
    clearTimeout(timer);
  }
}

// The value of an answer that must be JSON; undefined where something else came, such as a login page.
export function parsed(answer) {
  try {
    return JSON.parse(answer.text);
  } catch {
    return undefined;
  }
}

// Whether our server can be reached: a hotel's network answers everything, but not with an empty 204.
export async function reachable() {
  try {
    const answer = await ask("con-day", { timeout: 10_000 });
    return answer.status === 204 && answer.text === "";
  } catch {
    return false;
  }
}

// Seconds of a Retry-After header, at most an hour; a date is understood too.
export function retryAfter(headers) {
  const value = headers.get("Retry-After") ?? "";
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Math.min(Math.max(Number.isFinite(seconds) ? seconds : 30, 1), 3600);
}
