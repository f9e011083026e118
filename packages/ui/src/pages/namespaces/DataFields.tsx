// Keys and values of a namespace, one below the other.
import { namespaces } from '../../messages/namespaces.ts';
import { Button, IconButton } from '../../system/Button.tsx';
import { TextField } from '../../system/Field.tsx';
import { type DataRow, dataProblems } from './form.ts';
import styles from './namespaces.module.css';

interface Props {
  readonly data: readonly DataRow[];
  readonly onChange: (data: readonly DataRow[]) => void;
}

const texts = namespaces.form;

export function DataFields({ data, onChange }: Props) {
  const problems = dataProblems(data);
  const set = (at: number, change: Partial<DataRow>) =>
    onChange(data.map((row, i) => (i === at ? { ...row, ...change } : row)));
  return (
    <fieldset className={styles['data']}>
      <legend>{texts.data}</legend>
      {data.map(({ key, value, isKept }, at) => {
        const number = at + 1;
        const problem = problems[at];
        return (
          <div key={number} className={styles['pair']}>
            <TextField
              label={texts.key(number)}
              hideLabel
              value={key}
              placeholder={texts.key(number)}
              disabled={isKept}
              error={problem && texts[problem]}
              onChange={(changed) => set(at, { key: changed })}
            />
            <TextField
              label={texts.value(number)}
              hideLabel
              value={value}
              placeholder={texts.value(number)}
              onChange={(changed) => set(at, { value: changed })}
            />
            <IconButton
              icon="trash"
              label={texts.removeData(number)}
              disabled={isKept}
              onClick={() => onChange(data.filter((_row, i) => i !== at))}
            />
          </div>
        );
      })}
      <div className={styles['foot']}>
        <Button size="small" icon="plus" onClick={() => onChange([...data, { key: '', value: '', isKept: false }])}>
          {texts.addData}
        </Button>
        {data.some(({ isKept }) => isKept) && <span className="faint">{texts.dataHelp}</span>}
      </div>
    </fieldset>
  );
}
