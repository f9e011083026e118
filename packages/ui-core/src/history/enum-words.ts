/** `RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED` with the prefix `RETRY_STATE`: "maximum attempts reached". */
export function enumWords(value: string | undefined, prefix: string): string {
  if (value === undefined || value === `${prefix}_UNSPECIFIED`) return '';
  return value
    .replace(new RegExp(`^${prefix}_`), '')
    .toLowerCase()
    .replaceAll('_', ' ');
}

/** `ScheduleToStart` with the prefix `TIMEOUT_TYPE`: `TIMEOUT_TYPE_SCHEDULE_TO_START`. What has the prefix already stays. */
export function enumFromPascalCase(value: string, prefix: string): string {
  if (value.startsWith(`${prefix}_`)) return value;
  return `${prefix}_${value.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()}`;
}
