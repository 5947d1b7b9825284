import { coreImageOf, createCore, goldenFormat, type ReplayContext, type Verdict } from '../api.ts';
import { odinVerdict } from './compare.ts';
import { recordOdin } from './record.ts';
import { odinRtl } from './testbench.ts';
import { type OdinTrace, odinFormat, odinSchema } from './trace.ts';

/** Replays one of ODIN's traces on the bundled model of the chip. */
export function replayOdin(trace: OdinTrace, { engine, deploy, onCore }: ReplayContext): Verdict {
  const image = coreImageOf(deploy({ program: 'odin', hw: 'odin', from: '', precision: 'own', seed: 1 }));
  const core = createCore(image, { engine });
  onCore?.(core);
  // One operation more than expected is enough to tell the difference.
  const { recorded } = recordOdin(trace, core, trace.expected.ops.length);
  return odinVerdict(trace, recorded);
}

/** Recordings of ODIN's RTL, and benches for it. */
export const odinGolden = goldenFormat(odinFormat, odinSchema, replayOdin, { rtl: odinRtl });
