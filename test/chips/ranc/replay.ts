import {
  type Chip,
  coreImageOf,
  createCore,
  goldenFormat,
  type ReplayContext,
  type Verdict,
} from 'plasticore/chips';
import { rancDivergence } from './divergence.ts';
import { recordRanc } from './record.ts';
import { rancSettings } from './settings.ts';
import { type RancTrace, rancFormat } from './trace-parts.ts';
import { rancSchema } from './trace-shape.ts';

/** Replays one of RANC's traces on the bundled model of its cores, with the trace's configuration. */
export function replayRanc(trace: RancTrace, { engine, deploy, file, onCore }: ReplayContext): Verdict {
  const image = coreImageOf(
    deploy({
      program: 'ranc',
      hw: 'ranc',
      from: '',
      precision: 'own',
      seed: 1,
      settings: rancSettings(trace.config, file),
    }),
  );
  const found = recordRanc(trace, (index) => {
    const core = createCore(image, { engine, index });
    onCore?.(core);
    return core;
  });
  const divergence = rancDivergence(trace, found);
  return divergence === undefined
    ? { agrees: true, summary: summaryOf(trace) }
    : { agrees: false, divergence };
}

/** Recordings of RANC's RTL. */
export const rancRtl: Chip = {
  name: 'ranc-rtl',
  golden: async () => [goldenFormat(rancFormat, rancSchema, replayRanc)],
};

function summaryOf({ cores, stimulus, expected }: RancTrace): string {
  const { core_ticks, spikes, deliveries, fifo_writes } = expected;
  const written = fifo_writes.flat().reduce((sum, count) => sum + count, 0);
  const count = cores.filter((core) => core !== null).length;
  return `${count} cores, ${stimulus.ticks.length} ticks, ${core_ticks.length} ticks of a core with their potentials, ${spikes.length} spikes, ${deliveries.length} deliveries and ${written} FIFO writes to the cycle (${stimulus.end} in all), flags, final state`;
}
