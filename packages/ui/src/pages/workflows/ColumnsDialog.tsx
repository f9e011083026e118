// All columns that there are: chosen ones first, in their order, each moved and resized by buttons.
import { useQuery } from '@tanstack/react-query';
import { searchAttributesQuery } from '../../api/server.ts';
import { pick } from '../../messages/catalogue.ts';
import { workflows } from '../../messages/workflows.ts';
import { useStored } from '../../settings/stored.ts';
import { Button, IconButton } from '../../system/Button.tsx';
import { Dialog } from '../../system/Dialog.tsx';
import { Checkbox } from '../../system/Field.tsx';
import { COLUMN_WIDTH_MIN } from '../../system/table/columns.ts';
import { DEFAULT_COLUMNS, WIDTHS_KEY, type WidthsById, workflowColumns } from './columns.tsx';

interface Props {
  readonly namespace: string;
  readonly onClose: () => void;
}

const texts = pick({
  en: {
    up: (name: string) => `Move ${name} up`,
    down: (name: string) => `Move ${name} down`,
    narrower: (name: string) => `Make ${name} narrower`,
    wider: (name: string) => `Make ${name} wider`,
    reset: 'Standard columns',
  },
});

/** CSS pixels. */
const WIDTH_STEP = 16;

export function ColumnsDialog({ namespace, onClose }: Props) {
  const { data } = useQuery(searchAttributesQuery(namespace));
  const [chosen, setChosen] = useStored<readonly string[]>(`columns.${namespace}`, DEFAULT_COLUMNS);
  const [widths, setWidths] = useStored<WidthsById>(WIDTHS_KEY, {});
  const all = workflowColumns(namespace, Object.keys(data?.customAttributes ?? {}));
  const shown = chosen.flatMap((id) => all.find((column) => column.id === id) ?? []);
  const others = all.filter(({ id }) => !chosen.includes(id));
  const reset = () => {
    setChosen(DEFAULT_COLUMNS);
    setWidths({});
  };
  const resize = (id: string, standard: number, step: number) =>
    setWidths({ ...widths, [id]: Math.max(COLUMN_WIDTH_MIN, (widths[id] ?? standard) + step) });
  const swap = (at: number, step: number) => {
    const ids = shown.map(({ id }) => id);
    const [moved] = ids.splice(at, 1);
    if (moved !== undefined) setChosen(ids.toSpliced(at + step, 0, moved));
  };
  return (
    <Dialog
      title={workflows.chooseColumns}
      width={360}
      onClose={onClose}
      footer={<Button onClick={reset}>{texts.reset}</Button>}
    >
      {shown.map(({ id, title, width }, i) => (
        <div key={id} style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
          <span style={{ flex: 1 }}>
            <Checkbox
              label={title}
              checked
              disabled={shown.length === 1}
              onChange={() => setChosen(chosen.filter((each) => each !== id))}
            />
          </span>
          <IconButton size="small" icon="up" label={texts.up(title)} disabled={i === 0} onClick={() => swap(i, -1)} />
          <IconButton
            size="small"
            icon="down"
            label={texts.down(title)}
            disabled={i === shown.length - 1}
            onClick={() => swap(i, 1)}
          />
          <IconButton
            size="small"
            icon="minus"
            label={texts.narrower(title)}
            disabled={(widths[id] ?? width) <= COLUMN_WIDTH_MIN}
            onClick={() => resize(id, width, -WIDTH_STEP)}
          />
          <IconButton
            size="small"
            icon="plus"
            label={texts.wider(title)}
            onClick={() => resize(id, width, WIDTH_STEP)}
          />
        </div>
      ))}
      <hr style={{ width: '100%', border: 0, borderTop: '1px solid var(--line)' }} />
      {others.map(({ id, title }) => (
        <Checkbox key={id} label={title} checked={false} onChange={() => setChosen([...chosen, id])} />
      ))}
    </Dialog>
  );
}
