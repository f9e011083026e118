// Makes or changes one condition: the field decides which operators there are and how a value is given.

import { type Clause, type FieldClause, type Operator, quoted } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { searchAttributesQuery } from '../../api/server.ts';
import { workflowTools } from '../../messages/workflow-tools.ts';
import { workflows } from '../../messages/workflows.ts';
import { FormDialog } from '../../system/Dialog.tsx';
import { Select, TextField } from '../../system/Field.tsx';
import { OPERATOR_WORDS } from './condition-words.ts';

interface Props {
  readonly namespace: string;
  readonly clause: Clause | undefined;
  readonly onDone: (clause: FieldClause) => void;
  readonly onClose: () => void;
}

const ORDERED: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>=', 'BETWEEN', 'IS NULL', 'IS NOT NULL'];
const KEYWORD: readonly Operator[] = [
  '=',
  '!=',
  'IN',
  'NOT IN',
  'STARTS_WITH',
  'NOT STARTS_WITH',
  'IS NULL',
  'IS NOT NULL',
];
const OPERATORS: Readonly<Record<string, readonly Operator[]>> = {
  INDEXED_VALUE_TYPE_KEYWORD: KEYWORD,
  INDEXED_VALUE_TYPE_KEYWORD_LIST: ['=', '!=', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'],
  INDEXED_VALUE_TYPE_TEXT: ['=', '!=', 'IS NULL', 'IS NOT NULL'],
  INDEXED_VALUE_TYPE_INT: [...ORDERED, 'IN', 'NOT IN'],
  INDEXED_VALUE_TYPE_DOUBLE: [...ORDERED, 'IN', 'NOT IN'],
  INDEXED_VALUE_TYPE_BOOL: ['=', 'IS NULL', 'IS NOT NULL'],
  INDEXED_VALUE_TYPE_DATETIME: ORDERED,
};
const UNQUOTED = ['INDEXED_VALUE_TYPE_INT', 'INDEXED_VALUE_TYPE_DOUBLE', 'INDEXED_VALUE_TYPE_BOOL'];
const STATUSES = ['Running', 'Completed', 'Failed', 'Canceled', 'Terminated', 'ContinuedAsNew', 'TimedOut', 'Paused'];
/** Most wanted first; the others follow by name. */
const FIRST = ['WorkflowId', 'WorkflowType', 'ExecutionStatus', 'StartTime', 'CloseTime', 'TaskQueue', 'RunId'];

const texts = { ...workflows.filter, ...workflowTools.condition };

export function ConditionEditor({ namespace, clause, onDone, onClose }: Props) {
  const given = clause?.kind === 'field' ? clause : undefined;
  const { data } = useQuery(searchAttributesQuery(namespace));
  const types: Readonly<Record<string, string>> = { ...data?.systemAttributes, ...data?.customAttributes };
  const [field, setField] = useState(given?.field ?? 'WorkflowId');
  const [operator, setOperator] = useState<Operator>(given?.operator ?? '=');
  const [first, setFirst] = useState(given?.values.map(({ text }) => text).join(', ') ?? '');
  const [second, setSecond] = useState(given?.operator === 'BETWEEN' ? (given.values[1]?.text ?? '') : '');
  const type = types[field] ?? 'INDEXED_VALUE_TYPE_KEYWORD';
  const operators = OPERATORS[type] ?? KEYWORD;
  const shownOperator = operators.includes(operator) ? operator : (operators[0] ?? '=');
  const value = (text: string) => (UNQUOTED.includes(type) ? { text: text.trim(), quoted: false } : quoted(text));
  const names = [
    ...FIRST,
    ...Object.keys(types)
      .filter((name) => !FIRST.includes(name))
      .sort(),
  ];
  const takesValue = !shownOperator.endsWith('NULL');
  const isBetween = shownOperator === 'BETWEEN';
  const done = () => {
    const several = shownOperator.endsWith('IN') ? first.split(',').map((part) => part.trim()) : [first];
    const all = isBetween ? [first.split(',')[0] ?? '', second] : several;
    onDone({ kind: 'field', field, operator: shownOperator, values: takesValue ? all.map(value) : [] });
  };
  return (
    <FormDialog
      title={texts.add}
      submit={texts.apply}
      width={420}
      disabled={takesValue && (first === '' || (isBetween && second === ''))}
      onClose={onClose}
      onSubmit={done}
    >
      <Select
        label={texts.field}
        value={field}
        choices={names.map((name) => ({ value: name, words: name }))}
        onChange={setField}
      />
      <Select
        label={texts.condition}
        value={shownOperator}
        choices={operators.map((each) => ({ value: each, words: OPERATOR_WORDS[each] }))}
        onChange={setOperator}
      />
      {takesValue && (
        <TextField
          label={texts.value}
          value={first}
          onChange={setFirst}
          autoFocus
          list={field === 'ExecutionStatus' ? 'statuses' : undefined}
          placeholder={type === 'INDEXED_VALUE_TYPE_DATETIME' ? '2026-01-31T00:00:00Z' : undefined}
          help={shownOperator.endsWith('IN') ? texts.help : undefined}
        />
      )}
      {isBetween && <TextField label={texts.upTo} value={second} onChange={setSecond} />}
      <datalist id="statuses">
        {STATUSES.map((status) => (
          <option key={status} value={status}>
            {status}
          </option>
        ))}
      </datalist>
    </FormDialog>
  );
}
