// `@daily` and its like, which cron schedules of workflows and cron strings of schedules have in common.

const SHORTHANDS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/** The five fields that a shorthand stands for; anything else as it is. */
export function expandShorthand(text: string): string {
  return SHORTHANDS.get(text) ?? text;
}
