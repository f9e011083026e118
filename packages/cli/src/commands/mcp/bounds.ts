// Answers that fit into the context of an agent.

/** Cut in the middle of nothing that UTF-8 holds together, with a note of what is missing. */
export function bounded(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= bytesMax) return text;
  let end = bytesMax;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  const missing = bytes.length - end;
  return `${bytes.subarray(0, end).toString()}\n… ${missing} more bytes are cut off: ask for less (limit, type, event_id).`;
}
