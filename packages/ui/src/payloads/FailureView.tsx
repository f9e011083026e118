// A failure and what caused it. Frames of the user's own code come first; those of libraries are a click away.
import { type Failure, failureChain, failureType } from '@perdure/ui-core';
import { payloads as texts } from '../messages/payloads.ts';
import { CopyButton } from '../system/Copy.tsx';
import styles from './payload.module.css';

export function FailureView({ failure }: { readonly failure: Failure }) {
  return (
    <section style={{ display: 'grid', gap: 8, minWidth: 0 }}>
      {failureChain(failure).map((link, i) => (
        <div key={i} className={styles['failure']}>
          {i > 0 && <span className="faint">{texts.cause}</span>}
          <span className={styles['message']}>{link.message || failureType(link)}</span>
          <span className="soft">
            {failureType(link)}
            {link.applicationFailureInfo?.nonRetryable && ` · ${texts.nonRetryable}`}
          </span>
          {link.stackTrace && <Stack trace={link.stackTrace} />}
        </div>
      ))}
    </section>
  );
}

const LIBRARY = /node_modules|node:internal|<anonymous>|\/(site-packages|vendor)\/|^\s*at (java|jdk|io\.temporal)\./;

export function Stack({ trace }: { readonly trace: string }) {
  const lines = trace.split('\n').filter((line) => line.trim() !== '');
  const own = lines.filter((line) => !LIBRARY.test(line));
  const others = lines.length - own.length;
  return (
    <details open={own.length > 0 && own.length <= 8}>
      <summary>{texts.stack}</summary>
      <CopyButton text={trace} what={texts.stack} />
      <pre>{(own.length > 0 ? own : lines).join('\n')}</pre>
      {own.length > 0 && others > 0 && (
        <details>
          <summary className="faint">{texts.otherFrames(others)}</summary>
          <pre>{trace}</pre>
        </details>
      )}
    </details>
  );
}
