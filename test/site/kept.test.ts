import { describe, expect, test } from 'vitest';
import { bundledTexts } from '../../scripts/bundled-texts.ts';
import { type Design, defaultDesign } from '../../site/shared/design.ts';
import { carryOver } from '../../site/worker/carry.ts';
import { compileDesign } from '../../site/worker/compile.ts';
import { SteppedRun } from '../../site/worker/run.ts';
import { loadEmbedded } from '../../src/data/node.ts';
import { stateSha256 } from '../../src/engine/index.ts';
import { meaningOf } from '../../src/experiment/index.ts';
import { findAmong } from '../../src/text/index.ts';

const texts = bundledTexts();
const compiled = (part: Partial<Design>) => {
  const design = { ...defaultDesign, ...part };
  return compileDesign(design, findAmong({ ...texts, ...design.edits })).cell;
};
const edited = (path: string, change: (text: string) => string): Partial<Design> => {
  const text = texts[path] ?? '';
  expect(change(text)).not.toBe(text);
  return { edits: { [path]: change(text) } };
};
const lif = 'programs/rules/lif.uc';
const own = meaningOf(compiled({}));

describe('a change', () => {
  test.each([
    ['a comment in a rule', edited(lif, (text) => `; Mine.\n${text}`)],
    ['white space in a rule', edited(lif, (text) => text.replaceAll('\n', '  \n\n'))],
    ['a comment in the program', edited('programs/mnist-snn.yaml', (text) => `# Mine.\n${text}`)],
    ['a comment in the core', edited('hw-models/reference.yaml', (text) => `${text}\n# Mine.\n`)],
    [
      'another description',
      edited('experiments/mnist-snn.yaml', (text) => text.replace('A spiking', 'One spiking')),
    ],
    ['a setting to what it is', { settings: { 'experiment.epochs': 15 } }],
  ] as const)('of no meaning keeps the meaning: %s', (_, part) => {
    expect(meaningOf(compiled(part))).toBe(own);
  });

  test.each([
    ['an operation', edited(lif, (text) => text.replace('sub      r0, r0, r2', '; No leak.'))],
    ['lanes', { settings: { 'hw.lanes': 32 } }],
    ['a seed', { seed: 2 }],
    ['fewer samples', { settings: { 'experiment.limit': 10 } }],
    ['fewer epochs', { settings: { 'experiment.epochs': 1 } }],
    [
      'an energy',
      edited('hw-models/reference.yaml', (text) => text.replace(/clockMhz: \d+/, 'clockMhz: 123')),
    ],
  ] as const)('of meaning does not: %s', (_, part) => {
    expect(meaningOf(compiled(part))).not.toBe(own);
  });
});

describe('what was learnt', () => {
  const data = loadEmbedded();
  const before = new SteppedRun(compiled({}), data, undefined);
  for (let sample = 0; sample < 30; sample++) before.advance();
  const weightsOf = ({ machine }: SteppedRun) =>
    machine.image.fields.flatMap(({ name }, index) =>
      /\.(weight|shadow)$/.test(name) ? [[name, [...machine.read(index)]] as const] : [],
    );

  test('goes on under another rule where shapes are the same', () => {
    const cell = compiled(edited(lif, (text) => text.replace('sub      r0, r0, r2', '; No leak.')));
    const after = new SteppedRun(cell, data, undefined);
    expect(weightsOf(after)).not.toEqual(weightsOf(before));
    expect(carryOver(before, after)).toBeGreaterThan(0);
    expect(weightsOf(after)).toEqual(weightsOf(before));
    expect(before.learnt).toBe(30);
    // The one it comes from is as it was.
    const again = new SteppedRun(compiled({}), data, undefined);
    for (let sample = 0; sample < 30; sample++) again.advance();
    expect(stateSha256(before.machine.save())).toBe(stateSha256(again.machine.save()));
  });

  test('stays behind where they are not', () => {
    for (const settings of [{ 'program.populations.hidden.size': 64 }, {}] as const) {
      const precision = 'program.populations.hidden.size' in settings ? undefined : 'mp8-4';
      const after = new SteppedRun(compiled({ settings, precision }), data, undefined);
      const own = weightsOf(after);
      expect(carryOver(before, after)).toBe(0);
      expect(weightsOf(after)).toEqual(own);
    }
  });
});
