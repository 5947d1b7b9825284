import { describe, expect, it } from 'vitest';
import { compile, compileCore } from '../../../src/compiler/index.ts';
import { createCore, engineNames } from '../../../src/engine/index.ts';
import { createMachine } from '../../../src/machine/index.ts';
import { failure, load } from '../../hardware/tiny.ts';
import { roundMesh } from '../../machine/round-mesh.ts';
import { programOf, roundCore, roundFloatCore, spikeTrain, valuesOf } from '../../support/core.ts';

// A sample asks for a number; kernels of both populations take it, seven neurons at once or one.
const program = programOf(
  `format: plasticore/program/1
name: asked
steps: 1
input: in
populations:
  in: {size: 7, fields: {v: {bits: 16}}}
  out: {size: 1, fields: {v: {bits: 16}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}, {run: miss, over: in}, {run: miss, over: out}]}
readout: out.v
regression: {bits: 15}
`,
  {
    'rule.uc': `kernel miss over neurons
  ld    r0, host.label
  sub   r0, r0, 1000
  sra   r0, r0, 1
  st    r0, self.v
end
`,
  },
);
const sampleOf = (label: number) => ({ label, learn: true, steps: 1, spikes: spikeTrain([]) });

describe.each(engineNames)('a number that is asked for, on the %s engine', (engine) => {
  // Half of it, less 1000: integers are rounded down.
  it.each([
    [0, -500, -500],
    [1001, 0, 0.5],
    [32767, 15883, 15883.5],
  ])('is %i to kernels, on cores of integers and of floats', (label, integer, real) => {
    for (const [hw, precision, half] of [
      [roundCore, 'mp16-8', integer],
      [roundFloatCore, 'fp32', real],
    ] as const) {
      const core = createCore(compileCore(program, load(hw), { precision, seed: 1 }), { engine });
      core.begin(sampleOf(label));
      core.finish();
      expect(valuesOf(core, 'in.v')).toEqual(Array(7).fill(half));
      expect(valuesOf(core, 'out.v')).toEqual([half]);
    }
  });

  it.each([
    ['integers', roundCore, 'mp16-8', 15883],
    ['floats', roundFloatCore, 'fp32', 15883.5],
  ] as const)('reaches several cores of %s', (_, core, precision, half) => {
    const slices = {
      in: [
        { first: 0, size: 4, core: 0 },
        { first: 4, size: 3, core: 3 },
      ],
      out: [{ first: 0, size: 1, core: 1 }],
    };
    const image = compile(program, roundMesh('', core), { precision, seed: 1 }, { slices });
    const several = createMachine(image, { engine });
    several.begin(sampleOf(32767));
    several.finish();
    expect(valuesOf(several, 'in.v')).toEqual(Array(7).fill(half));
    expect(valuesOf(several, 'out.v')).toEqual([half]);
  });

  it.each([32768, -1, 0.5])('is not %d', (label) => {
    const core = createCore(compileCore(program, load(roundCore), { precision: 'mp16-8', seed: 1 }), {
      engine,
    });
    const error = failure(() => core.begin(sampleOf(label)));
    expect(error).toMatchObject({
      code: 'data',
      message: `out.v: expected labels 0 to 32767, found ${label}`,
    });
  });
});
