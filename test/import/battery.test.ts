import { describe, expect, test } from 'vitest';
import { conventions } from '../../src/nir/index.ts';
import { arraysOf, battery, bytesOf, graphOf } from '../nir/files.ts';
import { agreeing } from './beside.ts';
import { coreOf, importOf } from './support.ts';

/** Refused by the reader, not by the import. */
const refused = ['compression_lzf'];
const names = Object.keys(battery)
  .filter((file) => file.endsWith('.nir') && battery[file.replace('.nir', '.npz')] !== undefined)
  .map((file) => file.slice(0, -4))
  .filter((name) => !refused.includes(name));
const neurons = ['if', 'lif', 'lif_per_neuron', 'cubalif', 'recurrent_linear', 'recurrent_two_populations'];

const battled = async (name: string) => {
  const dt = arraysOf(bytesOf(battery, `${name}.npz`))('dt')?.values[0] ?? 0;
  return { graph: await graphOf(battery, name), dt };
};
const steps = 40;
const seeds = 2;

describe('the battery on the core, beside doubles', () => {
  test.each(names)('%s', async (name) => {
    const { graph, dt } = await battled(name);
    const rules = { ...conventions.strict, dt };
    const imported = importOf(graph, { rules, steps });
    const core = coreOf(imported);
    let agreed = 0;
    for (let seed = 1; seed <= seeds; seed++) agreed += agreeing(imported, core, rules, steps, seed);
    expect(agreed).toBeGreaterThan((steps * seeds) / 4);
  });

  test.each(neurons)('%s on the reference engine', async (name) => {
    const { graph, dt } = await battled(name);
    const rules = { ...conventions.strict, dt };
    const imported = importOf(graph, { rules, steps });
    expect(agreeing(imported, coreOf(imported, 'reference'), rules, steps, 1)).toBeGreaterThan(steps / 8);
  });

  const others = Object.entries({
    ...conventions,
    'snntorch, zero': { ...conventions.snntorch, reset: 'zero-late' },
    'strict, subtract': { ...conventions.strict, reset: 'subtract' },
  } as const);
  test.each(others.flatMap(([rules]) => neurons.map((name) => [rules, name] as const)))(
    'by the conventions of %s: %s',
    async (framework, name) => {
      const { graph, dt } = await battled(name);
      const known = others.find(([rules]) => rules === framework)?.[1] ?? conventions.strict;
      const rules = { ...known, dt };
      const imported = importOf(graph, { rules, steps });
      const core = coreOf(imported);
      let agreed = 0;
      for (let seed = 1; seed <= seeds; seed++) agreed += agreeing(imported, core, rules, steps, seed);
      expect(agreed).toBeGreaterThan((steps * seeds) / 16);
    },
  );

  test.each(['net_conv_lif_sumpool', 'recurrent_linear', 'skip_connection', 'delay'])(
    'one step behind the other: %s',
    async (name) => {
      const { graph, dt } = await battled(name);
      const rules = { ...conventions.strict, dt };
      const imported = importOf(graph, { rules, steps, delivery: 'next' });
      const core = coreOf(imported);
      let agreed = 0;
      for (let seed = 1; seed <= seeds; seed++) agreed += agreeing(imported, core, rules, steps, seed);
      expect(agreed).toBeGreaterThan((steps * seeds) / 4);
    },
  );
});
