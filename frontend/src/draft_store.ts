/**
 * Copies of half-written forms in this browser. They bridge a lost connection or an expired
 * session; a copy goes away once the server has the text, and all go away on signing out, because
 * a desk may be shared.
 */
import type { FormValues } from "./form_values.ts";

const PREFIX = "draft:";
const SUBMITTED = "submitted-draft";
const KEPT_FOR_MS = 14 * 24 * 60 * 60 * 1000;

export interface Draft {
  savedAt: string;
  values: FormValues;
}

/** Some desks forbid storage; then there is simply no copy. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

export function keepDraft(key: string, values: FormValues): boolean {
  const draft: Draft = { savedAt: new Date().toISOString(), values };
  return attempt(() => (localStorage.setItem(PREFIX + key, JSON.stringify(draft)), true)) ?? false;
}

export function readDraft(key: string): Draft | undefined {
  const text = attempt(() => localStorage.getItem(PREFIX + key));
  if (text === undefined || text === null) return undefined;
  const draft = attempt(() => JSON.parse(text) as Draft);
  if (draft === undefined || Date.now() - Date.parse(draft.savedAt) > KEPT_FOR_MS) {
    forgetDraft(key);
    return undefined;
  }
  return draft;
}

export function forgetDraft(key: string): void {
  attempt(() => localStorage.removeItem(PREFIX + key));
}

export function forgetAllDrafts(): void {
  const keys = attempt(() => Object.keys(localStorage)) ?? [];
  for (const key of keys) if (key.startsWith(PREFIX)) attempt(() => localStorage.removeItem(key));
}

/** Remembers for the next page that this form was sent. */
export function markSubmitted(key: string): void {
  attempt(() => sessionStorage.setItem(SUBMITTED, key));
}

/** The key of the form sent from the page before, once. */
export function takeSubmitted(): string | undefined {
  const key = attempt(() => sessionStorage.getItem(SUBMITTED));
  attempt(() => sessionStorage.removeItem(SUBMITTED));
  return key ?? undefined;
}
