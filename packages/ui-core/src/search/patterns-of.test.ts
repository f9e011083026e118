import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSearch } from './parse.ts';
import { excerptOf, markedTexts, marksIn, payloadPatterns } from './patterns-of.ts';

describe('what a search looks for', () => {
  it('in payloads are bare words and what is asked of texts and payloads, each once', () => {
    const texts = (typed: string) => payloadPatterns(parseSearch(typed).node).map(({ text }) => text);
    assert.deepEqual(texts('type:activity (card or -text:"visa") payload:~a* name:x id:5'), ['card', 'visa', 'a*']);
    assert.deepEqual(texts('card text:card'), ['card']);
    assert.deepEqual(texts('status:failed attempt>2'), []);
    assert.deepEqual(texts(''), []);
  });

  it('in what rows say leaves out what is not known or not wanted', () => {
    const texts = (typed: string) => markedTexts(parseSearch(typed).node);
    assert.deepEqual(texts('Card name=pay -text:visa -(-ship) queue:orders /x/ ~y* id:1'), ['card', 'pay', 'ship']);
  });
});

describe('marks in a text', () => {
  it('are where it has one of the texts, apart from each other', () => {
    assert.deepEqual(marksIn('Chargecard card', ['card', 'charge']), [
      { from: 0, to: 10 },
      { from: 11, to: 15 },
    ]);
    assert.deepEqual(marksIn('chargeCard', ['visa']), []);
  });

  it('are in order, never overlap, and never leave the text', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'A', ' ') }), words, (text, wanted) => {
        let at = -1;
        for (const { from, to } of marksIn(text, wanted)) {
          assert.ok(from > at && to > from && to <= text.length);
          at = to;
        }
      }),
    );
  });
});

describe('an excerpt', () => {
  it('is a line around the first of the texts', () => {
    assert.equal(excerptOf('{"order":1,\n "card":"Visa","x":2}', ['visa', 'zzz'], 9), '…"card":"Visa","x":2}');
    assert.equal(excerptOf('visa', ['visa'], 9), 'visa');
    assert.equal(excerptOf('master', ['visa'], 9), undefined);
  });
});
