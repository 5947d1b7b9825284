import { deploy, findHwModel, noSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import type { ReplayContext, ReplayDeployment } from '../../src/golden/index.ts';
import type { Image } from '../../src/image/index.ts';

const images = new Map<string, Image>();

/** An image of the bundled models; each is compiled once. */
function imageOf(request: ReplayDeployment): Image {
  const { program, hw, from, precision, seed, settings } = request;
  const key = JSON.stringify(request);
  const image =
    images.get(key) ??
    deploy(
      {
        program: { name: program, from },
        hw: { name: hw, from },
        precision,
        seed,
        settings: { ...noSettings, ...settings },
      },
      findFile,
    ).image;
  images.set(key, image);
  return image;
}

/** What a replay of a chip's recording needs. */
export const replayContext: ReplayContext = {
  file: 'x.json',
  engine: 'fast',
  deploy: imageOf,
  hwModel: ({ hw, from, settings }) => findHwModel({ name: hw, from }, '', findFile, settings),
  readImage: () => {
    throw new Error('the trace names no image');
  },
};
