// The query of the list of schedules, as text.
import { useState } from 'react';
import { schedules } from '../../messages/schedules.ts';
import { Button, IconButton } from '../../system/Button.tsx';
import { Icon } from '../../system/Icon.tsx';
import styles from './schedules.module.css';

interface Props {
  readonly query: string;
  readonly onQuery: (query: string) => void;
}

export function QueryField({ query, onQuery }: Props) {
  const [typed, setTyped] = useState(query);
  const [before, setBefore] = useState(query);
  if (before !== query) {
    // It was changed elsewhere: by Back, or a link.
    setBefore(query);
    setTyped(query);
  }
  return (
    <form
      className={styles['query']}
      onSubmit={(event) => {
        event.preventDefault();
        onQuery(typed.trim());
      }}
    >
      <Icon name="filter" />
      <input
        className="mono"
        aria-label={schedules.query}
        placeholder={schedules.queryPlaceholder}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      {typed !== query && (
        <Button type="submit" size="small" kind="primary">
          {schedules.apply}
        </Button>
      )}
      {query !== '' && <IconButton size="small" icon="cross" label={schedules.clear} onClick={() => onQuery('')} />}
    </form>
  );
}
