// Finds workflows by a part of their id, and runs commands, by keyboard alone.
import { fieldText, type Operator, quoted } from '@perdure/ui-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components';
import { extrasQuery } from '../../api/server.ts';
import type { WorkflowExecutionInfo } from '../../api/types.ts';
import { frame } from '../../messages/frame.ts';
import { palette as texts } from '../../messages/palette.ts';
import { keyOf, listPage } from '../../pages/workflows/queries.ts';
import dialog from '../../system/dialog.module.css';
import { Icon } from '../../system/Icon.tsx';
import { workflowStatus } from '../../system/Status.tsx';
import type { Overlay } from '../shortcuts.ts';
import { type Command, useCommands } from './commands.ts';
import styles from './palette.module.css';

interface Props {
  readonly namespace: string | undefined;
  readonly onClose: () => void;
  readonly onOverlay: (overlay: Overlay) => void;
}

const FOUND_MAX = 8;

export function Palette({ namespace = 'default', onClose, onOverlay }: Props) {
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className={dialog['overlay'] ?? ''}>
      <Modal className={dialog['modal'] ?? ''} style={{ width: 'min(620px, 100%)' }}>
        <AriaDialog aria-label={frame.search} className={dialog['dialog'] ?? ''}>
          <Finder namespace={namespace} onClose={onClose} onOverlay={onOverlay} />
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** A combo box: the focus stays in the field, the arrows move through what is found. */
function Finder({ namespace = 'default', onClose, onOverlay }: Props) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const results = useResults(namespace, typed, onOverlay);
  const current = Math.min(at, results.length - 1);
  const choose = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (step === undefined) choose(results[current]);
    else setAt((current + step + results.length) % Math.max(1, results.length));
  };
  return (
    <>
      <div className={styles['field']}>
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-label={frame.search}
          aria-expanded={results.length > 0}
          aria-controls={list}
          aria-activedescendant={results.length > 0 ? `${list}-${current}` : undefined}
          placeholder={texts.placeholder}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => {
            setTyped(target.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      </div>
      <ul id={list} role="listbox" aria-label={texts.results} className={styles['list']}>
        {results.map((command, i) => (
          <li
            key={command.id}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === current}
            className={styles['item']}
            onPointerMove={() => setAt(i)}
            onClick={() => choose(command)}
            onKeyDown={undefined}
          >
            <Icon name={command.icon} />
            <span className="ellipsis" style={{ flex: 1 }}>
              {command.words}
            </span>
            {command.note && <span className="faint">{command.note}</span>}
          </li>
        ))}
      </ul>
      {results.length === 0 && <p className={styles['none']}>{texts.none}</p>}
    </>
  );
}

function useResults(namespace: string, typed: string, onOverlay: Props['onOverlay']): readonly Command[] {
  const { commands, openRun } = useCommands(namespace, onOverlay);
  const found = useWorkflows(namespace, typed.trim());
  const words = typed.trim().toLowerCase();
  return [
    ...found.map(({ execution: { workflowId = '', runId = '' } = {}, type, status }) => ({
      ...{ id: `run ${workflowId} ${runId}`, icon: 'workflows' as const, words: workflowId },
      note: `${type?.name ?? ''} · ${workflowStatus(status).words}`,
      run: () => openRun(workflowId, runId),
    })),
    ...commands.filter(({ words: text }) => text.toLowerCase().includes(words)),
  ];
}

/** By the beginning of their ids, which is found at once; where the server can, by any part of the workflow's. */
function useWorkflows(namespace: string, typed: string): readonly WorkflowExecutionInfo[] {
  const { data: extras } = useQuery(extrasQuery);
  const findsParts = extras?.name === 'perdure';
  const { data } = useQuery({
    queryKey: ['palette', namespace, typed, findsParts],
    enabled: typed.length > 1,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<readonly WorkflowExecutionInfo[]> => {
      const asked = (field: string, operator: Operator) => {
        const query = fieldText({ kind: 'field', field, operator, values: [quoted(typed)] });
        return listPage(namespace, query, '', signal).then(({ executions = [] }) => executions);
      };
      const isRunId = /^[0-9a-f]{8}[0-9a-f-]*$/.test(typed);
      const begin = await Promise.all([
        asked('WorkflowId', 'STARTS_WITH'),
        ...(isRunId ? [asked('RunId', 'STARTS_WITH')] : []),
      ]);
      const found = begin.flat();
      // Looking into all ids takes a while if there are many.
      if (found.length < FOUND_MAX && findsParts) found.push(...(await asked('WorkflowId', 'CONTAINS')));
      return [...new Map(found.map((info) => [keyOf(info), info])).values()];
    },
  });
  return typed.length > 1 ? (data ?? []).slice(0, FOUND_MAX) : [];
}
