/**
 * The list of people that a phone takes with it: encrypted with a key made from a passphrase that
 * is kept nowhere (PBKDF2-SHA-256, AES-GCM). Scans that wait to be sent hold no names.
 */

export interface Person {
  digest: string;
  name: string;
  kana: string;
  organization: string;
  track: string;
  state: string;
}

export interface Waiting {
  id: string;
  digest: string;
  at: string;
  way: "qr" | "list";
}

export interface Kept {
  device: string;
  name: string;
  expiresAt: string;
  salt: Uint8Array<ArrayBuffer>;
  iv: Uint8Array<ArrayBuffer>;
  secret: ArrayBuffer;
  wrong: number;
}

/** OWASP Password Storage Cheat Sheet, PBKDF2 with HMAC-SHA-256. */
const ROUNDS = 600_000;
const WRONG_MOST = 5;
const encoder = new TextEncoder();

/** The digest under which the list holds a code. */
export async function digestOf(event: string, code: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", encoder.encode(`${event}:${code}`));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The code in what was scanned or typed: alone, or at the end of an address. */
export function readCode(scanned: string): string {
  const text = scanned.slice(0, 300).normalize("NFKC").trim().replace(/\/+$/, "");
  const last = text.split("/").at(-1)?.split("=").at(-1) ?? "";
  return last.replace(/[\s\u200b\ufeff-]+/g, "").toUpperCase().slice(0, 32);
}

/** Text as the search compares it: widths and kana made equal, variation selectors dropped. */
export function searchForm(text: string): string {
  const plain = text.replace(/[\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]/gu, "").normalize("NFKC");
  const katakana = plain.replace(/[\u3041-\u3096]/g, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) + 0x60),
  );
  return katakana.replace(/[\s\u30fb\u30fc.-]+/g, "").toLowerCase();
}

async function keyFrom(passphrase: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey(
    "raw", encoder.encode(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"],
  );
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS },
    base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"],
  );
}

/** What a phone keeps of an event: the encrypted list, scans to be sent, digests of those sent. */
export class Keeping {
  private constructor(private readonly database: IDBDatabase) {}

  static async open(event: string): Promise<Keeping> {
    const request = indexedDB.open(`reception-${event}`, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("kept");
      request.result.createObjectStore("waiting", { keyPath: "id" });
      request.result.createObjectStore("sent");
    };
    return new Keeping(await settled(request));
  }

  /** Encrypts and keeps a list. */
  async keep(
    told: { device: string; name: string; expires_at: string; people: Person[] },
    passphrase: string,
  ): Promise<void> {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const key = await keyFrom(passphrase, salt);
    const plain = encoder.encode(JSON.stringify(told.people));
    const secret = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
    const { device, name, expires_at: expiresAt } = told;
    const kept: Kept = { device, name, expiresAt, salt, iv, secret, wrong: 0 };
    await settled(this.store("sent", "readwrite").clear());
    await settled(this.store("kept", "readwrite").put(kept, "list"));
  }

  /** The encrypted list, unless there is none or its time is over. */
  async list(): Promise<Kept | null> {
    const kept = (await settled(this.store("kept").get("list"))) as Kept | undefined;
    if (kept === undefined) return null;
    if (Date.parse(kept.expiresAt) > Date.now()) return kept;
    await this.forget();
    return null;
  }

  /** Opens the list; a wrong passphrase gives null, too many of them delete the list. */
  async unlock(passphrase: string): Promise<Person[] | null> {
    const kept = await this.list();
    if (kept === null) return null;
    try {
      const key = await keyFrom(passphrase, kept.salt);
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, key, kept.secret);
      if (kept.wrong > 0) await this.count({ ...kept, wrong: 0 });
      return JSON.parse(new TextDecoder().decode(plain)) as Person[];
    } catch {
      if (kept.wrong + 1 >= WRONG_MOST) await this.forget();
      else await this.count({ ...kept, wrong: kept.wrong + 1 });
      return null;
    }
  }

  private async count(kept: Kept): Promise<void> {
    await settled(this.store("kept", "readwrite").put(kept, "list"));
  }

  /** Deletes the list; scans that wait to be sent stay. */
  async forget(): Promise<void> {
    await settled(this.store("kept", "readwrite").clear());
    await settled(this.store("sent", "readwrite").clear());
  }

  async wait(scan: Waiting): Promise<void> {
    await settled(this.store("waiting", "readwrite").put(scan));
  }

  async waiting(): Promise<Waiting[]> {
    return (await settled(this.store("waiting").getAll())) as Waiting[];
  }

  /** Notes that a scan was answered. */
  async done(scan: Waiting, isThere: boolean): Promise<void> {
    await settled(this.store("waiting", "readwrite").delete(scan.id));
    if (isThere) await settled(this.store("sent", "readwrite").put(scan.at, scan.digest));
  }

  /** When this phone took that person, if it did. */
  async takenAt(digest: string): Promise<string | null> {
    const sent = (await settled(this.store("sent").get(digest))) as string | undefined;
    if (sent !== undefined) return sent;
    return (await this.waiting()).find((scan) => scan.digest === digest)?.at ?? null;
  }

  private store(name: string, mode: IDBTransactionMode = "readonly"): IDBObjectStore {
    return this.database.transaction(name, mode).objectStore(name);
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
