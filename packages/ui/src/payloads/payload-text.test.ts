import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FieldError, type Payload } from '@perdure/ui-core';
import { payloadOf } from './encode.ts';
import {
  AS_STORED,
  argumentOf,
  argumentPayload,
  fieldsOf,
  fieldsText,
  plainText,
  plainTextPayload,
  type Reading,
} from './payload-text.ts';

const SECRET: Payload = { metadata: { encoding: 'YmluYXJ5L2VuY3J5cHRlZA==' }, data: 'AAECAw==' };
const OTHER_SECRET: Payload = { ...SECRET, data: 'BAUG' };
/** A codec server that knows both. */
const read: Reading = (payload) =>
  payload === SECRET ? { metadata: { encoding: 'anNvbi9wbGFpbg==', key: 'a2V5' }, data: btoa('{"id": 7}') } : payload;

describe('a payload as a text to edit', () => {
  it('is what a codec server has made of it, and goes back as it was stored while nobody edits it', () => {
    const argument = argumentOf(SECRET, '1', read);
    assert.equal(argument.text, '{\n  "id": 7\n}');
    assert.equal(argumentPayload(argument, read), SECRET);
  });

  it('keeps the metadata that it is read with when it is edited, never that of what is stored', () => {
    const edited = argumentPayload({ ...argumentOf(SECRET, '1', read), text: ' [8] ' }, read);
    assert.deepEqual(edited, { metadata: { encoding: 'anNvbi9wbGFpbg==', key: 'a2V5' }, data: btoa('[8]') });
  });

  it('is kept if it cannot be read', () => {
    const argument = argumentOf(SECRET, '1', AS_STORED);
    assert.equal(argument.text, undefined);
    assert.equal(argumentPayload(argument, AS_STORED), SECRET);
  });

  it('may be Markdown of many lines', () => {
    const markdown = payloadOf(JSON.stringify('# Title\n\n**bold**'));
    assert.equal(argumentOf(markdown, '1', AS_STORED).text, '"# Title\\n\\n**bold**"');
    assert.equal(plainText(markdown, AS_STORED), '# Title\n\n**bold**');
  });

  it('has the encoding that was chosen, if it is new', () => {
    const payload = argumentPayload({ key: '1', text: '{}' }, AS_STORED, 'json/protobuf');
    assert.deepEqual(payload, payloadOf('{}', 'json/protobuf'));
    assert.equal(argumentPayload({ key: '1', text: '  ' }, AS_STORED), undefined);
    assert.throws(() => argumentPayload({ key: '1', text: '{' }, AS_STORED), FieldError);
  });
});

describe('named payloads as one object', () => {
  const fields = { secret: SECRET, hidden: OTHER_SECRET, big: payloadOf('12345678901234567890') };

  it('are those that can be read; the others stay', () => {
    assert.equal(fieldsText(fields, read).replaceAll(/\s/g, ''), '{"secret":{"id":7},"big":12345678901234567890}');
    assert.equal(fieldsOf(fieldsText(fields, read), fields, read), fields);
    assert.deepEqual(fieldsOf('', fields, read), { hidden: OTHER_SECRET });
  });

  it('change one by one: what has the same value keeps its bytes', () => {
    const changed = fieldsOf('{"big": 12345678901234567891, "secret": {"id": 7}, "new": 1}', fields, read);
    assert.equal(changed?.['secret'], SECRET);
    assert.equal(changed?.['hidden'], OTHER_SECRET);
    assert.deepEqual(changed?.['big'], payloadOf('12345678901234567891'));
    assert.deepEqual(changed?.['new'], payloadOf('1'));
  });

  it('take the place of one that cannot be read, as plain JSON', () => {
    assert.deepEqual(fieldsOf('{"hidden": 1}', fields, read)?.['hidden'], payloadOf('1'));
  });
});

describe('a text such as a summary', () => {
  it('is kept while it is not changed, also if it cannot be read', () => {
    const summary = payloadOf('"for Ada"');
    assert.equal(plainTextPayload('for Ada', summary, AS_STORED), summary);
    assert.equal(plainTextPayload('', SECRET, AS_STORED), SECRET);
    assert.equal(plainTextPayload('', summary, AS_STORED), undefined);
    assert.deepEqual(plainTextPayload('for Bob', SECRET, AS_STORED), payloadOf('"for Bob"'));
  });
});
