// A history file in the views of a run, without a server. The file is read here and goes nowhere.
import { HistoryFormatError, normalizeHistory } from '@perdure/ui-core';
import { getRouteApi } from '@tanstack/react-router';
import { type DragEvent, useState } from 'react';
import { places } from '../../messages/places.ts';
import { Button, buttonClass } from '../../system/Button.tsx';
import { Icon } from '../../system/Icon.tsx';
import { Notice } from '../../system/Notice.tsx';
import { RunBody } from '../run/body/RunBody.tsx';
import { RunHistory, useSnapshot } from '../run/history.ts';
import { RunData } from '../run/RunData.tsx';
import styles from './import.module.css';

const route = getRouteApi('/import');
const texts = places.import;

interface Opened {
  readonly name: string;
  readonly history: RunHistory;
}

export function ImportPage() {
  const [opened, setOpened] = useState<Opened>();
  const [problem, setProblem] = useState<string>();
  const navigate = route.useNavigate();
  /** Steps and times of one file say nothing about another. */
  const forget = () =>
    void navigate({ search: ({ range: _range, selected: _selected, ...rest }) => rest, replace: true });
  const open = async (file: File | undefined) => {
    if (file === undefined) return;
    try {
      const events = normalizeHistory(JSON.parse(await file.text()));
      if (opened !== undefined) forget();
      setOpened({ name: file.name, history: RunHistory.of(events) });
      setProblem(undefined);
    } catch (error) {
      if (!(error instanceof SyntaxError) && !(error instanceof HistoryFormatError)) throw error;
      setProblem(error.message);
    }
  };
  const close = () => {
    forget();
    setOpened(undefined);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void open(event.dataTransfer.files[0]);
  };
  return (
    <div className="page page-scroll" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <div style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
        <h1 style={{ flex: 1 }}>{opened?.name ?? texts.title}</h1>
        {opened && <Button onClick={close}>{texts.another}</Button>}
      </div>
      {problem && (
        <div role="alert">
          <Notice kind="danger" title={texts.notHistory}>
            {problem}
          </Notice>
        </div>
      )}
      {opened ? (
        <ImportedRun key={opened.name} history={opened.history} name={opened.name} />
      ) : (
        <div className={styles['drop']}>
          <Icon name="import" size={28} />
          <p>{texts.text}</p>
          <label className={`${buttonClass({ kind: 'primary' })} ${styles['choose']}`}>
            {texts.choose}
            <input
              type="file"
              accept="application/json,.json"
              onChange={({ target }) => void open(target.files?.[0])}
            />
          </label>
          <span className="faint">{texts.drop}</span>
        </div>
      )}
    </div>
  );
}

function ImportedRun({ history, name }: { readonly history: RunHistory; readonly name: string }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const snapshot = useSnapshot(history);
  const runKey = { namespace: 'default', workflowId: name.replace(/\.json$/, ''), runId: '' };
  return (
    <>
      <RunData namespace="default" snapshot={snapshot} />
      <RunBody
        {...{ runKey, snapshot, search, readOnly: true }}
        follow="no"
        description={undefined}
        onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
      />
    </>
  );
}
