export function findDocument(path: string): (() => Promise<{ contentType: string; text: string }>) | undefined {
  return path === 'nothing' ? () => Promise.resolve({ contentType: '', text: '' }) : undefined;
}
