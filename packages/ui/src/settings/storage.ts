// The browser's storage, which may be closed to the page, or full. What cannot be kept there is kept as long as the page
// is open: nobody's view may fail because a column's width could not be stored.

const unsaved = new Map<string, string>();

export function stored(key: string): string | null {
  try {
    return unsaved.get(key) ?? localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function store(key: string, text: string): void {
  unsaved.set(key, text);
  try {
    localStorage.setItem(key, text);
    unsaved.delete(key);
  } catch {
    // It stays among the unsaved.
  }
}
