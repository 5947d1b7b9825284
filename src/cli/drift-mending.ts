/** Suggests how to mend the largest drift of an import. */
import type { HwModel } from '../hardware/index.ts';
import type { Drift } from '../report/index.ts';
import { percent } from '../report/index.ts';

/** Drift below this share is not worth an option. */
const least = 0.005;

/**
 * Names the layer and the cause that make most spikes differ, each alone, and the option that would mend it; undefined
 * where none does much.
 */
export function mendingNote(
  { layers }: Pick<Drift, 'layers'>,
  { precision }: HwModel,
  { weightBits, accumulatorBits }: { readonly weightBits: number; readonly accumulatorBits: number },
  isCalibrated: boolean,
): string | undefined {
  const all = layers.flatMap(({ node, causes }) =>
    Object.entries(causes ?? {}).map(([cause, share]) => ({ node, cause, share })),
  );
  const [worst] = all.sort((a, b) => b.share - a.share);
  if (worst === undefined || worst.share < least) return undefined;
  const wider = (widths: readonly number[], bits: number) =>
    widths.filter((width) => width > bits).sort((a, b) => a - b)[0];
  const [weights, accumulators] = [
    wider(precision.weightBits, weightBits),
    wider(precision.accumulatorBits, accumulatorBits),
  ];
  const samples = isCalibrated ? [] : ['--calibrate DATA, which chooses scales by what occurs'];
  const options = new Map<string, readonly string[]>([
    ['weights', [...samples, ...(weights === undefined ? [] : [`--precision mp16-${weights}`])]],
    ['threshold', [...samples, ...(accumulators === undefined ? [] : [`--accumulator ${accumulators}`])]],
    ['accumulator', [...samples, ...(accumulators === undefined ? [] : [`--accumulator ${accumulators}`])]],
  ]);
  const mends = options.get(worst.cause) ?? [];
  const what = worst.cause === 'weights' ? 'its weights' : `its ${worst.cause}`;
  const end =
    mends.length === 0 ? 'no option of this core mends it' : `${mends.join(', or ')} would mend most of it`;
  return `node '${worst.node}' drifts most by ${what}: ${percent(worst.share)} of its spikes differ by these alone; ${end}`;
}
