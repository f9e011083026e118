// Texts of payloads and failures.
import { counted, pick } from './catalogue.ts';

const en = {
  nothing: 'nothing',
  show: (size: string) => `Show ${size}`,
  tree: 'Tree',
  text: 'Text',
  rendered: 'Rendered',
  download: 'Download',
  payload: 'payload',
  expand: 'Expand',
  collapse: 'Collapse',
  moreEntries: (n: number) => `${n.toLocaleString('en')} more`,
  bytes: (encoding: string) =>
    `Bytes of encoding ${encoding || 'unknown'}. A codec server may make them readable (Settings).`,
  decoding: 'Decoding',
  decodeFailed: (reason: string) => `Shown as stored: ${reason}.`,
  encodes: 'The codec server encodes this data before it is sent.',
  sendsPlain: 'This data is sent as it is typed: encoding what is sent is switched off in the settings.',
  image: (type: string) => `Image of type ${type}`,
  entries: (n: number) => counted(n, 'entry', 'entries'),
  stack: 'Stack trace',
  otherFrames: (n: number) => counted(n, 'frame of libraries', 'frames of libraries'),
  cause: 'Caused by',
  nonRetryable: 'not retried',
};

export const payloads = pick({ en });
