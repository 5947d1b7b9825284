import { createCore } from '../../../src/engine/index.ts';
import { deploy } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { coreImageOf } from '../../../src/image/index.ts';

/** The bundled model of ODIN. */
const { image, hw } = deploy(
  { program: { name: 'odin', from: '' }, hw: { name: 'odin', from: '' }, precision: 'own', seed: 1 },
  findFile,
);

export const odinImage = coreImageOf(image);
export const odinCore = hw;

export const odin = (engine: string) => createCore(odinImage, { engine });
