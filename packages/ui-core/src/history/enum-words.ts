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

/** Why there was no other attempt. Empty if none was asked for, which is nothing to tell. */
export function retryWords(retryState: string | undefined): string {
  return retryState === 'RETRY_STATE_RETRY_POLICY_NOT_SET' ? '' : enumWords(retryState, 'RETRY_STATE');
}
