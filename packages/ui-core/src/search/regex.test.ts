import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileRegex, RegexError } from './regex.ts';

describe('a regular expression', () => {
  it('fits the texts that the platform says it fits', () => {
    const atom = fc.constantFrom('a', 'b', 'Z', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', '\\.', '^', '$', '\\b', ' ');
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4 },
        atom,
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '*?', '{2}', '{0,2}', '{1,}'))
          .map(([a, count]) => `(${a})${count}`),
      ),
    }));
    const text = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'z', '1', '.', ' ', '\n', 'é'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (one, subject) => {
        assert.equal(compileRegex(one)(subject), new RegExp(one, 'iu').test(subject), `${one} on ${subject}`);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no longer for a bad pattern', () => {
    for (const bad of ['^(a+)+$', '^(a|a)*$', '(a*)*b', 'a*a*a*a*a*b', '^(?:a|aa)+$']) {
      assert.equal(compileRegex(bad)(`${'a'.repeat(2000)}!`), false);
    }
  });

  for (const [bad, message] of [
    ['(a', /never closed/],
    ['a)', /did not open/],
    ['*a', /nothing before "\*"/],
    ['a**', /repeats a repetition/],
    ['[a', /"\["/],
    ['a\\', /"\\"/],
    ['(a)\\1', /refer back/],
    ['(?=a)', /look around/],
    ['a{2,1}', /counts down/],
    ['a{999}{9}', /repeats a repetition/],
    ['(a{500}){3}', /repeats too much/],
    ['^*', /repeat a place/],
  ] as const) {
    it(`is not ${bad}`, () => {
      assert.throws(
        () => compileRegex(bad),
        (error) => error instanceof RegexError && message.test(error.message),
      );
    });
  }
});
