import { readFileSync } from 'node:fs';
import { type HwModel, loadHwModel } from '../../src/hardware/index.ts';

/** The bundled model of Loihi with one of its cost sets, by default its own. */
export function loihiWith(costs?: string): HwModel {
  const file = 'hw-models/loihi.yaml';
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const settings =
    costs === undefined ? [] : [{ path: ['chip', 'costs'], value: costs, place: { file: '--set' } }];
  return loadHwModel(text, file, () => ({ text: '', file: '' }), settings);
}
