import { deploy, noSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import type { ReplayContext } from '../../src/golden/index.ts';

/** What a replay of a chip's recording needs: the bundled models. */
export const replayContext: ReplayContext = {
  file: 'x.json',
  engine: 'fast',
  deploy: ({ program, hw, from, precision, seed, settings }) =>
    deploy(
      {
        program: { name: program, from },
        hw: { name: hw, from },
        precision,
        seed,
        settings: { ...noSettings, ...settings },
      },
      findFile,
    ).image,
  readImage: () => {
    throw new Error('the trace names no image');
  },
};
