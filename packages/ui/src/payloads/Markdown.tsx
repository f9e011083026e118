// The small part of Markdown that results and summaries use: headings, lists, tables, quotes, code, emphasis, links.
// Everything becomes elements, never HTML text, so that a payload cannot bring a script or an image from elsewhere.
import type { ReactNode } from 'react';

const KINDS = {
  fence: /^```/,
  heading: /^#{1,6} /,
  ordered: /^\d+\. /,
  bullet: /^[-*] /,
  quote: /^> ?/,
  row: /^\|.*\|\s*$/,
  blank: /^\s*$/,
} as const;
type Kind = keyof typeof KINDS | 'text';

const INLINE = /(`[^`]+`)|(\*\*[^*]+\*\*)|(\*[^*]+\*)|(\[[^\]]+\]\(https?:\/\/[^)\s]+\))/;
/** The line between the head of a table and its rows. */
const RULE = /^\|(?:\s*:?-+:?\s*\|)+\s*$/;

export function Markdown({ text }: { readonly text: string }) {
  return <>{blocks(text.split('\n'))}</>;
}

function blocks(lines: readonly string[]): readonly ReactNode[] {
  const shown: ReactNode[] = [];
  for (let at = 0; at < lines.length; ) {
    const kind = kindOf(lines[at] ?? '');
    const until = blockEnd(lines, at, kind);
    shown.push(<Block key={at} kind={kind} lines={lines.slice(at, until)} />);
    // The fence that closes is no part of what it closes.
    at = kind === 'fence' ? until + 1 : until;
  }
  return shown;
}

function kindOf(line: string): Kind {
  const kinds = Object.entries(KINDS) as readonly [keyof typeof KINDS, RegExp][];
  return kinds.find(([, pattern]) => pattern.test(line))?.[0] ?? 'text';
}

function blockEnd(lines: readonly string[], from: number, kind: Kind): number {
  if (kind === 'heading' || kind === 'blank') return from + 1;
  let until = from + 1;
  const goesOn = (line: string) => (kind === 'fence') !== (kindOf(line) === kind);
  while (until < lines.length && goesOn(lines[until] ?? '')) until += 1;
  return until;
}

function Block({ kind, lines }: { readonly kind: Kind; readonly lines: readonly string[] }): ReactNode {
  if (kind === 'fence') return <pre>{lines.slice(1).join('\n')}</pre>;
  if (kind === 'blank') return null;
  if (kind === 'row') return <Table lines={lines} />;
  const texts = kind === 'text' ? lines : lines.map((line) => line.replace(KINDS[kind], ''));
  const items = () => texts.map((text, i) => <li key={i}>{inline(text)}</li>);
  if (kind === 'ordered') return <ol>{items()}</ol>;
  if (kind === 'bullet') return <ul>{items()}</ul>;
  const content = inline(texts.join(' '));
  if (kind === 'heading') return <h3>{content}</h3>;
  return kind === 'quote' ? <blockquote>{content}</blockquote> : <p>{content}</p>;
}

/** Lines that have no rule below the first are no table. */
function Table({ lines }: { readonly lines: readonly string[] }): ReactNode {
  if (!RULE.test(lines[1] ?? '')) return lines.map((line, i) => <p key={i}>{inline(line)}</p>);
  const [head = [], , ...rows] = lines.map(cellsOf);
  return (
    <table>
      <thead>
        <tr>
          {head.map((cell, i) => (
            <th key={i}>{inline(cell)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, column) => (
              <td key={column}>{inline(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cellsOf(line: string): readonly string[] {
  return line
    .trim()
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}

function inline(text: string): readonly ReactNode[] {
  return text.split(INLINE).flatMap((part, i): ReactNode[] => {
    const key = `${i}`;
    if (part === undefined || part === '') return [];
    if (/^`[^`]+`$/.test(part)) return [<code key={key}>{part.slice(1, -1)}</code>];
    if (/^\*\*[^*]+\*\*$/.test(part)) return [<b key={key}>{part.slice(2, -2)}</b>];
    if (/^\*[^*]+\*$/.test(part)) return [<i key={key}>{part.slice(1, -1)}</i>];
    const [, label, href] = /^\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)$/.exec(part) ?? [];
    if (label === undefined) return [part];
    return [
      <a
        key={key}
        href={href}
        target="_blank"
        rel="noreferrer"
        style={{ color: 'var(--accent)', textDecoration: 'underline' }}
      >
        {label}
      </a>,
    ];
  });
}
