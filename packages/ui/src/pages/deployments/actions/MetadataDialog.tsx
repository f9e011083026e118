// Changes the metadata of a version: entries of a key and a JSON value.
import { exactJsonText, type Payload, payloadView } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { deployments } from '../../../messages/deployments.ts';
import { jsonProblem } from '../../../payloads/encode.ts';
import { Button, IconButton } from '../../../system/Button.tsx';
import { Dialog, FormDialog } from '../../../system/Dialog.tsx';
import { TextField } from '../../../system/Field.tsx';
import { Command, ErrorNotice, Skeleton } from '../../../system/Notice.tsx';
import { type MetadataChange, updateMetadata } from '../calls.ts';
import styles from '../deployments.module.css';
import { versionQuery } from '../queries.ts';
import { type DialogProps, useChange } from './dialog.ts';

const texts = deployments.metadataDialog;

export function MetadataDialog(props: DialogProps) {
  const { deploymentKey, buildId = '', onClose } = props;
  const { namespace, deployment } = deploymentKey;
  const { data, error } = useQuery(versionQuery(namespace, deployment, buildId, false));
  const before = data?.workerDeploymentVersionInfo?.metadata?.entries;
  if (data) return <MetadataForm {...props} before={before ?? {}} />;
  return (
    <Dialog title={texts.title(buildId)} onClose={onClose}>
      {error ? <ErrorNotice error={error} /> : <Skeleton />}
    </Dialog>
  );
}

interface Entry {
  readonly id: number;
  readonly key: string;
  /** JSON */
  readonly text: string;
}

interface FormProps extends DialogProps {
  readonly before: Readonly<Record<string, Payload>>;
}

function MetadataForm({ before, ...props }: FormProps) {
  const { deploymentKey, buildId = '', onClose } = props;
  const { namespace, deployment: deploymentName } = deploymentKey;
  const [entries, setEntries] = useState(() => entriesOf(before));
  const change = useChange(props, texts.done);
  const command = useCommand(namespace);
  const wanted = changeOf(before, entries);
  const isWhole = entries.every((entry) => isWholeEntry(entry, before));
  const edit = (id: number, part: Partial<Entry>) =>
    setEntries(entries.map((entry) => (entry.id === id ? { ...entry, ...part } : entry)));
  return (
    <FormDialog
      title={texts.title(buildId)}
      submit={texts.submit}
      busy={change.isPending}
      disabled={!isWhole || isNothing(wanted)}
      error={change.error}
      onSubmit={() => change.mutate(() => updateMetadata(deploymentKey, buildId, wanted))}
      onClose={onClose}
    >
      {entries.map(({ id, key, text }, i) => (
        <div key={id} className={styles['entry']}>
          <TextField label={texts.key(i + 1)} value={key} onChange={(next) => edit(id, { key: next })} />
          <TextField
            label={texts.value(i + 1)}
            value={text}
            error={jsonProblem(text)}
            onChange={(next) => edit(id, { text: next })}
          />
          <IconButton
            icon="trash"
            label={texts.remove(key || texts.key(i + 1))}
            onClick={() => setEntries(entries.filter((entry) => entry.id !== id))}
          />
        </div>
      ))}
      <div>
        <Button
          icon="plus"
          onClick={() => setEntries([...entries, { id: (entries.at(-1)?.id ?? 0) + 1, key: '', text: '' }])}
        >
          {texts.add}
        </Button>
      </div>
      <Command
        line={command({
          command: 'worker deployment update-version-metadata',
          ...{ deploymentName, buildId, metadata: wanted.set, removeEntries: wanted.removed },
        })}
      />
    </FormDialog>
  );
}

function entriesOf(before: Readonly<Record<string, Payload>>): readonly Entry[] {
  return Object.entries(before).map(([key, payload], id) => ({ id, key, text: textOf(payload) }));
}

function changeOf(before: Readonly<Record<string, Payload>>, entries: readonly Entry[]): MetadataChange {
  const changed = entries.filter(({ key, text }) => {
    const old = before[key];
    return key !== '' && text !== '' && (old === undefined || textOf(old) !== text);
  });
  const kept = new Set(entries.map(({ key }) => key));
  return {
    set: Object.fromEntries(changed.map(({ key, text }) => [key, text])),
    removed: Object.keys(before).filter((key) => !kept.has(key)),
  };
}

/** A value that is no JSON is empty here, and stays what it is. */
function isWholeEntry({ key, text }: Entry, before: Readonly<Record<string, Payload>>): boolean {
  return key !== '' && (text !== '' || before[key] !== undefined) && jsonProblem(text) === undefined;
}

function isNothing({ set, removed }: MetadataChange): boolean {
  return Object.keys(set).length === 0 && removed.length === 0;
}

/** Empty: it is no JSON, and is kept as it is only while nobody types another value. */
function textOf(payload: Payload): string {
  const view = payloadView(payload);
  if (view.kind === 'json') return exactJsonText(view.value);
  return view.kind === 'text' ? JSON.stringify(view.text) : '';
}
