/** Recordings of chips whose controller is data: one format, one recorder, one replay, and the benches of their RTL. */

import type { GoldenFormat } from '../../golden/index.ts';

export type { ChipRtl } from './bench.ts';
export { type RecordedFrom, type RecordingAbout, recordingOf } from './record.ts';

/** Loads the format of the recordings of all chips whose controller is data. Only a replay needs it. */
export async function controllerRecordings(): Promise<GoldenFormat> {
  return (await import('./replay.ts')).controllerGolden;
}
