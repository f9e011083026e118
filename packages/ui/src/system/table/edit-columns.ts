// Moves and resizes the columns of a table by pointer. Loaded when somebody begins to: the pointer may have been released, or have
// gone on, by then.
import { COLUMN_WIDTH_MIN } from './columns.ts';

/** Less is a click. */
const DRAG_FROM_PX = 6;

type OnWidth = (width: number) => void;

/** Until the pointer is released. @param edge of the head of the column */
export function resizeByPointer(edge: HTMLElement, { clientX }: PointerEvent, onWidth: OnWidth): void {
  const startPx = edge.parentElement?.offsetWidth ?? 0;
  whileDown({
    move: (moved) => onWidth(Math.max(COLUMN_WIDTH_MIN, startPx + moved.clientX - clientX)),
    end: () => undefined,
  });
}

/**
 * Until the pointer is released; Escape leaves all as it is.
 * @param head one of those of the table, each with its id in `data-column`
 * @param onOrder the ids in their new order
 */
export function moveByPointer(head: HTMLElement, { clientX }: PointerEvent, onOrder: (ids: string[]) => void): void {
  const heads = [...(head.parentElement?.querySelectorAll<HTMLElement>('[data-column]') ?? [])];
  const others = heads.filter((each) => each !== head);
  let at: number | undefined;
  const mark = (next: number | undefined) => {
    at = next;
    head.toggleAttribute('data-moved', at !== undefined);
    for (const [i, other] of others.entries()) {
      other.toggleAttribute('data-before', i === at);
      other.toggleAttribute('data-behind', at === others.length && i === at - 1);
    }
  };
  whileDown({
    move: (moved) => {
      if (at === undefined && Math.abs(moved.clientX - clientX) < DRAG_FROM_PX) return;
      mark(others.filter((other) => middleOf(other) < moved.clientX).length);
    },
    end: (isDone) => {
      const target = at;
      mark(undefined);
      if (target === undefined) return;
      ignoreClick();
      if (isDone && target !== heads.indexOf(head)) onOrder(others.toSpliced(target, 0, head).map(idOf));
    },
  });
}

interface Drag {
  readonly move: (event: PointerEvent) => void;
  readonly end: (isDone: boolean) => void;
}

function whileDown({ move, end }: Drag): void {
  const ended = new AbortController();
  const { signal } = ended;
  const finish = (isDone: boolean) => {
    ended.abort();
    end(isDone);
  };
  addEventListener('pointermove', (event) => (event.buttons === 0 ? finish(false) : move(event)), { signal });
  addEventListener('pointerup', () => finish(true), { signal });
  addEventListener('pointercancel', () => finish(false), { signal });
  addEventListener('keydown', ({ key }) => key === 'Escape' && finish(false), { signal });
}

/** The release of a pointer that has moved something is no click on what is below it. */
function ignoreClick(): void {
  const stop = (event: Event) => event.stopPropagation();
  addEventListener('click', stop, { capture: true, once: true });
  setTimeout(() => removeEventListener('click', stop, { capture: true }));
}

function middleOf(element: HTMLElement): number {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}

function idOf(head: HTMLElement): string {
  return head.dataset['column'] ?? '';
}
