// The name of a signal, query or update: those that the workflow says it has are offered, any other can be typed.
import { useId } from 'react';
import { TextField } from '../../../system/Field.tsx';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly known: readonly { readonly name?: string; readonly description?: string }[];
  readonly onChange: (name: string) => void;
}

export function NameField({ label, value, known, onChange }: Props) {
  const list = useId();
  const description = known.find(({ name }) => name === value)?.description;
  return (
    <>
      <TextField
        label={label}
        value={value}
        required
        autoFocus
        list={list}
        autoComplete="off"
        help={description}
        onChange={onChange}
      />
      <datalist id={list}>
        {known.map(({ name, description: words }) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </datalist>
    </>
  );
}
