import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprint32 } from './fingerprint.ts';

test('known fingerprints, of every length that is treated in its own way', () => {
  const known: readonly (readonly [string, number])[] = [
    ['', 0xdc56d17a],
    ['a', 0x3c973d4d],
    ['ab', 0x417330fd],
    ['abc', 0x2f635ec7],
    ['abcd', 0x98b51e95],
    ['abcde', 0xa3f366ac],
    ['abcdefgh', 0xfd7ec8b9],
    ['abcdefghi', 0x6f98dc86],
    ['0123456789-0', 0xf8cc7928],
    ['0123456789~01', 0x0d92cafb],
    ["0123456789'01234", 0x9cecd750],
    ['0123456789$0123456789!0', 0xfa88d020],
    // With bytes above 127.
    ['0123456789%0123456789£', 0x1723dd7a],
    ['size:  a.out:  bad magic', 0xc6246b8d],
    ["Nepal premier won't resign.", 0x322984d9],
    ['Discard medicine more than two years old.', 0xe273108f],
    ['The major problem is with sendmail.  -Mark Horton', 0xd225e92e],
    ["You remind me of a TV show, but that's all right: I watch it anyway.", 0xd07de88f],
  ];
  for (const [text, fingerprint] of known) {
    assert.equal(fingerprint32(new TextEncoder().encode(text)), fingerprint, text);
  }
});

test('bytes in the middle of a buffer', () => {
  const bytes = new TextEncoder().encode('--abcdefghi--');
  assert.equal(fingerprint32(bytes.subarray(2, 11)), 0x6f98dc86);
});
