// Marks texts inside of an element without touching it: whatever draws payloads and failures there needs to know nothing of
// the search. Browsers without custom highlights show the same without marks.
import { marksIn } from '@perdure/ui-core';
import { type RefObject, useEffect } from 'react';

const NAME = 'found';
const RANGES_MAX = 1_000;

/** One element of a page at a time. */
export function useTextHighlight(ref: RefObject<HTMLElement | null>, wanted: readonly string[]): void {
  useEffect(() => {
    const element = ref.current;
    if (element === null || wanted.length === 0 || !('highlights' in CSS)) return undefined;
    const paint = () => void CSS.highlights.set(NAME, new Highlight(...rangesIn(element, wanted)));
    paint();
    const observer = new MutationObserver(paint);
    observer.observe(element, { childList: true, characterData: true, subtree: true });
    return () => {
      observer.disconnect();
      CSS.highlights.delete(NAME);
    };
  }, [ref, wanted]);
}

function rangesIn(element: HTMLElement, wanted: readonly string[]): readonly Range[] {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null && ranges.length < RANGES_MAX; node = walker.nextNode()) {
    for (const { from, to } of marksIn(node.nodeValue ?? '', wanted)) {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      ranges.push(range);
    }
  }
  return ranges;
}
