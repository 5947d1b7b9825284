import { expect, it } from 'vitest';
import { compile } from '../../../src/compiler/index.ts';
import { createCore, engineNames, type Processor } from '../../../src/engine/index.ts';
import { createMachine } from '../../../src/machine/index.ts';
import { failure } from '../../hardware/tiny.ts';
import { roundMesh } from '../../machine/round-mesh.ts';
import { imageOf, programOf, spikeTrain, valuesOf } from '../../support/core.ts';

/* `ended` counts the ends of batches: steps 1 and 2 of their last samples. */
const program = `format: plasticore/program/1
name: batches
steps: 3
input: in
populations:
  in: {size: 2}
  out: {size: 2, fields: {ended: {bits: 8}}}
projections:
  p: {from: in, to: out}
microcode: {rule: rule.uc}
events:
  tick:
    - {deliver: in}
    - {run: count, over: out, from: 1, everySample: 3}
  spike:
    in: []
readout: out.ended
`;
const rules = `kernel count over neurons
  ld r0, self.ended
  add r0, r0, 1
  st r0, self.ended
end
`;

/** How often the count has risen after each sample of a pass. */
function risen(core: Processor, samples: number): number[] {
  return Array.from({ length: samples }, (_, index) => {
    core.begin({
      label: 0,
      learn: false,
      steps: 3,
      spikes: spikeTrain([], [], []),
      place: { index, isLast: index + 1 === samples },
    });
    core.finish();
    return valuesOf(core, 'out.ended')[0] ?? 0;
  });
}

it.each(engineNames)(
  'ends a batch every three samples, and with the last sample, on the %s engine',
  (engine) => {
    const machine = (): Processor => createCore(imageOf(program, rules), { engine });
    expect(risen(machine(), 7)).toEqual([0, 0, 2, 2, 2, 4, 6]);
    // The last sample completes a batch: one end, not two.
    expect(risen(machine(), 6)).toEqual([0, 0, 2, 2, 2, 4]);
    expect(risen(machine(), 1)).toEqual([2]);
  },
);

it('ends batches on several cores', () => {
  const spread = compile(
    programOf(program, { 'rule.uc': rules }),
    roundMesh(),
    { precision: 'mp16-8', seed: 1 },
    {
      slices: {
        in: [{ first: 0, size: 2, core: 0 }],
        out: [0, 1].map((core) => ({ first: core, size: 1, core })),
      },
    },
  );
  expect(risen(createMachine(spread), 4)).toEqual([0, 0, 2, 4]);
});

it('tells batches of different sizes apart in a list of spikes, on several cores', () => {
  const twoSizes = program
    .replace('{ended: {bits: 8}}', '{ended: {bits: 8}, second: {bits: 8}}')
    .replace(
      'in: []',
      'in: [{run: count, over: out, everySample: 2}, {run: second, over: out, everySample: 3}]',
    )
    .replace('    - {run: count, over: out, from: 1, everySample: 3}\n', '');
  const code = { 'rule.uc': `${rules}\n${rules.replaceAll('ended', 'second').replace('count', 'second')}` };
  const slices = {
    in: [{ first: 0, size: 2, core: 0 }],
    out: [0, 1].map((core) => ({ first: core, size: 1, core })),
  };
  const machine = createMachine(
    compile(programOf(twoSizes, code), roundMesh(), { precision: 'mp16-8', seed: 1 }, { slices }),
  );
  for (let index = 0; index < 5; index++) {
    const place = { index, isLast: false };
    machine.begin({ label: 0, learn: false, steps: 3, spikes: spikeTrain([0], [], []), place });
    machine.finish();
  }
  // Samples 2 and 4 complete batches of two, sample 3 one of three.
  expect([valuesOf(machine, 'out.ended'), valuesOf(machine, 'out.second')]).toEqual([
    [2, 2],
    [1, 1],
  ]);
});

it('takes a sample that is presented alone for a batch of its own', () => {
  const core = createCore(imageOf(program, rules));
  core.begin({ label: 0, learn: false, steps: 3 });
  core.finish();
  expect(valuesOf(core, 'out.ended')).toEqual([2, 2]);
});

it('refuses a batch of no samples', () => {
  const { code, message } = failure(() =>
    imageOf(program.replace('everySample: 3', 'everySample: 0'), rules),
  );
  expect(code).toBe('invalid-value');
  expect(message).toContain('everySample');
});
