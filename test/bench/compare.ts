import { createEncoder } from '../../src/data/index.ts';
import { loadEmbedded } from '../../src/data/node.ts';
import { type Core, FastCore } from '../../src/engine/index.ts';
import { formatSpeed, median } from './format.ts';
import { Native } from './native.ts';
import { textTable } from './text-table.ts';
import { amountOf, timeCall, timeSamples, type Workload } from './workload.ts';
import { kernelClasses, spikingNeurons, wholeRuns } from './workloads.ts';

const rounds = 9;
/** The approximate run time of each side in a round, short enough for rounds to alternate often. */
const roundNs = 20e6;

/** The fast engine's and the C code's times of the runs of a workload, in nanoseconds. */
interface Timed {
  readonly workload: Workload;
  readonly engine: Core;
  readonly amount: number;
  readonly repetitions: number;
  readonly fast: number[];
  readonly native: number[];
}

/**
 * Times the fast engine and the C code in turns, so that whatever else the machine does burdens both alike, and makes
 * the table of medians.
 *
 * @throws Error where the C code and the engine disagree about the core's state after a workload
 */
export function compareWithNative(): string {
  const native = Native.compile();
  try {
    const workloads = [...kernelClasses(), spikingNeurons(), ...wholeRuns()];
    const timed = workloads.map((workload): Timed => {
      const engine = new FastCore(workload.image);
      const amount = amountOf(engine, workload);
      const warmNs = median(Array.from({ length: 3 }, () => timeSamples(engine, workload)));
      const repetitions = Math.min(50, Math.max(1, Math.round(roundNs / warmNs)));
      native?.prepare(workload, engine);
      return { workload, engine, amount, repetitions, fast: [], native: [] };
    });
    for (let round = 0; round < rounds; round++) for (const each of timed) timeRound(each, native);
    const notes =
      native === undefined
        ? ['no gcc on this computer: nothing to compare with']
        : [`same results: WebAssembly and C leave the same bits after each of ${timed.length} workloads`];
    const rows = [...timed.map(rowOf), encodingRow()];
    return [textTable(['figure', 'WebAssembly', 'C', 'ratio', 'aim'], rows, 'lrrrl'), ...notes].join('\n');
  } finally {
    native?.remove();
  }
}

function timeRound({ workload, engine, repetitions, ...times }: Timed, native: Native | undefined): void {
  for (let repetition = 0; repetition < repetitions; repetition++)
    times.fast.push(timeSamples(engine, workload));
  if (native === undefined) return;
  times.native.push(...native.time(workload, repetitions));
  const difference = native.difference(workload, engine);
  if (difference !== undefined) throw new Error(`${workload.name}: ${difference}`);
}

function rowOf({ workload, amount, fast, native }: Timed): string[] {
  const { name, unit, leastRatio, leastSpeed } = workload;
  const speedOf = (ns: readonly number[]): number => (1e9 * amount) / median(ns);
  const speed = speedOf(fast);
  const aims = leastSpeed === undefined ? [] : [aim(speed, leastSpeed, formatSpeed(leastSpeed, unit))];
  if (native.length === 0) return [name, formatSpeed(speed, unit), '', '', ...aims];
  const ratio = speed / speedOf(native);
  if (leastRatio !== undefined) aims.push(aim(ratio, leastRatio, `${leastRatio} of C`));
  return [
    name,
    formatSpeed(speed, unit),
    formatSpeed(speedOf(native), unit),
    ratio.toFixed(2),
    aims.join(', '),
  ];
}

function aim(found: number, least: number, text: string): string {
  return `${text}: ${found >= least ? 'reached' : 'missed'}`;
}

/** The encoder's speed: its spikes are made outside the core. */
function encodingRow(): string[] {
  const { train } = loadEmbedded();
  const encoder = createEncoder('bernoulli');
  const count = 200;
  const encode = (): void => {
    for (let sample = 0; sample < count; sample++) {
      const values = train.values.subarray(sample * train.inputs, (sample + 1) * train.inputs);
      encoder.encode(values, { seed: 1, epoch: 0, sample }, 8);
    }
  };
  const times = Array.from({ length: rounds }, () => timeCall(encode));
  return [
    'encoding of digits, 8 steps (WebAssembly)',
    formatSpeed((1e9 * count) / median(times), 'samples'),
    '',
    '',
    '',
  ];
}
