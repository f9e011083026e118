import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type ExactJson,
  ExactNumber,
  exactJsonText,
  JSON_DEPTH_MAX,
  parseExactJson,
  payloadMetadata,
  payloadView,
} from './view.ts';

const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64');
const payload = (encoding: string, data: string | Uint8Array) => ({
  metadata: { encoding: base64(encoding) },
  data: base64(data),
});

describe('what a payload is to a person', () => {
  it('keeps every digit of a number', () => {
    const view = payloadView(payload('json/plain', '{"id": 9007199254740993, "price": 1.10}'));
    assert.equal(view.kind, 'json');
    assert.deepEqual(view.kind === 'json' && view.value, {
      id: new ExactNumber('9007199254740993'),
      price: new ExactNumber('1.10'),
    });
    assert.equal(view.kind === 'json' && exactJsonText(view.value), '{"id":9007199254740993,"price":1.10}');
  });

  it('shows what is too deep for a tree as text', () => {
    const nested = (levels: number) => payload('json/plain', '["]",'.repeat(levels) + '"}}"' + ']'.repeat(levels));
    const view = payloadView(nested(JSON_DEPTH_MAX));
    assert.equal(view.kind === 'json' && exactJsonText(view.value, 2).length > 0, true);
    assert.equal(payloadView(nested(JSON_DEPTH_MAX + 1)).kind, 'text');
    assert.equal(payloadView(payload('json/plain', '['.repeat(100_000))).kind, 'text');
  });

  it('knows text, Markdown, images and nothing', () => {
    assert.deepEqual(payloadView(payload('binary/plain', 'hello')), { kind: 'text', text: 'hello', isMarkdown: false });
    assert.deepEqual(payloadView(payload('json/plain', JSON.stringify('# Title\n\n**bold**'))), {
      ...{ kind: 'text', text: '# Title\n\n**bold**', isMarkdown: true },
    });
    assert.equal(payloadView(payload('binary/plain', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1))).kind, 'image');
    const riff = (kind: string) => payloadView(payload('binary/plain', `RIFF\u0001\u0002\u0003\u0004${kind}`)).kind;
    assert.deepEqual([riff('WEBP'), riff('WAVE')], ['image', 'bytes']);
    assert.deepEqual(payloadView(payload('binary/null', '')), { kind: 'nothing' });
    assert.deepEqual(payloadView({}), { kind: 'nothing' });
  });

  it('shows bytes where they are not what they say', () => {
    for (const data of ['{', Uint8Array.of(0xff, 0xfe)]) {
      const view = payloadView(payload('json/plain', data));
      assert.equal(view.kind, 'bytes');
    }
    assert.equal(payloadView(payload('binary/encrypted', 'secret')).kind, 'bytes');
    assert.equal(payloadView(payload('binary/plain', Uint8Array.of(0, 1, 2))).kind, 'bytes');
  });

  it('shows JSON as text if it is deeper than anybody looks', () => {
    const deep = (depth: number) => payload('json/plain', `${'['.repeat(depth)}"[{"${']'.repeat(depth)}`);
    assert.equal(payloadView(deep(JSON_DEPTH_MAX)).kind, 'json');
    assert.equal(payloadView(deep(JSON_DEPTH_MAX + 1)).kind, 'text');
    assert.equal(payloadView(payload('json/plain', `[${'[],'.repeat(JSON_DEPTH_MAX)}1]`)).kind, 'json');
    const { text } = payloadView(deep(100_000)) as { readonly text?: string };
    assert.equal(text?.length, 200_004);
  });

  it('tells its other metadata', () => {
    const { metadata, data } = payload('json/protobuf', '{}');
    assert.deepEqual(payloadMetadata({ metadata: { ...metadata, messageType: base64('a.B') }, data }), [
      ['messageType', 'a.B'],
    ]);
  });

  it('writes what it has read', () => {
    const value: fc.Arbitrary<ExactJson> = fc
      .jsonValue({ maxDepth: 4 })
      .map((json) => parseExactJson(JSON.stringify(json)));
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (json, indent) => {
        assert.deepEqual(parseExactJson(exactJsonText(json, indent)), json);
      }),
    );
  });
});
