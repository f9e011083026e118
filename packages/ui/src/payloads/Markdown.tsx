// The small part of Markdown that results and summaries use: headings, lists, quotes, code, emphasis, links. Everything
// becomes elements, never HTML text, so that a payload cannot bring a script or an image from elsewhere.
import type { ReactNode } from 'react';

const BLOCK = /^(?<fence>```)|^(?<level>#{1,6}) (?<heading>.*)$|^(?<bullet>[-*]|\d+\.) (?<item>.*)$|^> ?(?<quote>.*)$/;
const INLINE = /(`[^`]+`)|(\*\*[^*]+\*\*)|(\*[^*]+\*)|(\[[^\]]+\]\(https?:\/\/[^)\s]+\))/;

export function Markdown({ text }: { readonly text: string }) {
  return <>{blocks(text.split('\n'))}</>;
}

function blocks(lines: readonly string[]): readonly ReactNode[] {
  const shown: ReactNode[] = [];
  for (let i = 0; i < lines.length; ) {
    const { fence, level, heading, bullet, quote } = BLOCK.exec(lines[i] ?? '')?.groups ?? {};
    const until = blockEnd(lines, i, { fence, bullet, quote });
    const block = lines.slice(i, until);
    const key = `${i}`;
    if (fence !== undefined) shown.push(<pre key={key}>{block.slice(1).join('\n')}</pre>);
    else if (level !== undefined) shown.push(<h3 key={key}>{inline(heading ?? '')}</h3>);
    else if (bullet !== undefined) shown.push(list(block, /\d/.test(bullet), key));
    else if (quote !== undefined)
      shown.push(<blockquote key={key}>{inline(block.map((line) => line.replace(/^> ?/, '')).join(' '))}</blockquote>);
    else if (block.join('').trim() !== '') shown.push(<p key={key}>{inline(block.join(' '))}</p>);
    i = fence === undefined ? until : until + 1;
  }
  return shown;
}

function blockEnd(
  lines: readonly string[],
  from: number,
  kind: { fence?: string | undefined; bullet?: string | undefined; quote?: string | undefined },
): number {
  const isSame = (line: string): boolean => {
    if (kind.fence !== undefined) return !line.startsWith('```');
    const { bullet, quote } = BLOCK.exec(line)?.groups ?? {};
    if (kind.bullet !== undefined) return bullet !== undefined;
    if (kind.quote !== undefined) return quote !== undefined;
    return line.trim() !== '' && !BLOCK.test(line);
  };
  const single =
    kind.fence === undefined &&
    kind.bullet === undefined &&
    kind.quote === undefined &&
    (BLOCK.test(lines[from] ?? '') || lines[from]?.trim() === '');
  let until = from + 1;
  if (single) return until;
  while (until < lines.length && isSame(lines[until] ?? '')) until += 1;
  return until;
}

function list(lines: readonly string[], ordered: boolean, key: string): ReactNode {
  const items = lines.map((line) => {
    const item = BLOCK.exec(line)?.groups?.['item'] ?? line;
    return <li key={item}>{inline(item)}</li>;
  });
  return ordered ? <ol key={key}>{items}</ol> : <ul key={key}>{items}</ul>;
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
