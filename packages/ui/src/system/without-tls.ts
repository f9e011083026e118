// What browsers keep from pages that came over plain HTTP from another machine, and that the UI needs all the same: ids of
// requests, and copying. Loaded on such pages alone.

export function addWhatIsMissing(): void {
  if (crypto.randomUUID === undefined) Object.defineProperty(crypto, 'randomUUID', { value: randomUuid });
  if (navigator.clipboard === undefined) Object.defineProperty(navigator, 'clipboard', { value: { writeText } });
}

/** Version 4: random bits, but for those that say so. */
function randomUuid(): string {
  const [a = 0, b = 0, c = 0, d = 0, ...node] = crypto.getRandomValues(new Uint16Array(8));
  const parts = [[a, b], [c], [(d & 0x0fff) | 0x4000], [((node[0] ?? 0) & 0x3fff) | 0x8000], node.slice(1)];
  return parts.map((words) => words.map((word) => word.toString(16).padStart(4, '0')).join('')).join('-');
}

/** By the command of old, which asks the page what it wants to have copied. */
async function writeText(text: string): Promise<void> {
  const give = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener('copy', give, { capture: true, once: true });
  const isCopied = document.execCommand('copy');
  removeEventListener('copy', give, { capture: true });
  if (!isCopied) throw new Error('The browser lets this page copy nothing: it came over plain HTTP.');
}
