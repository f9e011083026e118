// The tools above the history: search, views, and what the waterfall can do.
import { HIDDEN_KINDS } from '@perdure/ui-core';
import { type RefObject, useMemo } from 'react';
import { run as texts } from '../../../messages/run.ts';
import { Button, IconButton } from '../../../system/Button.tsx';
import { Segmented } from '../../../system/Field.tsx';
import type { HistorySnapshot } from '../history.ts';
import type { RunSearch, RunView } from '../search.ts';
import styles from './body.module.css';
import { SearchField } from './SearchField.tsx';
import type { AxisControl } from './use-axis.ts';
import type { FoundInPayloads } from './use-payload-search.ts';

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
  readonly found: FoundInPayloads;
  readonly input: RefObject<HTMLInputElement | null>;
}

export function RunTools({ search, onSearch, snapshot, control, shown, onShown, found, input }: Props) {
  const { search: typed = '', view = 'waterfall' } = search;
  // What has no rows would be suggested in vain.
  const suggested = useMemo(
    () => snapshot.groups.groups.filter(({ kind }) => shown.tasks || !HIDDEN_KINDS.has(kind)),
    [snapshot, shown.tasks],
  );
  return (
    <div className={styles['tools']}>
      <div className={styles['search']}>
        <SearchField value={typed} onChange={(value) => onSearch({ search: value })} groups={suggested} input={input} />
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
      <SearchProgress progress={found.progress} />
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

/** While data are searched: how far. */
function SearchProgress({ progress }: Pick<FoundInPayloads, 'progress'>) {
  if (progress === undefined || progress.searched === progress.total) return null;
  const { searched, total } = progress;
  return (
    <span
      role="progressbar"
      aria-label={texts.search.progress}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={searched}
      aria-valuetext={texts.search.searched(searched, total)}
      className="faint"
    >
      {texts.search.searched(searched, total)}
    </span>
  );
}
