// What the phone keeps, in IndexedDB. A record is one row, and each step of its life is one strict
// transaction on it: draft → ready → sending → acknowledged → gone. The key is the record's own id.
const NAME = "hailong-field";
const STORES = { records: "id", meta: "key", questionnaires: "name" };
export const KEEP_DAYS = 7;

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [store, key] of Object.entries(STORES)) {
        request.result.createObjectStore(store, { keyPath: key });
      }
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      // A telephone short of memory closes the connection behind our back: the next step opens a new one.
      request.result.onclose = () => { opened = null; };
      request.result.onversionchange = () => { request.result.close(); opened = null; };
      resolve(request.result);
    };
  });
  opened.catch(() => { opened = null; });
  return opened;
}

export const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// Runs `work` in one transaction and returns its result once everything of it is on the disk. `work` may
// wait for nothing but requests of this transaction.
async function transact(mode, work) {
  for (let attempt = 0; ; attempt += 1) {
    const database = await open();
    try {
      const transaction = database.transaction(Object.keys(STORES), mode, { durability: "strict" });
      return await finished(transaction, work);
    } catch (error) {
      if (attempt || error.name !== "InvalidStateError") throw error;
      opened = null;
    }
  }
}

function finished(transaction, work) {
  return new Promise((resolve, reject) => {
    let result;
    let failure = null;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(failure ?? transaction.error ?? new DOMException("", "AbortError"));
    const stores = Object.fromEntries(Object.keys(STORES).map((name) => [name, transaction.objectStore(name)]));
    work(stores).then(
      (value) => { result = value; },
      (error) => {
        failure = error;
        try { transaction.abort(); } catch { /* It has ended by itself. */ }
      },
    );
  });
}

const read = (work) => transact("readonly", work);
const write = (work) => transact("readwrite", work);

// --- small facts ---

const value = async (meta, key, fallback = null) => (await done(meta.get(key)))?.value ?? fallback;
const put = (meta, key, content) => done(meta.put({ key, value: content }));

export const fact = (key, fallback) => read(({ meta }) => value(meta, key, fallback));
export const keepFact = (key, content) => write(({ meta }) => put(meta, key, content));

// What the console holds against what it has received, for each enrolment of this phone.
export const countersKey = (device) => `counters/${device}`;
export const NONE = { created: 0, ready: 0, acknowledged: 0 };

async function count(meta, device, name) {
  const counters = { ...(await value(meta, countersKey(device), NONE)) };
  counters[name] += 1;
  await put(meta, countersKey(device), counters);
  return counters[name];
}

// --- records ---

export const records = () => read(({ records: rows }) => done(rows.getAll()));
export const record = (id) => read(({ records: rows }) => done(rows.get(id)));

// A new draft with the number that it has on this device. The same draft again changes nothing.
export const begin = (draft) => write(async ({ records: rows, meta }) => {
  const known = await done(rows.get(draft.id));
  if (known) return known;
  const row = { ...draft, state: "draft", serial: await count(meta, draft.device, "created") };
  await done(rows.add(row));
  return row;
});

// The draft as it is now. Refused where it was sealed in another tab, or the browser has cleared everything.
export const keepDraft = (draft) => write(async ({ records: rows }) => {
  const known = await done(rows.get(draft.id));
  if (!known) throw new DOMException("", "NotFoundError");
  if (known.state !== "draft") throw new DOMException("", "InvalidAccessError");
  await done(rows.put(draft));
});

// The sealed record takes the place of its draft. What stays readable says where and when, not what.
export const keepSealed = (id, sealed) => write(async ({ records: rows, meta }) => {
  const row = await done(rows.get(id));
  if (row?.state !== "draft") return;
  const { draft: _draft, ...outside } = row;
  await done(rows.put({ ...outside, ...sealed, state: "ready", tries: 0, problem: null }));
  await count(meta, row.device, "ready");
});

const change = (id, from, alter) => write(async ({ records: rows }) => {
  const row = await done(rows.get(id));
  if (!row || !from.includes(row.state)) return false;
  await done(rows.put(alter(row)));
  return true;
});

export const markSending = (id) => change(id, ["ready", "sending"], (row) => (
  { ...row, state: "sending", tries: row.tries + 1 }
));
export const markWaiting = (id, problem) => change(id, ["sending"], (row) => ({ ...row, state: "ready", problem }));

export const markAcknowledged = (id, kept, at) => write(async ({ records: rows, meta }) => {
  const row = await done(rows.get(id));
  if (row?.state !== "sending") return;
  await done(rows.put({ ...row, state: "acknowledged", problem: null, kept, acknowledged: at }));
  await count(meta, row.device, "acknowledged");
  await put(meta, "lastSent", at);
  await put(meta, "halt", null);
});

// Takes away what the server has acknowledged a week ago and has counted in the work it hands out since.
export const purge = (now, workAt) => write(async ({ records: rows }) => {
  const limit = Math.min(now, workAt) - KEEP_DAYS * 86_400_000;
  for (const row of await done(rows.getAll())) {
    if (row.state === "acknowledged" && row.acknowledged < limit) await done(rows.delete(row.id));
  }
});

// --- the work of this device ---

export const keepDevice = (device) => write(async ({ meta }) => {
  const before = await value(meta, "device");
  const former = await value(meta, "formerDevices", []);
  // The token of an earlier enrolment still opens the way for what was collected under it.
  if (before && before.device !== device.device) await put(meta, "formerDevices", [...former, before]);
  await put(meta, "device", device);
  await put(meta, "halt", null);
});

// The work and its questionnaires at once; an old version stays for as long as a draft refers to it.
export const keepWork = (work, definitions) => write(async ({ records: rows, meta, questionnaires }) => {
  await put(meta, "work", work);
  for (const definition of definitions) {
    await done(questionnaires.put({ name: `${definition.code}/${definition.version}`, definition }));
  }
  const needed = new Set(work.rounds.map(({ questionnaire: { code, version } }) => `${code}/${version}`));
  for (const row of await done(rows.getAll())) {
    if (row.draft) needed.add(`${row.draft.questionnaire}/${row.draft.version}`);
  }
  for (const name of await done(questionnaires.getAllKeys())) {
    if (!needed.has(name)) await done(questionnaires.delete(name));
  }
});

export const questionnaire = (code, version) => read(async ({ questionnaires }) => (
  (await done(questionnaires.get(`${code}/${version}`)))?.definition ?? null
));
