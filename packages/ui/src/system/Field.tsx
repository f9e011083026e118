// Fields of forms: native controls with a label, help and an error that assistive technology connects with them.
import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import styles from './field.module.css';

interface Labels {
  readonly label: string;
  /** The label is there for assistive technology only. */
  readonly hideLabel?: boolean;
  readonly help?: ReactNode;
  readonly error?: string | undefined;
}

type Control = {
  readonly id: string;
  readonly className: string;
  readonly 'aria-invalid'?: true;
  readonly 'aria-describedby'?: string;
};

function Frame({
  label,
  hideLabel,
  help,
  error,
  children,
}: Labels & { readonly children: (control: Control) => ReactNode }) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={styles['field']}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : styles['label']}>
        {label}
      </label>
      {children({
        id,
        className: styles['control'] ?? '',
        ...(error ? { 'aria-invalid': true } : {}),
        ...(described ? { 'aria-describedby': described } : {}),
      })}
      {help && (
        <div id={`${id}-help`} className={styles['help']}>
          {help}
        </div>
      )}
      {error && (
        <div id={`${id}-error`} className={styles['error']} role="alert">
          {error}
        </div>
      )}
    </div>
  );
}

type Native<T> = Omit<T, 'onChange' | 'value' | 'id'>;

interface TextProps extends Labels, Native<InputHTMLAttributes<HTMLInputElement>> {
  readonly ref?: Ref<HTMLInputElement>;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TextField({ label, hideLabel, help, error, onChange, ...rest }: TextProps) {
  return (
    <Frame {...labels({ label, hideLabel, help, error })}>
      {(control) => <input {...control} {...rest} onChange={({ target }) => onChange(target.value)} />}
    </Frame>
  );
}

interface AreaProps extends Labels, Native<TextareaHTMLAttributes<HTMLTextAreaElement>> {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TextArea({ label, hideLabel, help, error, onChange, ...rest }: AreaProps) {
  return (
    <Frame {...labels({ label, hideLabel, help, error })}>
      {(control) => (
        <textarea spellCheck={false} {...control} {...rest} onChange={({ target }) => onChange(target.value)} />
      )}
    </Frame>
  );
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly words: string;
}

interface SelectProps<T extends string> extends Labels, Native<SelectHTMLAttributes<HTMLSelectElement>> {
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
}

export function Select<T extends string>({
  label,
  hideLabel,
  help,
  error,
  choices,
  onChange,
  ...rest
}: SelectProps<T>) {
  return (
    <Frame {...labels({ label, hideLabel, help, error })}>
      {(control) => (
        <select {...control} {...rest} onChange={({ target }) => onChange(target.value as T)}>
          {choices.map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Frame>
  );
}

interface CheckProps {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function Checkbox({ label, checked, onChange, disabled }: CheckProps) {
  return (
    <label className={styles['check']}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={({ target }) => onChange(target.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

interface SegmentedProps<T extends string> {
  /** Of the whole group. */
  readonly label: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
}

/** One of a few, all in sight. */
export function Segmented<T extends string>({ label, value, choices, onChange }: SegmentedProps<T>) {
  const name = useId();
  return (
    <fieldset className={styles['segmented']} style={{ margin: 0, padding: 0 }}>
      <legend className="visually-hidden">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value}>
          <input type="radio" name={name} checked={choice.value === value} onChange={() => onChange(choice.value)} />
          {choice.words}
        </label>
      ))}
    </fieldset>
  );
}

function labels({
  label,
  hideLabel,
  help,
  error,
}: { [K in keyof Labels]?: Labels[K] | undefined } & { readonly label: string }): Labels {
  return { label, error, ...(hideLabel === undefined ? {} : { hideLabel }), ...(help === undefined ? {} : { help }) };
}
