import { createCore } from '../../../src/engine/index.ts';
import { deploy, noSettings } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { coreImageOf } from '../../../src/image/index.ts';
import { rancSettings } from './settings.ts';
import type { RancTrace } from './trace-parts.ts';

/** The bundled model of a core of RANC, with a trace's configuration. */
export function rancImage(config: RancTrace['config']) {
  const ranc = { name: 'ranc', from: '' };
  const settings = { ...noSettings, ...rancSettings(config, 'trace') };
  return coreImageOf(
    deploy({ program: ranc, hw: ranc, precision: 'own', seed: 1, settings }, findFile).image,
  );
}

/** Makes the cores of a chip, all from one image. */
export function rancCores(engine: string, config: RancTrace['config']) {
  const image = rancImage(config);
  return (index: number) => createCore(image, { engine, index });
}
