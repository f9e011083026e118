/**
 * What is selected after a row was toggled.
 * @param keys of all rows, in order
 * @param from the other end of a range that becomes like the row; undefined: the row alone
 */
export function toggled(
  selected: ReadonlySet<string>,
  keys: readonly string[],
  key: string,
  from: string = key,
): ReadonlySet<string> {
  const next = new Set(selected);
  const [first = -1, last = -1] = [keys.indexOf(from), keys.indexOf(key)].toSorted((a, b) => a - b);
  for (const each of first < 0 ? [key] : keys.slice(first, last + 1)) {
    if (selected.has(key)) next.delete(each);
    else next.add(each);
  }
  return next;
}
