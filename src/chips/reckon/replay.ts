import { coreImageOf, createCore, goldenFormat, type ReplayContext, type Verdict } from '../api.ts';
import { reckonVerdict } from './compare.ts';
import { reckonSettings, recordReckon } from './record.ts';
import { reckonRtl } from './testbench.ts';
import { reckonSchema } from './trace.ts';
import { type ReckonTrace, reckonFormat } from './trace-parts.ts';

/** Replays one of ReckOn's traces on the bundled model of the chip, with the trace's configuration. */
export function replayReckon(trace: ReckonTrace, { engine, deploy, file, onCore }: ReplayContext): Verdict {
  const image = coreImageOf(
    deploy({
      program: 'reckon',
      hw: 'reckon',
      from: '',
      precision: 'own',
      seed: 1,
      settings: { program: reckonSettings(trace.config, file) },
    }),
  );
  const statedTicks = trace.expected.state_after_step.length;
  const core = createCore(image, { engine });
  onCore?.(core);
  return reckonVerdict(trace, recordReckon(trace, core, statedTicks));
}

/** Recordings of ReckOn's RTL, and benches for it. */
export const reckonGolden = goldenFormat(reckonFormat, reckonSchema, replayReckon, { rtl: reckonRtl });
