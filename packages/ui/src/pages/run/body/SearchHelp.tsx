// The language of the search, at a glance. An example that is pressed is searched.
import { SEARCH_FIELDS } from '@perdure/ui-core';
import type { RefObject } from 'react';
import { Dialog, Heading, Popover } from 'react-aria-components';
import { run as texts } from '../../../messages/run.ts';
import styles from './search.module.css';

interface Props {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
  readonly onExample: (search: string) => void;
}

const words = texts.search.helpText;

export function SearchHelp({ anchor, onClose, onExample }: Props) {
  return (
    <Popover
      isOpen
      triggerRef={anchor}
      placement="bottom end"
      onOpenChange={(open) => !open && onClose()}
      className={styles['popover'] ?? ''}
    >
      <Dialog className={styles['dialog'] ?? ''}>
        <Heading slot="title" level={2}>
          {words.title}
        </Heading>
        <p className="soft">{words.intro}</p>
        <dl>
          {words.signs.map(([example = '', meaning]) => (
            <div key={example} style={{ display: 'contents' }}>
              <dt>
                <button type="button" className={`${styles['example']} mono`} onClick={() => onExample(example)}>
                  {example}
                </button>
              </dt>
              <dd className="soft">{meaning}</dd>
            </div>
          ))}
        </dl>
        <h3>{words.fields}</h3>
        <dl>
          {Object.entries(SEARCH_FIELDS).map(([field, meaning]) => (
            <div key={field} style={{ display: 'contents' }}>
              <dt className="mono">{field}</dt>
              <dd className="soft">{meaning}</dd>
            </div>
          ))}
        </dl>
        <p className="faint">{words.keys}</p>
      </Dialog>
    </Popover>
  );
}
