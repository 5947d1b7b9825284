import { describe, expect, test } from 'vitest';
import { assemble, formatField, inferKinds, type NumberKind } from '../../src/isa/index.ts';
import { expectError } from '../support/errors.ts';

const fields: Readonly<Record<string, NumberKind>> = {
  'self.v': 'real',
  'self.u': 'real',
  'self.box': 'flag',
  'self.count': 'integer',
  'self.index': 'integer',
  'host.label': 'integer',
};

function kindsOf(...lines: string[]): (NumberKind | undefined)[][] {
  const [kernel] = assemble(['kernel k over neurons', ...lines, 'end'].join('\n'), 'k.uc');
  return inferKinds(kernel?.body ?? [], (name) => fields[formatField(name)] ?? 'real');
}

describe('kinds come from fields and operations', () => {
  test('a neuron that fires', () => {
    expect(
      kindsOf(
        'ld r0, self.v',
        'cmp.ge r1, r0, #threshold',
        'sub r2, r0, #threshold',
        'sel r0, r1, r2, r0',
        'sra r2, r0, #leak',
        'st r0, self.v',
        'emit r1',
      ),
    ).toEqual([
      ['real', 'real'],
      ['flag', 'real', 'real'],
      ['real', 'real', 'real'],
      ['real', 'flag', 'real', 'real'],
      ['real', 'real', undefined],
      ['real', 'real'],
      ['flag'],
    ]);
  });

  test('a constant is what it meets later, through copies', () => {
    expect(kindsOf('ldi r0, 5', 'mov r1, r0', 'add r2, r1, 3', 'st r2, self.count')).toEqual([
      ['integer', 'integer'],
      ['integer', 'integer'],
      ['integer', 'integer', 'integer'],
      ['integer', 'integer'],
    ]);
    expect(kindsOf('ldi r0, 1', 'st r0, self.box')).toEqual([
      ['flag', 'flag'],
      ['flag', 'flag'],
    ]);
    expect(kindsOf('ldi r0, 0', 'ld r1, self.v', 'max r2, r1, r0').at(0)).toEqual(['real', 'real']);
  });

  test('two values that meet are one kind from then on, both ways', () => {
    // r0 and r1 meet before either is known; r1's store settles both.
    expect(kindsOf('ldi r0, 5', 'ldi r1, 6', 'cmp.lt r2, r0, r1', 'st r1, self.count')).toEqual([
      ['integer', 'integer'],
      ['integer', 'integer'],
      ['flag', 'integer', 'integer'],
      ['integer', 'integer'],
    ]);
  });

  test('what nothing settles is real, and bits are an integer', () => {
    expect(kindsOf('ldi r0, 5', 'add r1, r0, #x')).toEqual([
      ['real', 'real'],
      ['real', 'real', 'real'],
    ]);
    expect(kindsOf('ldi r0, 1', 'emit r0')).toEqual([['integer', 'integer'], ['integer']]);
  });

  test('a register is of one kind at a time only', () => {
    expect(kindsOf('ld r0, self.v', 'ld r0, self.index', 'cmp.eq r0, r0, 3', 'st r0, self.box')).toEqual([
      ['real', 'real'],
      ['integer', 'integer'],
      ['flag', 'integer', 'integer'],
      ['flag', 'flag'],
    ]);
  });

  test('integers of the machine', () => {
    expect(kindsOf('rnd r0, #bits', 'shr r1, r0, 3', 'xor r2, r1, r0', 'cmp.ltu r3, r2, 100')).toEqual([
      ['integer', undefined],
      ['integer', 'integer', undefined],
      ['integer', 'integer', 'integer'],
      ['flag', 'integer', 'integer'],
    ]);
    expect(kindsOf('ld r0, self.box', 'ld r1, self.box', 'and r2, r0, r1').at(-1)).toEqual([
      'flag',
      'flag',
      'flag',
    ]);
  });
});

describe('a number of the wrong kind', () => {
  test.each<[string, string[], number, string]>([
    [
      'the bits of a real',
      ['ld r0, self.v', 'popcount r1, r0'],
      3,
      "'popcount r1, r0' expects integer, but r0 is real",
    ],
    [
      'a real and an integer',
      ['ld r0, self.v', 'ld r1, self.count', 'add r2, r0, r1'],
      4,
      "'add r2, r0, r1' expects real, but r1 is integer",
    ],
    [
      'a predicate that is real',
      ['ld r0, self.v', 'sel r1, r0, 1, 2'],
      3,
      "'sel r1, r0, 1, 2' expects integer or flag, but r0 is real",
    ],
    [
      'a flag that is shifted',
      ['ld r0, self.box', 'sra r1, r0, 1'],
      3,
      "'sra r1, r0, 1' expects real or integer, but r0 is flag",
    ],
    [
      'a flag that is added',
      ['ld r0, self.box', 'ld r1, self.v', 'add r1, r1, r0'],
      4,
      'expects real, but r0 is flag',
    ],
    ['bits of a real', ['ld r0, self.v', 'shr r1, r0, 1'], 3, 'expects integer, but r0 is real'],
    [
      'a real of a draw',
      ['rnd r0, 3', 'st r0, self.v'],
      3,
      "'st r0, self.v' expects integer, but self.v is real",
    ],
    [
      'a real stored as a flag',
      ['ld r0, self.v', 'st r0, self.box'],
      3,
      'expects real, but self.box is flag',
    ],
    ['two as a flag', ['ld r0, self.box', 'and r1, r0, 2'], 3, 'expects flag, but 2 is real or integer'],
    [
      'a parameter as a flag',
      ['ldi r0, #on', 'st r0, self.box'],
      3,
      'expects real or integer, but self.box is flag',
    ],
    ['an emitted real', ['ld r0, self.v', 'emit r0'], 3, "'emit r0' expects integer or flag, but r0 is real"],
    [
      'two settlements of one constant',
      ['ldi r0, 5', 'st r0, self.v', 'st r0, self.count'],
      4,
      'expects real, but self.count is integer',
    ],
    ['reals read as unsigned', ['ld r0, self.v', 'cmp.ltu r1, r0, 5'], 3, 'expects integer, but r0 is real'],
  ])('%s', (_, lines, line, message) => {
    expectError(
      () => kindsOf(...lines),
      'microcode',
      `k.uc:${line}:1: `,
      message,
      'sel turns a flag into a number',
    );
  });
});
