import { expect, it } from 'vitest';
import { kernelExecutions } from '../../../src/engine/index.ts';
import { edit } from '../../hardware/tiny.ts';
import { imageOf, roundCore, roundFloatCore } from '../../support/core.ts';

/** How two spike-triggered kernels run on a core with a given number of lanes. */
const executions = (lanes: number, core = roundCore, body = 'ld r0, post.v') =>
  kernelExecutions(
    imageOf(
      `format: plasticore/program/1
name: two
steps: 1
input: a
populations: {a: {size: 3}, b: {size: 20, fields: {v: {bits: 16}}}}
projections: {p: {from: a, to: b}}
microcode: {rule: rule.uc}
events: {tick: [{run: j, over: b}, {deliver: a}], spike: {a: [{run: k, over: p}]}}
readout: b.v
`,
      `kernel j over neurons
  ld r0, self.v
  st r0, self.v
end
kernel k over row
  ${body}
  st r0, post.v
end`,
      edit(core, 'lanes: 4', `lanes: ${lanes}`),
    ),
  );

it('says in which lanes the fast engine runs each kernel, and why', () => {
  const narrow = 'every value fits 16 bits';
  expect(executions(16)).toEqual([
    { lanes: 'int16 x 8', reason: narrow, spikes: undefined },
    { lanes: 'int16 x 8', reason: narrow, spikes: 'batch, columns in registers' },
  ]);
  expect(executions(4)[0]).toEqual({
    lanes: 'int32 x 4',
    reason: '4 lanes are not whole vectors of 8',
    spikes: undefined,
  });
  expect(executions(3)).toEqual([
    { lanes: 'scalar', reason: '3 lanes are not whole vectors of 4', spikes: undefined },
    { lanes: 'scalar', reason: '3 lanes are not whole vectors of 4', spikes: 'batch' },
  ]);
});

it('says that floats and draws are served one by one', () => {
  expect(executions(16, roundFloatCore)[1]).toEqual({
    lanes: 'float32 x 4',
    reason: 'floats have 32 bits',
    spikes: 'one by one',
  });
  const drawing = executions(16, roundCore, 'ld r1, post.v\n  sra.sr r0, r1, 1');
  expect(drawing[1]).toMatchObject({ spikes: 'one by one' });
});
