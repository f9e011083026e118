// What a person has chosen for this browser: theme, density, time format, codec server. Kept in localStorage, shared by
// all tabs of one browser; what belongs to a view is in its URL instead.
import { useSyncExternalStore } from 'react';
import { store, stored } from './storage.ts';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';
export type TimeFormat = 'relative' | 'exact';

export interface CodecSettings {
  /** Without `/decode`; empty: payloads are shown as they are stored. May contain `{namespace}`. */
  readonly endpoint: string;
  /** Sent as `Authorization: Bearer …`; kept only in this tab's memory. */
  readonly token: string;
  /** Cookies of the codec server's origin go with the request. */
  readonly includeCredentials: boolean;
  /** What the pages send goes through `/encode`; otherwise it is sent as it is typed. */
  readonly encodesSent: boolean;
}

export interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
  readonly timeFormat: TimeFormat;
  /** IANA name; 'local': that of the browser. */
  readonly timeZone: string;
  readonly hour12: boolean;
  readonly railCollapsed: boolean;
  /** Pages show changes as they happen. */
  readonly live: boolean;
  readonly codec: CodecSettings;
}

const DEFAULTS: Preferences = {
  theme: 'system',
  density: 'comfortable',
  timeFormat: 'relative',
  timeZone: 'local',
  hour12: false,
  railCollapsed: false,
  live: true,
  codec: { endpoint: '', token: '', includeCredentials: false, encodesSent: true },
};

const KEY = 'perdure.preferences';
const listeners = new Set<() => void>();
let current = read();
/** Somebody has said which codec server to ask, or that none is to be asked. */
let isCodecChosen = stored(KEY)?.includes('"codec"');

/** The preferences now; the component is drawn again when they change. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

export function preferences(): Preferences {
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  isCodecChosen ||= change.codec !== undefined;
  const { codec, ...kept } = current;
  // A token is a secret: other scripts of this origin, and who opens the browser tomorrow, have no use for it.
  store(KEY, JSON.stringify({ ...kept, ...(isCodecChosen && { codec: { ...codec, token: '' } }) }));
  changed();
}

/** The codec server that the server names: asked until somebody chooses. */
export function offerCodec(endpoint: string): void {
  if (isCodecChosen) return;
  current = { ...current, codec: { ...current.codec, endpoint } };
  changed();
}

/** Puts theme and density on the document. */
export function apply(): void {
  const dark = current.theme === 'dark' || (current.theme === 'system' && prefersDark.matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  document.documentElement.dataset['density'] = current.density;
}

/** An IANA name, for Intl. */
export function timeZoneOf({ timeZone }: Preferences): string {
  return timeZone === 'local' ? Intl.DateTimeFormat().resolvedOptions().timeZone : timeZone;
}

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
prefersDark.addEventListener('change', () => {
  // Another object, so that what is drawn by scripts is drawn anew.
  current = { ...current };
  changed();
});
addEventListener('storage', ({ key }) => {
  if (key !== KEY) return;
  const { endpoint, token } = current.codec;
  const next = read();
  // A token is for the server that it was given for.
  current = next.codec.endpoint === endpoint ? { ...next, codec: { ...next.codec, token } } : next;
  changed();
});

function changed(): void {
  apply();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Damaged or older contents fall back to the defaults, field by field. */
function read(): Preferences {
  try {
    const given = JSON.parse(stored(KEY) ?? '{}') as Partial<Preferences>;
    const kept = { ...like(DEFAULTS, given), codec: like(DEFAULTS.codec, given.codec) };
    return isTimeZone(timeZoneOf(kept)) ? kept : { ...kept, timeZone: DEFAULTS.timeZone };
  } catch {
    return DEFAULTS;
  }
}

/** The fields of the defaults, as given where they are of the same type. */
function like<T extends object>(defaults: T, given: Partial<T> = {}): T {
  const entries = Object.entries(defaults).map(([name, value]: [string, unknown]) => {
    const other = given[name as keyof T];
    return [name, typeof other === typeof value ? other : value];
  });
  return Object.fromEntries(entries) as T;
}

/** Browsers do not all know the same zones. */
function isTimeZone(timeZone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone }) !== undefined;
  } catch {
    return false;
  }
}
