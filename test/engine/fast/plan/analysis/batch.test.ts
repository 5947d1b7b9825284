import { describe, expect, it } from 'vitest';
import { isBatchable } from '../../../../../src/engine/fast/plan/analysis/batch.ts';
import { planKernel, planKernels } from '../../../../../src/engine/fast/plan/kernel-plan.ts';
import { edit } from '../../../../hardware/tiny.ts';
import { imageOf, roundCore, roundFloatCore } from '../../../../support/core.ts';

/** An input of 3 neurons with traces, joined to 20 of b. */
const image = (spike: string, microcode: string, core = roundCore) =>
  imageOf(
    `format: plasticore/program/1
name: two
steps: 1
input: a
populations:
  a: {size: 3, fields: {trace: {kind: integer, bits: 8}}}
  b: {size: 20, fields: {x: {kind: integer, bits: 16}, y: {kind: integer, bits: 16}}}
projections: {p: {from: a, to: b}, q: {from: b, to: b}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: a}], spike: {a: [${spike}]}}
readout: b.x
`,
    microcode,
    edit(core, 'lanes: 4', 'lanes: 16'),
  );

const mark = `kernel mark over neuron
  ld r0, self.trace
  add.s r0, r0, 1
  st r0, self.trace
end
`;

const row = (name: string, body: string): string => `kernel ${name} over row\n${body}\nend\n`;
const add = (field: string, term = '1'): string => `ld r0, post.${field}
  add.s r0, r0, ${term}
  st r0, post.${field}`;

const isListBatchable = (spike: string, microcode: string, core = roundCore): boolean => {
  const found = image(spike, microcode, core);
  return isBatchable(found, planKernels(found), found.events.spike[0] ?? []);
};

describe('a list of spikes is a batch', () => {
  it.each([
    ['one kernel', '{run: k, over: p}', row('k', add('x'))],
    [
      'kernels that touch nothing in common',
      '{run: mark, over: a}, {run: k, over: p}',
      mark + row('k', add('x')),
    ],
    ['a condition', '{run: mark, over: a, when: learning}, {run: k, over: p}', mark + row('k', add('x'))],
  ])('with %s', (_, spike, microcode) => expect(isListBatchable(spike, microcode)).toBe(true));

  it.each([
    [
      'writes what the next reads',
      '{run: mark, over: a}, {run: k, over: p}',
      `${mark}${row('k', `ld r1, pre.trace\n${add('x', 'r1')}`)}`,
    ],
    [
      'reads what the next writes',
      '{run: j, over: p}, {run: k, over: p}',
      row('j', 'ld r0, post.y\nst r0, post.x') + row('k', add('y')),
    ],
    [
      'writes what the next writes',
      '{run: j, over: p}, {run: k, over: p}',
      row('j', 'ldi r0, 1\nst r0, post.x') + row('k', 'ldi r0, 2\nst r0, post.x'),
    ],
    [
      'writes what the next is gated by',
      '{run: j, over: p}, {run: k, over: p}',
      `${row('j', add('y'))}kernel k over row where post.y\n${add('x')}\nend\n`,
    ],
    ['emits', '{run: k, over: p}', row('k', 'ldi r0, 1\nemit r0')],
    ['draws', '{run: k, over: p}', row('k', 'rnd r0, 3\nst r0, post.x')],
    ['is followed by a clear', '{run: k, over: p}, {clear: [b.y]}', row('k', add('x'))],
    ['is followed by a test', '{run: k, over: p}, {stopUnlessAny: b.y}', row('k', add('x'))],
  ])('unless a kernel %s', (_, spike, microcode) => expect(isListBatchable(spike, microcode)).toBe(false));

  it('unless a store of a float may stop the run', () => {
    const microcode = row('k', 'ld r0, syn.weight\nld r1, post.x\nst r1, post.x');
    expect(isListBatchable('{run: k, over: p}', microcode)).toBe(true);
    const floats = microcode.replace('ld r1, post.x\nst r1, post.x', 'st r0, syn.shadow');
    expect(isListBatchable('{run: k, over: p}', floats, roundFloatCore)).toBe(false);
  });
});

describe('the columns of a batch stay in variables', () => {
  const stays = (microcode: string, change = (found: ReturnType<typeof image>) => found): boolean => {
    const found = change(image('{run: k, over: p}', microcode));
    return planKernel(found, 0).resident !== undefined;
  };
  const sum = row('k', `ld r1, syn.weight\n${add('x', '3')}`);

  it('where a kernel adds to post-synaptic fields', () => expect(stays(sum)).toBe(true));

  it.each([
    ['has gates', sum.replace('over row', 'over row where post.y')],
    ['loads where a predicate holds', row('k', 'ld r0, pre.trace\nld.row r1, post.x, r0\nst r1, post.y')],
    ['writes weights', row('k', 'ld r0, syn.shadow\nst r0, syn.shadow')],
    ['reduces', row('k', 'ldi r0, 1\nreduce r0, pre.trace')],
  ])('unless it %s', (_, microcode) => expect(stays(microcode)).toBe(false));

  it('unless rows have several segments', () => {
    const inTwo = stays(sum, (found) => {
      const segments = {
        rowStart: Uint32Array.of(0, 2, 4, 6),
        firstWeight: Uint32Array.of(0, 10, 20, 30, 40, 50),
        firstPost: Uint32Array.of(0, 10, 0, 10, 0, 10),
        length: Uint32Array.of(10, 10, 10, 10, 10, 10),
      };
      return { ...found, projections: found.projections.map((projection) => ({ ...projection, segments })) };
    });
    expect(inTwo).toBe(false);
  });
});
