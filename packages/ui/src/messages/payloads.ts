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
  noText: 'These bytes are no text.',
  noJson: (encoding: string) => `These bytes are said to be ${encoding}, but are no JSON.`,
  needsCodec: (encoding: string) =>
    `Bytes of encoding ${encoding || 'unknown'}: only the code that wrote them, or its codec, can read them. If it has a codec server, name it in the settings.`,
  leftByCodec: (encoding: string) =>
    `Bytes of encoding ${encoding || 'unknown'}: the codec server left them as they are.`,
  moreBytes: (size: string) => `Show more of the other ${size}`,
  base64: 'payload as base64',
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
