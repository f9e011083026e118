// The same action as a line for a shell.

type Flag = string | number | boolean | readonly string[] | undefined;

/**
 * commandLine('workflow signal', { 'workflow-id': 'a b', name: 'go' }): `perdure workflow signal --workflow-id 'a b' --name go`.
 * Flags that are undefined, empty or false are left out; true stands without a value; a list repeats its flag.
 */
export function commandLine(command: string, flags: Readonly<Record<string, Flag>>): string {
  const words = Object.entries(flags).flatMap(([name, value]) => {
    if (value === undefined || value === '' || value === false) return [];
    if (value === true) return [`--${name}`];
    return [value].flat().map((each) => `--${name} ${shellWord(String(each))}`);
  });
  return ['perdure', command, ...words].join(' ');
}

/** Quoted for POSIX shells where it has to be. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `default` goes without saying. */
export function namespaceFlag(namespace: string): string | undefined {
  return namespace === 'default' ? undefined : namespace;
}
