import { chips } from '../../src/chips/index.ts';
import { goldenFormats } from '../../src/trace/index.ts';
import { loihi } from './loihi/replay.ts';
import { rancRtl } from './ranc/replay.ts';
import { sanafe } from './sanafe/replay.ts';

/** The formats of recordings in test/golden: of bundled chips, and of modules beside the tests. */
export const recordedFormats = await goldenFormats([...chips, loihi, rancRtl, sanafe]);
