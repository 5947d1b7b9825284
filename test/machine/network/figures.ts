import { readFileSync } from 'node:fs';
import { type HwModel, loadHwModel } from '../../../src/hardware/index.ts';
import { type NetworkFigures, networkFigures } from '../../../src/machine/index.ts';

/** The bundled model of Loihi with one of its cost sets. */
export function loihiWith(costs: string): HwModel {
  const file = 'hw-models/loihi.yaml';
  const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
  const set = { path: ['chip', 'costs'], value: costs, place: { file: '--set' } };
  return loadHwModel(text, file, () => ({ text: '', file: '' }), [set]);
}

/** Figures in ns and pJ. */
export function figuresOf(costs: string): NetworkFigures {
  const { chip } = loihiWith(costs);
  if (chip === undefined) throw new Error('loihi has no chip');
  return networkFigures(chip.costSet, chip.costs);
}
