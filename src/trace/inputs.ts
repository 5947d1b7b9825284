import type { Dataset } from '../data/index.ts';
import { type Cell, Pace } from '../experiment/index.ts';
import { type Counters, countsSince } from '../image/index.ts';
import { at } from '../text/index.ts';
import type { TimelineEvent, TimelineSink } from './estimate.ts';
import type { SignalPlan, StepWindow } from './plan.ts';
import { beyond, openSession, turn } from './replay.ts';
import { Looks } from './trace.ts';

/**
 * Tells in the order of time what a controller that is data does in a window of its inputs, counted from 0 through all
 * samples of the run: the levels of its queues at its own clock, and fields and energy after each input.
 *
 * @returns what was counted in the window
 * @throws PlasticoreError `usage` for a window beyond the end of the run
 */
export async function traceInputs(
  cell: Cell,
  data: Dataset,
  { window, plan, signal }: { window: StepWindow; plan: SignalPlan; signal?: AbortSignal | undefined },
  sink: TimelineSink,
): Promise<Counters> {
  const session = openSession(cell, data);
  const { host, machine } = session;
  const { clockMhz } = cell.image.costs;
  let events: TimelineEvent[] = [];
  let [inputs, startClock, ps] = [0, 0, 0];
  let before = host.counters();
  let counters: Counters | undefined;
  let looks: Looks | undefined;
  let isNewSample = true;
  let sample: Extract<TimelineEvent, { is: 'sample' }> | undefined;
  const tell = (event: TimelineEvent): void => {
    events.push(event);
  };
  const isInside = (): boolean => inputs >= window.first && inputs <= window.last;
  const begin = (name: string): void => {
    if (looks === undefined) {
      before = host.counters();
      const { image } = machine;
      looks = new Looks(
        { image, read: machine.read.bind(machine), counters: () => host.counters() },
        plan,
        tell,
      );
      for (const [queue, level] of levels.entries())
        tell({ is: 'waiting', ps, core: 0, queue, events: level });
      looks.after(undefined, ps);
    }
    if (isNewSample && sample !== undefined) tell({ ...sample, ps });
    isNewSample = false;
    tell({ is: 'step', ps, step: inputs, name });
  };
  const end = (): void => {
    looks?.after(undefined, ps);
    looks?.energy(ps);
    // What cores do together is told core by core.
    for (const event of events.sort((a, b) => a.ps - b.ps)) sink(event);
    events = [];
    if (inputs === window.last) counters = countsSince(before, host.counters());
  };
  const toPs = (clock: number): number => ((clock - startClock) * 1e6) / clockMhz;
  const levels = [
    ...(host.watch?.({
      input(name, clock) {
        if (inputs === window.first && name !== undefined) startClock = clock;
        if (isInside()) {
          ps = toPs(clock);
          if (name === undefined) end();
          else begin(name);
        }
        if (name === undefined) inputs += 1;
      },
      queue(queue, change, clock) {
        levels[queue] = at(levels, queue) + change;
        if (isInside()) tell({ is: 'queued', ps: toPs(clock), core: 0, queue, change });
      },
    }) ?? []),
  ];
  const pace = new Pace();
  while (counters === undefined) {
    const next = session.ahead().next();
    if (next.done === true) throw beyond(window, inputs, 'inputs');
    const { sample: number, label, learn } = next.value;
    sample = { is: 'sample', ps: 0, sample: number, label, learn };
    isNewSample = true;
    session.next();
    if (pace.isDue()) await turn(pace, signal);
  }
  sink({ is: 'end', ps });
  return counters;
}
