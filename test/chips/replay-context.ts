import { deploy, findHwModel, noSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import {
  describeDivergence,
  type ReplayContext,
  type ReplayDeployment,
  type ReplayHwModel,
  type Verdict,
} from '../../src/golden/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
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
        program: typeof program === 'string' ? { name: program, from } : program,
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

const models = new Map<string, HwModel>();

/** A bundled hw-model; each is loaded once. */
function modelOf(request: ReplayHwModel): HwModel {
  const { hw, from, settings } = request;
  const key = JSON.stringify(request);
  const model = models.get(key) ?? findHwModel({ name: hw, from }, '', findFile, settings);
  models.set(key, model);
  return model;
}

/** What a replay of a chip's recording needs. */
export const replayContext: ReplayContext = {
  file: 'x.json',
  engine: 'fast',
  deploy: imageOf,
  parameters: () => ({}),
  hwModel: modelOf,
  readImage: () => {
    throw new Error('the trace names no image');
  },
};

/** What a replay has found: that the recording agrees, or where it diverges. */
export const wordsOf = (verdict: Verdict): string =>
  verdict.agrees ? 'agrees' : describeDivergence(verdict.divergence);
