// The worker: keeps exactly the files of one release, each compared with its hash, or is not installed at
// all. The line above this one, which the server writes, says which.
const { release, files } = self.APP;
const PREFIX = "hailong-field-";
const NAME = PREFIX + release;
const SHELL = files[0][0];
const known = new Set(files.map(([address]) => address));

async function digest(content) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function fetchExactly([address, hash]) {
  const response = await fetch(address, { cache: "no-store", credentials: "omit", redirect: "error" });
  const content = await response.arrayBuffer();
  if (!response.ok || (await digest(content)) !== hash) throw new Error(`${address} is not what it should be`);
  // Only what is needed of the headers; the body is plain whatever it was packed in on its way.
  const headers = new Headers();
  for (const name of ["Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
    "Cross-Origin-Opener-Policy", "Permissions-Policy"]) {
    if (response.headers.has(name)) headers.set(name, response.headers.get(name));
  }
  return [address, new Response(content, { headers })];
}

async function isWhole(cache) {
  for (const [address, hash] of files) {
    const kept = await cache.match(address);
    if (!kept || (await digest(await kept.arrayBuffer())) !== hash) return false;
  }
  return true;
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    // Everything is there before anything is kept: a broken line leaves no half of an app.
    const fetched = await Promise.all(files.map(fetchExactly));
    const cache = await caches.open(NAME);
    try {
      for (const [address, response] of fetched) await cache.put(address, response);
      if (!(await isWhole(cache))) throw new Error("the cache did not keep what it was given");
    } catch (error) {
      await caches.delete(NAME);
      throw error;
    }
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    if (await isWhole(await caches.open(NAME))) {
      const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
      await Promise.all(old.map((name) => caches.delete(name)));
    }
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const wanted = request.mode === "navigate" && address.pathname === SHELL ? SHELL : address.pathname;
  // Files of other releases too: a page that is open lives on with its own.
  if (known.has(wanted) || wanted.includes("/field/")) {
    event.respondWith(caches.match(wanted, { cacheName: known.has(wanted) ? NAME : undefined })
      .then((kept) => kept ?? fetch(request)));
  }
});
