import { describe, expect, it } from 'vitest';
import { findFile } from '../../src/fs/index.ts';
import { loadCore } from '../../src/library/index.ts';
import { edit, failure } from '../hardware/tiny.ts';
import { imageOf } from '../support/core.ts';
import { smallProgram, smallRules } from './small.ts';

/** The small program with a field of four positions, and a kernel over it in each step. */
const programWith = (...edits: readonly (readonly [string, string])[]): string =>
  [
    ['      signal: {bits: 8}\n', '      signal: {bits: 8}\n      past: {bits: 8, positions: 4}\n'] as const,
    ['    - deliver: in\n', '    - deliver: in\n    - {run: look, over: out}\n'] as const,
    ...edits,
  ].reduce((text, [from, to]) => edit(text, from, to), smallProgram);

const look = (...lines: readonly string[]): string =>
  `${smallRules}\nkernel look over neurons\n${lines.map((line) => `  ${line}\n`).join('')}end\n`;

const lineOf = (rules: string, text: string): number =>
  rules.split('\n').findIndex((line) => line.includes(text)) + 1;

const good = look('ldi r0, 3', 'ld.at r1, self.past, r0', 'st r1, self.v');

describe('a field with positions', () => {
  it('has a row for each, as long as the population', () => {
    const { fields, layouts } = imageOf(programWith(), good);
    const field = fields.find(({ name }) => name === 'out.past');
    expect(field).toMatchObject({ positions: 4, count: 20, bits: 8 });
    // Two items of 8 bits in a word of 16: three words for five neurons.
    expect(layouts[field?.layout ?? -1]).toMatchObject({ rows: 4, rowLength: 5, wordsPerRow: 3 });
  });

  it.each([
    ['positions: 4', 'positions: 1', 'positions: expected a whole number from 2 to 4096, found 1'],
    ['positions: 4', 'positions: 4097', 'positions: expected a whole number from 2 to 4096, found 4097'],
    ['positions: 4', 'positions: 4, record: r', "a field with positions has no 'record'"],
    ['positions: 4', 'positions: 4, initial: {uniform: 3}', "a field with positions has no 'initial'"],
    ['readout: out.v', 'readout: out.past', "the readout 'out.past' has 4 positions"],
    [
      '    initialWeights: {uniform: 100}\n',
      '    initialWeights: {uniform: 100}\n    fields: {late: {bits: 8, positions: 4}}\n',
      'only fields of populations have positions',
    ],
    [
      '    - deliver: in\n',
      '    - deliver: in\n    - {hold: [out.past], after: 4, period: 2}\n',
      "'out.past' has positions: hold is for fields of one number",
    ],
  ])('%s as %s is refused', (from, to, message) => {
    expect(failure(() => imageOf(programWith([from, to]), good))).toMatchObject({
      message,
      file: 'net.yaml',
    });
  });

  it.each([
    ['ld    r1, self.past', "'self.past' has 4 positions: expected the name of one"],
    ['ld.at r1, self.v, r0', "'self.v' has no positions"],
    ['ld.at r1, self.past, r2', "'ld.at r1, self.past, r2': the position may be 0 to 4; expected 0 to 3"],
  ])('%s is refused', (line, message) => {
    const rules = look('ldi r0, 3', 'ld r2, self.index', line, 'st r1, self.v');
    expect(failure(() => imageOf(programWith(), rules))).toMatchObject({
      message,
      file: 'rule.uc',
      line: lineOf(rules, line),
    });
  });

  it('is no gate', () => {
    const rules = good.replace('over neurons\n  ldi r0, 3', 'over neurons where self.past\n  ldi r0, 3');
    expect(failure(() => imageOf(programWith(), rules))).toMatchObject({
      message: "'out.past' has 4 positions: it is no gate",
      hint: "gate by another field (kernel 'look' over out)",
      line: lineOf(rules, 'kernel look'),
    });
  });

  it('takes no real for a position', () => {
    const rules = look('ld r0, self.v', 'ld.at r1, self.past, r0', 'st r1, self.v');
    expect(failure(() => imageOf(programWith(), rules))).toMatchObject({
      message: "'ld.at r1, self.past, r0' expects integer, but r0 is real",
      hint: 'floor makes an integer of a real; sel turns a flag into a number, cmp a number into a flag',
    });
  });

  it('is not on one core of several', () => {
    expect(
      failure(() =>
        loadCore('speech-windows', { on: 'mesh', set: { 'program.placement.cores': 2 } }, findFile),
      ),
    ).toMatchObject({
      message: 'line 4 of keepLevel(input) names a position of a field, which cores of several do not',
      hint: 'choose an hw-model of one core',
    });
  });
});
