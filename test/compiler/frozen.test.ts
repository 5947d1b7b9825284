import { describe, expect, test } from 'vitest';
import { loadDataset } from '../../src/data/node.ts';
import { createCore, type EngineName, engineNames } from '../../src/engine/index.ts';
import { findFile } from '../../src/fs/index.ts';
import type { ProgramView } from '../../src/image/index.ts';
import { type CoreChoice, loadCore, type SimulatedCore } from '../../src/library/index.ts';
import { failure } from '../hardware/tiny.ts';
import { valuesOf } from '../support/core.ts';
import { compileSmall, expectRefused } from './small.ts';

const namesOf = ({ fields }: ProgramView): string[] => fields.map(({ name }) => name);
const freeze = (projection: string): readonly [string, string] => [
  `  ${projection}:\n    from`,
  `  ${projection}:\n    frozen: true\n    from`,
];

describe('a frozen projection', () => {
  test('has no shadow weights, and leaves out the rule and every field that only the rule used', () => {
    const image = compileSmall({ program: [freeze('p')] });
    expect(namesOf(image)).toEqual(['out.v', 'p.weight', 'loop.weight']);
    expect(image.work).toEqual(['fire(out)', 'integrate(p)', 'integrate(loop)', 'clear out.v']);
    // 6 rows of 5 weights of 8 bits and 5 of the loop's, each in 3 words; 5 words of potentials.
    expect(image.banks.map(({ usedWords }) => usedWords)).toEqual([33, 0, 5]);
    expect(image.fields.every(({ neededFor }) => neededFor === 'inference')).toBe(true);
  });

  test('has the weights that the rule would have started with', () => {
    const wide = ['uniform: 100', 'uniform: 30000'] as const;
    const [learning, frozen] = [[wide], [wide, freeze('p')]].map((program) =>
      valuesOf(createCore(compileSmall({ program }), { engine: 'reference' }), 'p.weight'),
    );
    expect(frozen).toEqual(learning);
    expect(new Set(frozen).size).toBeGreaterThan(20);
  });

  test('changes nothing where no rule writes its weights', () => {
    const { provenance: _, ...plain } = compileSmall();
    const { provenance: __, ...frozen } = compileSmall({ program: [freeze('loop')] });
    expect(frozen).toEqual(plain);
  });

  test('and one whose rule stores the weight itself have none that a kernel could name', () => {
    expectRefused(
      { rules: [['st     r3, syn.shadow', 'st     r3, syn.weight']] },
      'microcode',
      { rules: 'ld     r3, syn.shadow' },
      "syn.shadow: 'p' has no field 'shadow'",
      'if a rule stores syn.shadow, and is not frozen',
    );
  });

  test('may not have a rule that does more', () => {
    expectRefused(
      {
        program: [freeze('p')],
        rules: [['st     r3, syn.shadow', 'st     r3, syn.shadow\n  st     r0, post.v']],
      },
      'invalid-value',
      { program: 'run: learn' },
      "net.yaml:36:7: kernel 'learn' changes weights of 'p', which is frozen, and also writes out.v",
      'split the kernel in two',
    );
  });

  test('has weights, on a core without a controller', () => {
    const on = (program: string, path: string): string =>
      failure(() =>
        loadCore(program, { on: program, precision: 'own', set: { [path]: true } }, findFile),
      ).describe();
    expect(on('odin', 'program.projections.synapses.frozen')).toContain("'synapses' has no weights");
  });
});

/** The bundled network on a few digits; its fields are those of the paper. */
const digits = await loadDataset(undefined);
const freezing = (...projections: string[]): CoreChoice => ({
  set: Object.fromEntries(projections.map((name) => [`program.projections.${name}.frozen`, true])),
});
const network = (choice: CoreChoice, engine: EngineName = 'fast'): SimulatedCore =>
  loadCore('mnist-snn', { ...choice, engine }, findFile);

describe('a network with a frozen layer', () => {
  test('keeps what the other layer learns with, and nothing else', () => {
    const output = ['output.v', 'output.signal', 'inputToHidden.weight'];
    expect(namesOf(network(freezing('inputToHidden')).image)).toEqual([
      ...['hidden.v', 'hidden.trace', ...output],
      ...['hiddenToOutput.shadow', 'hiddenToOutput.weight'],
    ]);
    // The error goes back through the frozen weights.
    expect(namesOf(network(freezing('hiddenToOutput')).image)).toEqual([
      ...['input.trace', 'hidden.v', 'hidden.box', 'hidden.feedback', 'hidden.signal'],
      ...['output.v', 'output.signal', 'inputToHidden.shadow', 'inputToHidden.weight'],
      'hiddenToOutput.weight',
    ]);
    expect(namesOf(network(freezing('inputToHidden', 'hiddenToOutput')).image)).toEqual([
      ...['hidden.v', 'output.v', 'inputToHidden.weight', 'hiddenToOutput.weight'],
    ]);
  });

  test('learns in the other layer alone, alike on both engines', () => {
    const [reference, fast] = engineNames.map((engine) => {
      const core = network(freezing('inputToHidden'), engine);
      const before = core.read('inputToHidden.weight');
      const first = core.read('hiddenToOutput.shadow');
      for (let index = 0; index < 3; index++)
        core.learn({ set: digits.train, index, label: digits.train.labels[index] ?? 0 });
      expect(core.read('inputToHidden.weight')).toEqual(before);
      expect(core.read('hiddenToOutput.shadow')).not.toEqual(first);
      return core.save();
    });
    expect(reference).toEqual(fast);
  });
});

describe('a core that only infers', () => {
  test('has weights and potentials alone', () => {
    const { image } = network({ inference: true });
    expect(namesOf(image)).toEqual(['hidden.v', 'output.v', 'inputToHidden.weight', 'hiddenToOutput.weight']);
    expect(image.banks.find(({ name }) => name === 'shadow')?.usedWords).toBe(0);
    expect(
      image.work.filter((name) => /learn|mark|decay|signal|error|surrogate|feedback/.test(name)),
    ).toEqual([]);
  });

  test.each([
    ['mnist-snn', 'reference'],
    ['mnist-csnn', 'large'],
    ['mnist-stdp', 'reference'],
    ['shd-rsnn', 'reference'],
  ])('answers as %s does', (program, on) => {
    const whole = loadCore(program, { on }, findFile);
    const part = loadCore(program, { on, inference: true }, findFile);
    const size = whole.image.populations[whole.image.input]?.size ?? 0;
    for (let sample = 0; sample < 3; sample++) {
      const spikes = Array.from({ length: 6 }, (_, step) =>
        Array.from({ length: 60 }, (_, index) => (index * 37 + step * 11 + sample * 5) % size),
      );
      expect(part.answer({ spikes, label: 0 })).toBe(whole.answer({ spikes, label: 0 }));
      expect(part.scores()).toEqual(whole.scores());
    }
    expect(part.memory().totalBits).toBeLessThan(whole.memory().totalBits);
    expect(part.memory().totalBits).toBe(part.memory().inferenceBits);
  });

  test('is not compiled where a controller decides when it learns', () => {
    const error = failure(() =>
      loadCore('odin', { on: 'odin', precision: 'own', inference: true }, findFile),
    );
    expect(error.describe()).toContain("a controller triggers the events of 'odin'");
  });
});
