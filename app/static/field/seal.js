// The seal of a record, as docs/adr/0017-field-work.md writes it down. What is sealed here only the server
// opens; not even this phone can read it again.
const INFO = "hailong-field-1";
const encoder = new TextEncoder();

// JSON with sorted keys and no spaces, the same text as `surveys/canonical.py` writes.
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(",")}}`;
}

export function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function fromBase64(text) {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}

export async function sha256(data) {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export async function sha256Hex(data) {
  return [...(await sha256(data))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Random letters that nobody mistakes for one another when they are copied by hand. 31 letters do not divide
// 256, so that a byte past the last whole run is drawn again.
const LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
export function slipCode(length = 8) {
  let code = "";
  while (code.length < length) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 256 - (256 % LETTERS.length)) code += LETTERS[byte % LETTERS.length];
  }
  return code;
}

// The envelope of a record as text, and its SHA-256. `publicKey`: 65 bytes in base64url.
export async function seal(record, publicKey) {
  const server = fromBase64(publicKey);
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const [theirs, own] = await Promise.all([
    crypto.subtle.importKey("raw", server, curve, false, []),
    crypto.subtle.generateKey(curve, false, ["deriveBits"]),
  ]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: server, info: encoder.encode(INFO) },
    material, { name: "AES-GCM", length: 256 }, false, ["encrypt"],
  );
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const content = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: encoder.encode(record.id) },
    key, encoder.encode(canonical(record)),
  );
  const envelope = canonical({
    c: toBase64(new Uint8Array(content)),
    e: toBase64(new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey))),
    id: record.id,
    k: (await sha256Hex(server)).slice(0, 16),
    n: toBase64(nonce),
    v: 1,
  });
  return { envelope, sha256: await sha256Hex(envelope) };
}
