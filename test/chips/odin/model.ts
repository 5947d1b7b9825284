import { createCore } from '../../../src/engine/index.ts';
import { deploy } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';

/** The bundled model of ODIN. */
export const { image: odinImage, hw: odinCore } = deploy(
  { program: { name: 'odin', from: '' }, hw: { name: 'odin', from: '' }, precision: 'own', seed: 1 },
  findFile,
);

export const odin = (engine: string) => createCore(odinImage, { engine });
