import { type ReckonTrace, reckonSettings } from '../../../src/chips/kit.ts';
import { createCore } from '../../../src/engine/index.ts';
import { deploy, noSettings } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { coreImageOf } from '../../../src/image/index.ts';

/** The bundled model of ReckOn, with a trace's configuration. */
export function reckonImage(config: ReckonTrace['config']) {
  const reckon = { name: 'reckon', from: '' };
  const settings = { ...noSettings, program: reckonSettings(config, 'trace') };
  return coreImageOf(
    deploy({ program: reckon, hw: reckon, precision: 'own', seed: 1, settings }, findFile).image,
  );
}

export const reckon = (engine: string, config: ReckonTrace['config']) =>
  createCore(reckonImage(config), { engine });
