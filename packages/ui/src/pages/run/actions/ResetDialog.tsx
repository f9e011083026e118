export function ResetDialog() {
  return null;
}
