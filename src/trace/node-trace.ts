import type { Dataset } from '../data/index.ts';
import type { Cell, KeptState } from '../experiment/index.ts';
import { type GrowingFile, growFile } from '../fs/index.ts';
import { type Counters, price } from '../image/index.ts';
import type { MachineWatch } from '../machine/index.ts';
import { knownEnergyPj } from '../report/index.ts';
import { option, PlasticoreError } from '../text/index.ts';
import { ActivityRecorder } from './activity.ts';
import { estimateSize, type TimelineEvent } from './estimate.ts';
import { traceInputs } from './inputs.ts';
import { PerfettoWriter } from './perfetto.ts';
import type { SignalPlan, StepWindow } from './plan.ts';
import { openSession, openWindow, runWindow } from './replay.ts';
import { energyOfWork, namesOf, Tracer } from './trace.ts';
import { VcdWriter } from './vcd.ts';

export interface TraceOptions {
  readonly window: StepWindow;
  readonly plan: SignalPlan;
  /** Files to write. */
  readonly vcd?: string | undefined;
  readonly perfetto?: string | undefined;
  /** Takes the bits that toggle in the window, as JSON. */
  readonly activity?: string | undefined;
  /** A state of the run at or before the window; the beginning of the run if absent. */
  readonly from?: KeptState | undefined;
  /** The most that the files may take, by the estimate. */
  readonly mostBytes: number;
  /** On abort, no file is left, and the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the machine stands before the window, with the size that its files will have. */
  readonly onOpen?: ((bytes: number) => void) | undefined;
}

/** The costs of a window. */
export interface WindowCosts {
  readonly counters: Counters;
  readonly timePs: number;
  /** Null where nobody knows it. */
  readonly energyPj: number | null;
}

/**
 * Writes what a cell's machine does in a window of its run. The fast engine goes to the window; the reference engine
 * runs it again from there. Under a controller that is data, the window is one of inputs, and all runs on the fast one.
 *
 * @throws PlasticoreError `usage` for a window beyond the run, or files larger than allowed; `file` or `system` if a
 * file cannot be written. No partial file remains
 */
export async function writeTrace(cell: Cell, data: Dataset, options: TraceOptions): Promise<WindowCosts> {
  const { window, plan, vcd, perfetto, activity, from, mostBytes, signal } = options;
  const names = namesOf(cell);
  const recorder = activity === undefined ? undefined : recorderOf(cell);
  const none: SignalPlan = { groups: new Set(), items: [] };
  const scout = cell.chip === undefined ? await openWindow(cell, data, window, { from, signal }) : undefined;
  const opening = scout?.moment();
  const expected =
    scout === undefined
      ? await traceInputs(cell, data, { window, plan: none, signal }, () => undefined)
      : await runWindow(scout, window, { signal });
  const priced = price(expected, cell.image.costs);
  const energyPj = knownEnergyPj(priced, cell.image.costs);
  const timePs = priced.latencyNs * 1000;
  const size = estimateSize(names, plan, expected, timePs);
  const bytes = (vcd === undefined ? 0 : size.vcdBytes) + (perfetto === undefined ? 0 : size.perfettoBytes);
  if (bytes > mostBytes)
    throw new PlasticoreError(
      'usage',
      `about ${megabytes(bytes)} MB would be written, more than ${megabytes(mostBytes)} MB`,
      {
        file: option('steps', `${window.first}..${window.last}`),
        hint: `fewer steps, some of the ${option('signals')}, or a larger ${option('maxMegabytes')}`,
      },
    );
  options.onOpen?.(bytes);
  const files: GrowingFile[] = [];
  const grow = (path: string): ((text: string) => void) => {
    const file = growFile(path);
    files.push(file);
    return (text) => file.write(text);
  };
  try {
    const sinks = [
      ...(vcd === undefined ? [] : [new VcdWriter(names, plan, grow(vcd)).take]),
      ...(perfetto === undefined
        ? []
        : [
            new PerfettoWriter(
              names,
              plan,
              (core, event) => energyOfWork(cell.image, core, event),
              grow(perfetto),
            ).take,
          ]),
    ];
    const sink = (event: TimelineEvent): void => {
      for (const each of sinks) each(event);
    };
    if (opening === undefined) {
      const counters = await traceInputs(cell, data, { window, plan, signal }, sink);
      for (const file of files) file.finish();
      return { counters, timePs, energyPj };
    }
    const tracer = new Tracer(cell.image, plan, sink);
    const watch = recorder === undefined ? tracer.watch : withRecorder(tracer.watch, recorder);
    const session = openSession(cell, data, { engine: 'reference', watch });
    session.resume(opening);
    tracer.start(session.machine);
    const counters = await runWindow(session, window, { watched: tracer, signal });
    tracer.end();
    if (activity !== undefined && recorder !== undefined)
      grow(activity)(`${JSON.stringify(recorder.counts(window, counters), null, 2)}\n`);
    for (const file of files) file.finish();
    return { counters, timePs, energyPj };
  } finally {
    for (const file of files) file.discard();
  }
}

/** @throws PlasticoreError `usage` for a chip of many cores or with a controller, whose runs cannot be priced anew */
function recorderOf({ name, image }: Cell): ActivityRecorder {
  const [core] = image.cores;
  if (core === undefined || image.chip !== undefined || image.core.controller !== undefined) {
    const what = image.chip === undefined ? 'under a controller' : 'on a chip of many cores';
    throw new PlasticoreError('usage', `'${name}' runs ${what}: toggles are counted on a core of its own`, {
      file: option('activity'),
      hint: `the same program on a chip of one core: ${option('hw')}`,
    });
  }
  return new ActivityRecorder(core.image);
}

/** A watch that counts toggles, too. */
function withRecorder(watch: MachineWatch, recorder: ActivityRecorder): MachineWatch {
  return {
    ...watch,
    core: (index) => {
      const { visited, ...options } = watch.core(index);
      return {
        ...options,
        data: recorder.watch,
        visited: (kernel) => {
          recorder.visited();
          visited?.(kernel);
        },
      };
    },
  };
}

/** In MB: a whole number, or two digits of few. */
export function megabytes(bytes: number): string {
  return bytes < 1e7 ? (bytes / 1e6).toPrecision(2) : (bytes / 1e6).toFixed(0);
}
