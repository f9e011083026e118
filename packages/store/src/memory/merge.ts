/** Merges lists that are each in order into one in order. */
export function* mergeSorted<T>(lists: readonly Iterable<T>[], compare: (a: T, b: T) => number): Generator<T> {
  const heads = lists.flatMap((list) => {
    const iterator = list[Symbol.iterator]();
    const first = iterator.next();
    return first.done === true ? [] : [{ iterator, value: first.value }];
  });
  for (;;) {
    let least = heads[0];
    if (least === undefined) return;
    for (const head of heads) if (compare(head.value, least.value) < 0) least = head;
    yield least.value;
    const next = least.iterator.next();
    if (next.done === true) heads.splice(heads.indexOf(least), 1);
    else least.value = next.value;
  }
}
