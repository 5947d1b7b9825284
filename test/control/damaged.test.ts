import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DataController } from '../../src/chips/index.ts';
import { createCore } from '../../src/engine/index.ts';
import { deploy, noSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { loadHwModel, resolveForModel } from '../../src/hardware/index.ts';
import { coreImageOf } from '../../src/image/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { Dice, textDamages } from '../fuzz/damage.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const hw = { name: here('../chips/tinyodin/tinyodin.yaml'), from: '' };
const program = { name: here('../chips/tinyodin/program.yaml'), from: '' };

test('a damaged controller is refused, or runs, or stops with an error of its own', () => {
  const image = coreImageOf(
    deploy({ program, hw, precision: 'own', seed: 1, settings: noSettings }, findFile).image,
  );
  const bytes = readFileSync(hw.name);
  const start = bytes.indexOf('controller:');
  const fates = { refused: 0, ran: 0, stopped: 0 };
  for (let seed = 1; seed <= 60; seed++) {
    const dice = new Dice(seed);
    // Mostly a number or a word: other damages are seldom YAML.
    const change = seed % 4 === 0 ? dice.of(textDamages) : (textDamages[dice.below(5)] ?? textDamages[0]);
    const controller = change(bytes.subarray(start), dice);
    const text = Buffer.concat([bytes.subarray(0, start), controller]).toString('utf8');
    let fate: keyof typeof fates = 'refused';
    try {
      const { controllerData } = loadHwModel(text, 't.yaml', resolveForModel(findFile));
      if (controllerData === undefined) continue;
      fate = 'stopped';
      const core = createCore({ ...image, core: { ...image.core, controllerData } }, { engine: 'fast' });
      const chip = new DataController([core]);
      // No neuron reaches its threshold: activity that feeds itself would take long to be refused.
      chip.write('neurons.thr', 0, Array<number>(256).fill(4095));
      // A spike, a leak of all neurons, a virtual event.
      for (const address of [5, 0x1ff, 0x2f5]) chip.send('event', [0, address]);
      fate = 'ran';
    } catch (error) {
      if (!(error instanceof PlasticoreError)) throw error;
    }
    fates[fate] += 1;
  }
  expect(fates.refused).toBeGreaterThan(20);
  expect(fates.ran).toBeGreaterThan(5);
  expect(fates.stopped).toBeGreaterThan(0);
});
