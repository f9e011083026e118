/** "0 B", "999 B", "1.5 kB", "3 MB". Cut, not rounded. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [unit, size]: [string, number] = bytes < 1_000_000 ? ['kB', 1000] : ['MB', 1_000_000];
  return `${Math.floor((bytes / size) * 10) / 10} ${unit}`;
}
