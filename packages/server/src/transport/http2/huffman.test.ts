import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { huffmanDecode, huffmanDecodedBytesMax, huffmanEncode, huffmanEncodedBytes } from './huffman.ts';

function encode(text: string): Buffer {
  const out = Buffer.alloc(huffmanEncodedBytes(text) + 8);
  const end = huffmanEncode(text, out, 0);
  assert.equal(end, huffmanEncodedBytes(text));
  return out.subarray(0, end);
}

function decode(bytes: Uint8Array): string {
  const out = Buffer.alloc(huffmanDecodedBytesMax(bytes.length));
  return out.toString('latin1', 0, huffmanDecode(bytes, 0, bytes.length, out));
}

describe('the Huffman code of HPACK', () => {
  it('matches the examples of RFC 7541', () => {
    assert.equal(encode('www.example.com').toString('hex'), 'f1e3c2e5f23a6ba0ab90f4ff');
    assert.equal(encode('302').toString('hex'), '6402');
    assert.equal(decode(Buffer.from('9d29ad171863c78f0b97c8e9ae82ae43d3', 'hex')), 'https://www.example.com');
  });

  it('knows every byte', () => {
    for (let byte = 0; byte < 256; byte++) {
      const text = String.fromCharCode(byte);
      assert.equal(decode(encode(text)), text);
    }
    // The longest code, from the table of appendix B: 0x16 is 30 bits long, then two bits of padding.
    assert.equal(encode('\x16').toString('hex'), 'fffffffb');
  });

  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        assert.equal(decode(encode(text)), text);
      }),
    );
  });

  it('decodes nothing from nothing', () => assert.equal(decode(Buffer.alloc(0)), ''));

  it('refuses padding that is too long, not all ones, or an end of string', () => {
    for (const hex of ['ff', '1fff', '00', 'ffffffff', 'fffffffc'])
      assert.throws(() => decode(Buffer.from(hex, 'hex')), hex);
  });
});
