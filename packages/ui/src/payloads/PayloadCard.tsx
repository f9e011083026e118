// One payload: readable if it can be, with its size, to copy and to download. Large ones are opened on demand.
import {
  base64Bytes,
  exactJsonText,
  type Payload,
  type PayloadView,
  payloadBytes,
  payloadEncoding,
  payloadMetadata,
  payloadView,
  sizeWords,
} from '@perdure/ui-core';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { payloads as texts } from '../messages/payloads.ts';
import { usePreferences } from '../settings/preferences.ts';
import { Button, IconButton } from '../system/Button.tsx';
import { CopyButton } from '../system/Copy.tsx';
import { useDecoded } from './decode.ts';
import { JsonTree } from './JsonTree.tsx';
import { Markdown } from './Markdown.tsx';
import styles from './payload.module.css';

interface Props {
  readonly payload: Payload;
  readonly namespace: string;
  /** "Input 1" */
  readonly title?: string;
}

const LARGE_BYTES = 100_000;

export function PayloadCard({ payload, namespace, title }: Props) {
  const decoded = useDecoded(payload, namespace);
  const bytes = payloadBytes([decoded.payload]);
  const [open, setOpen] = useState(false);
  const [raw, setRaw] = useState(false);
  const isShown = bytes <= LARGE_BYTES || open;
  const view = useMemo(() => (isShown ? payloadView(decoded.payload) : undefined), [decoded.payload, isShown]);
  const text = view && textOf(view);
  const about = [
    payloadEncoding(decoded.payload),
    ...payloadMetadata(decoded.payload).map(([, value]) => value),
    sizeWords(bytes),
  ];
  const hasTwoLooks =
    view?.kind === 'json'
      ? typeof view.value === 'object' && view.value !== null
      : view?.kind === 'text' && view.isMarkdown;
  return (
    <div className={styles['payload']}>
      <div className={styles['bar']}>
        <span className="ellipsis" title={about.join(', ')}>
          {title && <b>{title} </b>}
          {about.filter((part) => part !== '').join(' · ')}
        </span>
        {hasTwoLooks && (
          <Button size="small" kind="quiet" pressed={raw} onClick={() => setRaw(!raw)}>
            {texts.text}
          </Button>
        )}
        {text === undefined ? (
          <CopyButton text={decoded.payload.data ?? ''} what={texts.base64} />
        ) : (
          <CopyButton text={text} what={texts.payload} />
        )}
        <IconButton
          size="small"
          icon="import"
          label={texts.download}
          onClick={() => download(decoded.payload, title ?? texts.payload)}
        />
      </div>
      <div className={styles['content']}>
        {decoded.state === 'waiting' && <span className="faint">{texts.decoding}</span>}
        {decoded.state === 'failed' && <p style={{ color: 'var(--warning)' }}>{texts.decodeFailed(decoded.reason)}</p>}
        {view ? (
          <Content view={view} raw={raw} />
        ) : (
          <Button onClick={() => setOpen(true)}>{texts.show(sizeWords(bytes))}</Button>
        )}
      </div>
    </div>
  );
}

interface ListProps {
  readonly payloads: readonly Payload[];
  readonly namespace: string;
  readonly title: string;
}

/** The arguments of a call, or one result. */
export function PayloadList({ payloads, namespace, title }: ListProps) {
  return (
    <section style={{ display: 'grid', gap: 6, minWidth: 0 }}>
      <h3>{title}</h3>
      {payloads.length === 0 && <span className="faint">{texts.nothing}</span>}
      {payloads.map((payload, i) => (
        <PayloadCard
          key={`${i} ${payload.data?.length ?? 0}`}
          payload={payload}
          namespace={namespace}
          {...(payloads.length > 1 ? { title: `${i + 1}` } : {})}
        />
      ))}
    </section>
  );
}

function Content({ view, raw }: { readonly view: PayloadView; readonly raw: boolean }): ReactNode {
  switch (view.kind) {
    case 'nothing':
      return <span className="faint">{texts.nothing}</span>;
    case 'json':
      if (raw) return <pre>{exactJsonText(view.value, 2)}</pre>;
      return (
        <div className={styles['tree']} style={{ marginLeft: -2 }}>
          <JsonTree value={view.value} />
        </div>
      );
    case 'text':
      if (raw || !view.isMarkdown) return <pre>{view.text}</pre>;
      return (
        <div className={styles['markdown']}>
          <Markdown text={view.text} />
        </div>
      );
    case 'image':
      return <Picture bytes={view.bytes} mediaType={view.mediaType} />;
    case 'bytes':
      return <Bytes bytes={view.bytes} encoding={view.encoding} />;
  }
}

function Picture({ bytes, mediaType }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string }) {
  const url = useMemo(() => URL.createObjectURL(new Blob([bytes], { type: mediaType })), [bytes, mediaType]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return <img src={url} alt={texts.image(mediaType)} />;
}

function textOf(view: PayloadView): string | undefined {
  if (view.kind === 'json') return exactJsonText(view.value, 2);
  return view.kind === 'text' ? view.text : undefined;
}

const HEX_BYTES_AT_ONCE = 512;
const HEX_PER_LINE = 16;

interface BytesProps {
  readonly bytes: Uint8Array;
  readonly encoding: string;
}

function Bytes({ bytes, encoding }: BytesProps) {
  const { codec } = usePreferences();
  const [shown, setShown] = useState(HEX_BYTES_AT_ONCE);
  const rest = bytes.length - shown;
  return (
    <>
      <p className="soft">{whyBytes(encoding, codec.endpoint !== '')}</p>
      <pre className={styles['hex']} tabIndex={0}>
        {hexLines(bytes.subarray(0, shown))}
      </pre>
      {rest > 0 && (
        <Button size="small" kind="quiet" onClick={() => setShown(shown + HEX_BYTES_AT_ONCE * 16)}>
          {texts.moreBytes(sizeWords(rest))}
        </Button>
      )}
    </>
  );
}

/** And what to do about it. */
function whyBytes(encoding: string, hasCodec: boolean): string {
  if (encoding.startsWith('json/')) return texts.noJson(encoding);
  if (encoding === 'binary/plain' || encoding.startsWith('text/') || encoding.startsWith('image/')) return texts.noText;
  return hasCodec ? texts.leftByCodec(encoding) : texts.needsCodec(encoding);
}

function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += HEX_PER_LINE) {
    const part = bytes.subarray(at, at + HEX_PER_LINE);
    const hex = Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const characters = Array.from(part, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·'));
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(HEX_PER_LINE * 3)} ${characters.join('')}`);
  }
  return lines.join('\n');
}

function download(payload: Payload, name: string): void {
  const url = URL.createObjectURL(new Blob([base64Bytes(payload.data ?? '')]));
  const link = Object.assign(document.createElement('a'), { href: url, download: `${name}.${endingOf(payload)}` });
  link.click();
  URL.revokeObjectURL(url);
}

/** Of a file with these bytes. */
function endingOf(payload: Payload): string {
  if (payloadEncoding(payload).startsWith('json/')) return 'json';
  const view = payloadView(payload);
  if (view.kind === 'image') return view.mediaType.replace('image/', '');
  if (view.kind !== 'text') return 'bin';
  return view.isMarkdown ? 'md' : 'txt';
}
