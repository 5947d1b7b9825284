import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assemble, disassemble, operations } from '../../src/isa/index.ts';
import { generateProgram, type PlainKernel, withoutPlaces } from './programs.ts';

test('assembling and disassembling are inverses', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.gen(), (generate) => {
      const { kernels, text } = generateProgram(generate);
      const assembled = assemble(text, 'generated.uc');
      expect(withoutPlaces(assembled)).toEqual(kernels);
      const canonical = disassemble(assembled);
      const again = assemble(canonical, 'canonical.uc');
      expect(withoutPlaces(again)).toEqual(kernels);
      expect(disassemble(again)).toBe(canonical);
      for (const { body } of kernels) for (const { mnemonic } of body) seen.add(mnemonic);
    }),
    { numRuns: 200 },
  );
  expect([...seen].sort()).toEqual(operations.map(({ mnemonic }) => mnemonic).sort());
});

test('the canonical text of a kernel', () => {
  const kernel: PlainKernel = {
    name: 'learn',
    domain: 'synapses',
    rowGate: { role: 'pre', field: 'trace' },
    columnGate: { role: 'post', field: 'signal' },
    body: [
      {
        mnemonic: 'ldi',
        operands: [
          { is: 'register', register: 0 },
          { is: 'number', value: -5 },
        ],
      },
      {
        mnemonic: 'mulsra.sr',
        operands: [
          { is: 'register', register: 1 },
          { is: 'register', register: 0 },
          { is: 'parameter', name: 'gain' },
          { is: 'number', value: 8 },
        ],
      },
      {
        mnemonic: 'st',
        operands: [
          { is: 'register', register: 1 },
          { is: 'field', role: 'syn', field: 'shadow' },
        ],
      },
    ],
  };
  const place = {};
  const placed = { ...kernel, place, body: kernel.body.map((line) => ({ ...line, place })) };
  const ungated = { ...placed, name: 'other', rowGate: undefined, body: placed.body.slice(0, 1) };
  expect(disassemble([placed, ungated])).toBe(
    [
      'kernel learn over synapses where pre.trace and post.signal',
      '  ldi      r0, -5',
      '  mulsra.sr r1, r0, #gain, 8',
      '  st       r1, syn.shadow',
      'end',
      '',
      'kernel other over synapses where post.signal',
      '  ldi      r0, -5',
      'end',
      '',
    ].join('\n'),
  );
});

const rules = new URL('../../programs/rules/', import.meta.url);

test.each(readdirSync(rules).filter((file) => file.endsWith('.uc')))('the bundled %s', (file) => {
  const kernels = assemble(readFileSync(new URL(file, rules), 'utf8'), file);
  expect(kernels.length).toBeGreaterThan(0);
  expect(withoutPlaces(assemble(disassemble(kernels), file))).toEqual(withoutPlaces(kernels));
});
