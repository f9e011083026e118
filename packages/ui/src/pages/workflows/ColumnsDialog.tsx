// All columns that there are: chosen ones first, in their order.
import { useQuery } from '@tanstack/react-query';
import { searchAttributesQuery } from '../../api/server.ts';
import { pick } from '../../messages/catalogue.ts';
import { workflows } from '../../messages/workflows.ts';
import { useStored } from '../../settings/stored.ts';
import { Button, IconButton } from '../../system/Button.tsx';
import { Dialog } from '../../system/Dialog.tsx';
import { Checkbox } from '../../system/Field.tsx';
import { DEFAULT_COLUMNS, WIDTHS_KEY, type WidthsById, workflowColumns } from './columns.tsx';

interface Props {
  readonly namespace: string;
  readonly onClose: () => void;
}

const texts = pick({
  en: {
    up: (name: string) => `Move ${name} up`,
    down: (name: string) => `Move ${name} down`,
    reset: 'Standard columns',
  },
});

export function ColumnsDialog({ namespace, onClose }: Props) {
  const { data } = useQuery(searchAttributesQuery(namespace));
  const [chosen, setChosen] = useStored<readonly string[]>(`columns.${namespace}`, DEFAULT_COLUMNS);
  const [, setWidths] = useStored<WidthsById>(WIDTHS_KEY, {});
  const all = workflowColumns(namespace, Object.keys(data?.customAttributes ?? {}));
  const shown = chosen.flatMap((id) => all.find((column) => column.id === id) ?? []);
  const others = all.filter(({ id }) => !chosen.includes(id));
  const reset = () => {
    setChosen(DEFAULT_COLUMNS);
    setWidths({});
  };
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
      {shown.map(({ id, title }, i) => (
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
        </div>
      ))}
      <hr style={{ width: '100%', border: 0, borderTop: '1px solid var(--line)' }} />
      {others.map(({ id, title }) => (
        <Checkbox key={id} label={title} checked={false} onChange={() => setChosen([...chosen, id])} />
      ))}
    </Dialog>
  );
}
