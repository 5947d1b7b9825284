import { describe, expect, test } from 'vitest';
import { compileCore } from '../../src/compiler/index.ts';
import { createProgram, type ProgramDescription, program } from '../../src/program/index.ts';
import { failure, load } from '../hardware/tiny.ts';
import { programOf, roundCore } from '../support/core.ts';

const integrate = 'kernel integrate over row\n  ld r0, syn.weight\n  st r0, post.v\nend\n';
const yaml = `format: plasticore/program/1
name: pair
steps: 2
parameters: {top: 3}
input: in
populations:
  in: {size: 3}
  out: {size: 2, fields: {v: {bits: 16}}}
projections:
  p: {from: in, to: out, initialWeights: {uniform: top}}
microcode: {neuron: rule.uc}
events:
  sample: [{clear: [out.v]}]
  tick: [{deliver: in}]
  spike: {in: [{run: integrate, over: p}]}
readout: out.v
`;
const description: ProgramDescription = {
  name: 'pair',
  steps: 2,
  parameters: { top: 3 },
  input: 'in',
  populations: { in: { size: 3 }, out: { size: 2, fields: { v: { bits: 16 } } } },
  projections: { p: { from: 'in', to: 'out', initialWeights: { uniform: 'top' } } },
  microcode: { neuron: { text: integrate } },
  events: {
    sample: [{ clear: ['out.v'] }],
    tick: [{ deliver: 'in' }],
    spike: { in: [{ run: 'integrate', over: 'p' }] },
  },
  readout: 'out.v',
};
const builder = program({ name: 'pair', steps: 2 })
  .parameter('top', 3)
  .input('in')
  .population('in', { size: 3 })
  .population('out', { size: 2, fields: { v: { bits: 16 } } })
  .projection('p', { from: 'in', to: 'out', initialWeights: { uniform: 'top' } })
  .microcode('neuron', { text: integrate })
  .sample({ clear: ['out.v'] })
  .tick({ deliver: 'in' })
  .spike('in', { run: 'integrate', over: 'p' })
  .readout('out.v');

const hw = load(roundCore);
const imageOf = (made: ReturnType<typeof createProgram>) => {
  const { provenance, ...image } = compileCore(made, hw, { precision: 'mp16-8', seed: 1 });
  return image;
};

describe('a program made in code', () => {
  test('is the program of its YAML file, as an object and step by step', () => {
    const expected = imageOf(programOf(yaml, { 'rule.uc': integrate }));
    expect(imageOf(createProgram(description))).toEqual(expected);
    expect(imageOf(builder.create())).toEqual(expected);
  });

  test('has its own description and microcode as provenance', () => {
    const { provenance } = compileCore(builder.create(), hw, { precision: 'mp16-8', seed: 1 });
    expect(provenance.sources.map(({ file }) => file)).toEqual(['pair', 'pair microcode.neuron']);
  });

  test('shares a beginning with its variants', () => {
    const three = builder.tick({ run: 'nothing', over: 'out' });
    expect(builder.description.events.tick).toEqual([{ deliver: 'in' }]);
    expect(three.description.events.tick).toHaveLength(2);
  });

  test('finds the files that it names', () => {
    const named = { ...description, microcode: { neuron: 'rule.uc' } };
    const find = (file: string) => ({ file, text: integrate });
    expect([...createProgram(named, { microcode: find }).kernels.keys()]).toEqual(['integrate']);
    expect(failure(() => createProgram(named))).toMatchObject({
      file: 'pair: microcode.neuron',
      message: "'rule.uc' names a file, and nothing is given that finds it",
    });
  });

  test('takes overrides', () => {
    const place = { file: '--set program.steps' };
    expect(createProgram(description, {}, [{ path: ['steps'], value: 5, place }]).spec.steps).toBe(5);
    const wrong = [{ path: ['steps'], value: 0, place }];
    expect(failure(() => createProgram(description, {}, wrong)).file).toBe('--set program.steps');
  });
});

describe('a fault in a program made in code', () => {
  /** As a caller without types would write it. */
  const made = (change: object) => failure(() => createProgram({ ...description, ...change }));

  test('of form has the message that it has in a file, and the name as its place', () => {
    const broken = yaml.replace('{bits: 16}', '7');
    const fault = made({ populations: { in: { size: 3 }, out: { size: 2, fields: { v: 7 } } } });
    expect(fault.message).toBe(failure(() => programOf(broken, {})).message);
    expect(fault.describe()).toBe('pair: populations.out.fields.v: expected a mapping, found 7');
  });

  test('of an unknown key names the nearest one and where it is', () => {
    const fault = made({ populations: { in: { sise: 3 }, out: { size: 2 } } });
    expect(fault.describe()).toBe("pair: populations.in: unknown key 'sise'; did you mean 'size'?");
    expect(made({ stepps: 1 }).describe()).toBe("pair: unknown key 'stepps'; did you mean 'steps'?");
  });

  test('in its names has the path as its place', () => {
    const fault = made({ projections: { p: { from: 'in', to: 'oud' } } });
    expect(fault).toMatchObject({
      file: 'pair: projections.p.to',
      message: "there is no population 'oud'",
      hint: "did you mean 'out'?",
    });
  });

  test('is a name that every object has', () => {
    expect(made({ parameters: { constructor: 3 } })).toMatchObject({
      file: 'pair: parameters.constructor',
      message: "'constructor' cannot be a name here",
    });
  });

  test('in its microcode has the line within the text', () => {
    const fault = made({ microcode: { neuron: { text: integrate.replace('ld r0', 'lt r0') } } });
    expect(fault).toMatchObject({ file: 'pair microcode.neuron', line: 2 });
  });

  test('that only a core shows has the path as its place', () => {
    const wide = createProgram({ ...description, parameters: { top: 40_000 } });
    expect(failure(() => compileCore(wide, hw, { precision: 'mp16-8', seed: 1 }))).toMatchObject({
      file: 'pair: projections.p.initialWeights.uniform',
      message: 'initial weights of ±40000 do not fit the 8 bits of p.weight',
    });
  });

  test('of a name given twice is seen at once', () => {
    expect(failure(() => builder.population('in', { size: 2 })).message).toBe(
      "populations: 'in' is defined twice",
    );
  });
});
