import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ExactJson, ExactNumber, exactJsonText, parseExactJson, payloadMetadata, payloadView } from './view.ts';

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

  it('knows text, Markdown, images and nothing', () => {
    assert.deepEqual(payloadView(payload('binary/plain', 'hello')), { kind: 'text', text: 'hello', isMarkdown: false });
    assert.deepEqual(payloadView(payload('json/plain', JSON.stringify('# Title\n\n**bold**'))), {
      ...{ kind: 'text', text: '# Title\n\n**bold**', isMarkdown: true },
    });
    assert.equal(payloadView(payload('binary/plain', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1))).kind, 'image');
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
