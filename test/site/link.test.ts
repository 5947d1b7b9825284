import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { type Design, defaultDesign } from '../../site/shared/design.ts';
import { mostCharacters, readLink, type SharedState, writeLink } from '../../site/shared/link.ts';
import { defaultLook } from '../../site/shared/look.ts';
import { PlasticoreError } from '../../src/text/index.ts';

const untouched: SharedState = {
  version: '0.1.0',
  design: defaultDesign,
  position: 0,
  isStill: false,
  look: defaultLook,
  pinned: undefined,
};

const whole = fc.integer({ min: 0, max: 2 ** 40 });
const word = fc.string({ unit: 'binary', maxLength: 20 });
const choice = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
// JSON has no -0.
const setting = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  word,
  fc.boolean(),
);
const design: fc.Arbitrary<Design> = fc.record({
  experiment: word,
  hw: choice(word),
  precision: choice(word),
  seed: choice(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  settings: fc.dictionary(word, setting),
  edits: fc.dictionary(word, fc.string({ unit: 'binary', maxLength: 400 })),
});
const state: fc.Arbitrary<SharedState> = fc.record({
  version: word,
  design,
  position: whole,
  isStill: fc.boolean(),
  look: fc.record({
    neuron: choice(fc.record({ population: word, index: whole })),
    projection: choice(word),
    firstNeuron: whole,
    sample: choice(whole),
    file: choice(word),
    lesson: choice(fc.record({ lesson: whole, page: whole })),
  }),
  pinned: choice(fc.record({ design, position: whole })),
});

/** What it says of a link. */
function refusal(fragment: string): string {
  try {
    readLink(fragment);
  } catch (error) {
    if (error instanceof PlasticoreError) return error.message;
    throw error;
  }
  return 'read';
}

const damaged = 'this link is damaged';
/** A link with any content, whose checksum is right. */
function linkWith(json: string | Uint8Array, format = 1): string {
  const bytes = typeof json === 'string' ? new TextEncoder().encode(json) : json;
  return `s${format}.${Buffer.concat([crcOf(bytes), deflateSync(bytes)]).toString('base64url')}`;
}

/** CRC-32 bit by bit, as RFC 1952 describes it. */
function crcOf(bytes: Uint8Array): Buffer {
  let crc = 0xffffffff;
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) crc = ((crc ^ (byte >> bit)) & 1 ? 0xedb88320 : 0) ^ (crc >>> 1);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(~crc >>> 0);
  return check;
}

describe('a link', () => {
  test('reopens any state', () => {
    fc.assert(
      fc.property(state, (given) => void expect(readLink(writeLink(given))).toEqual(given)),
      { numRuns: 300 },
    );
  });

  test('needs no escape in an address, and is short for what has not been changed', () => {
    fc.assert(
      fc.property(state, (given) => void expect(writeLink(given)).toMatch(/^s1\.[\w-]+$/)),
      { numRuns: 50 },
    );
    expect(writeLink(untouched).length).toBeLessThan(100);
  });

  test('is this one, and stays readable', () => {
    const json =
      '{"version":"0.1.0","design":{"experiment":"mnist-snn","settings":{"hw.lanes":8}},"position":250,"isStill":true}';
    expect(readLink(linkWith(json))).toEqual({
      ...untouched,
      design: { ...defaultDesign, settings: { 'hw.lanes': 8 } },
      position: 250,
      isStill: true,
    });
  });

  test('that is empty opens nothing', () => expect(readLink('')).toBeUndefined());

  test('of a newer version says so', () => {
    for (const fragment of ['s2.abc', 's999.', linkWith('{}', 2)])
      expect(refusal(fragment)).toBe('this link was made by a newer version of the playground');
  });

  test('that was cut off is damaged, wherever it was', () => {
    const link = writeLink({ ...untouched, design: { ...defaultDesign, edits: { a: 'text '.repeat(9) } } });
    for (let length = 1; length < link.length; length++) expect(refusal(link.slice(0, length))).toBe(damaged);
  });

  // Deflate has bits that stand for nothing, behind its end and in its tables: they may differ unnoticed (RFC 1951).
  test('with another character anywhere is damaged, or opens the same', () => {
    const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.%/ é';
    fc.assert(
      fc.property(state, fc.nat(), fc.constantFrom(...characters), (given, seed, character) => {
        const link = writeLink(given);
        const at = 3 + (seed % (link.length - 3));
        fc.pre(link[at] !== character);
        const other = link.slice(0, at) + character + link.slice(at + 1);
        if (refusal(other) === 'read') expect(readLink(other)).toEqual(given);
        else expect(refusal(other)).toBe(damaged);
      }),
      { numRuns: 500 },
    );
  });

  test('opens the same whatever the bits behind the end of its packed text are', () => {
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    let opened = 0;
    for (let words = 1; words < 20; words++) {
      const given = { ...untouched, design: { ...defaultDesign, edits: { a: 'text '.repeat(words) } } };
      const link = writeLink(given);
      const others = [...last].map((character) => link.slice(0, -1) + character);
      for (const other of others.filter((each) => each !== link && refusal(each) === 'read')) {
        expect(readLink(other)).toEqual(given);
        opened++;
      }
    }
    expect(opened).toBeGreaterThan(0);
  });

  test.each([
    '#',
    'x',
    's',
    's1',
    's1.',
    's0.AAAA',
    's-1.AAAA',
    'S1.AAAA',
    's01',
    's1.A',
    's1.AAAA',
    's1.AAAAAAAAAAAA',
  ])("'%s' is damaged", (fragment) => expect(refusal(fragment)).toBe(damaged));

  test('of whatever text is read, or refused in words', () => {
    fc.assert(fc.property(fc.string(), (text) => void refusal(text)));
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => void refusal(`s1.${Buffer.from(bytes).toString('base64url')}`)),
    );
    fc.assert(fc.property(fc.json(), (json) => void expect(refusal(linkWith(json))).toBe(damaged)));
  });

  test.each([
    '{}',
    'null',
    '[]',
    '{"version":"1"}',
    '{"version":1,"design":{"experiment":"a"}}',
    '{"version":"1","design":{"experiment":5}}',
    '{"version":"1","design":{"experiment":"a","seed":-1}}',
    '{"version":"1","design":{"experiment":"a","seed":1.5}}',
    '{"version":"1","design":{"experiment":"a","seed":1e300}}',
    '{"version":"1","design":{"experiment":"a","settings":{"a":null}}}',
    '{"version":"1","design":{"experiment":"a","settings":{"a":{}}}}',
    '{"version":"1","design":{"experiment":"a","settings":[]}}',
    '{"version":"1","design":{"experiment":"a","edits":{"a":1}}}',
    '{"version":"1","design":{"experiment":"a","data":"here"}}',
    '{"version":"1","design":{"experiment":"a"},"position":"1"}',
    '{"version":"1","design":{"experiment":"a"},"isStill":1}',
    '{"version":"1","design":{"experiment":"a"},"look":{"neuron":{"population":"a"}}}',
    '{"version":"1","design":{"experiment":"a"},"look":{"lesson":1}}',
    '{"version":"1","design":{"experiment":"a"},"pinned":"a"}',
    '{"version":"1","design":{"experiment":"a"},"pinned":{"experiment":"a"}}',
    '{"version":"1","design":{"experiment":"a"},"more":1}',
  ])('with the content %s is damaged', (json) => void expect(refusal(linkWith(json))).toBe(damaged));

  test('with names that JavaScript reserves does no harm', () => {
    const json =
      '{"version":"1","design":{"experiment":"a","settings":{"__proto__":1},"edits":{"__proto__":"x"}}}';
    const read = readLink(linkWith(json));
    expect(Object.keys(read?.design.edits ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(read?.design.edits)).toBe(Object.prototype);
  });

  test('with bytes that are no text is damaged', () => {
    expect(refusal(linkWith(Uint8Array.of(0x22, 0xff, 0x22)))).toBe(damaged);
  });

  test('that is huge, or unpacks to something huge, is refused', () => {
    const bomb = linkWith(new Uint8Array(40_000_000).fill(0x20));
    expect(bomb.length).toBeLessThan(mostCharacters);
    expect(refusal(bomb)).toBe(damaged);
    expect(refusal(`s1.${'A'.repeat(20_000_000)}`)).toBe(damaged);
  });

  test('is not made of a state that is too long for it', () => {
    const noise = Array.from({ length: 40_000 }, (_, index) => Math.sin(index).toString(36)).join('');
    const long = { ...untouched, design: { ...defaultDesign, edits: { a: noise } } };
    expect(JSON.stringify(long).length).toBeLessThan(600_000);
    expect(() => writeLink(long)).toThrow('this design is too long for a link');
    // Nor of one that would get short enough, but takes long to pack.
    const longest = { ...untouched, design: { ...defaultDesign, edits: { a: 'a'.repeat(1_000_000) } } };
    expect(() => writeLink(longest)).toThrow('this design is too long for a link');
  });
});
