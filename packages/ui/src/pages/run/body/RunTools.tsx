// The tools above the history: search, views, and what the waterfall can do.
import { parseSearch } from '@perdure/ui-core';
import type { Ref } from 'react';
import { run as texts } from '../../../messages/run.ts';
import { Button, IconButton } from '../../../system/Button.tsx';
import { Segmented, TextField } from '../../../system/Field.tsx';
import type { HistorySnapshot } from '../history.ts';
import type { RunSearch, RunView } from '../search.ts';
import styles from './body.module.css';
import type { AxisControl } from './use-axis.ts';

export const ZOOM = 1.6;
const VIEWS: readonly RunView[] = ['waterfall', 'compact', 'all', 'json'];

export interface Shown {
  readonly tasks: boolean;
  readonly critical: boolean;
}

interface Props {
  readonly search: RunSearch;
  readonly onSearch: (change: RunSearch) => void;
  readonly snapshot: HistorySnapshot;
  readonly control: AxisControl;
  readonly shown: Shown;
  readonly onShown: (shown: Shown) => void;
  readonly input: Ref<HTMLInputElement>;
}

export function RunTools({ search, onSearch, snapshot, control, shown, onShown, input }: Props) {
  const { search: typed = '', view = 'waterfall' } = search;
  const { error } = parseSearch(typed);
  return (
    <div className={styles['tools']}>
      <div className={styles['search']}>
        <TextField
          ref={input}
          label={texts.search.label}
          hideLabel
          type="search"
          placeholder={texts.search.placeholder}
          value={typed}
          error={error?.message}
          onChange={(value) => onSearch({ search: value })}
        />
      </div>
      <Segmented
        label={texts.views.label}
        value={view}
        choices={VIEWS.map((value) => ({ value, words: texts.views[value] }))}
        onChange={(next) => onSearch({ view: next })}
      />
      {view === 'waterfall' && <WaterfallTools control={control} shown={shown} onShown={onShown} />}
      <Button kind="quiet" pressed={shown.tasks} onClick={() => onShown({ ...shown, tasks: !shown.tasks })}>
        {texts.tools.tasks}
      </Button>
      {snapshot.state === 'loading' && <span className="faint">{texts.loading(snapshot.count)}</span>}
    </div>
  );
}

function WaterfallTools({ control, shown, onShown }: Pick<Props, 'control' | 'shown' | 'onShown'>) {
  const { change, folding, setFolding } = control;
  const { tools } = texts;
  return (
    <>
      <IconButton icon="plus" label={tools.zoomIn} onClick={() => change((axis) => axis.zoom(ZOOM))} />
      <IconButton icon="minus" label={tools.zoomOut} onClick={() => change((axis) => axis.zoom(1 / ZOOM))} />
      <Button kind="quiet" title={tools.help} onClick={() => change((axis) => axis.select(undefined).fit())}>
        {tools.fit}
      </Button>
      <Button
        kind="quiet"
        pressed={folding === 'auto'}
        onClick={() => setFolding(folding === 'auto' ? 'none' : 'auto')}
      >
        {tools.fold}
      </Button>
      <Button kind="quiet" pressed={shown.critical} onClick={() => onShown({ ...shown, critical: !shown.critical })}>
        {tools.critical}
      </Button>
    </>
  );
}
