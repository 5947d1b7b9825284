import type { SignalPlan } from './plan.ts';
import type { Machine, TimelineEvent, TimelineSink } from './timeline.ts';

/** Tracks of the whole machine; those of cores follow, in a process each. */
const machineProcess = 1;
const stepsTrack = 1;
const kernelsTrack = 1;
const fifoTrack = 2;
const packetsTrack = 3;
const spikesTrack = 4;
const firstUnitTrack = 5;

/**
 * Writes a timeline as trace events in JSON, for ui.perfetto.dev and chrome://tracing. Times are microseconds. Every slice
 * of a piece of work has what it counted itself, without what interrupted it, in its arguments: their sums are the
 * window's counters.
 *
 * Format: "Trace Event Format", docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 *
 * @param energyOf the energy of what a piece of work of a core has counted
 */
export function perfettoSink(
  machine: Machine,
  { groups, items }: SignalPlan,
  energyOf: (core: number, event: Extract<TimelineEvent, { is: 'ended' }>) => number,
  write: (text: string) => void,
): TimelineSink {
  let isFirst = true;
  const put = (event: Readonly<Record<string, unknown>>): void => {
    write(`${isFirst ? '' : ',\n'}${JSON.stringify(event)}`);
    isFirst = false;
  };
  const process = (core: number | undefined): number => (core === undefined ? machineProcess : 2 + core);
  const name = (kind: 'process_name' | 'thread_name', pid: number, tid: number, text: string): void =>
    put({ ph: 'M', name: kind, pid, tid, args: { name: text } });
  const micros = (ps: number): number => ps / 1e6;

  write('{"displayTimeUnit":"ns","traceEvents":[\n');
  name('process_name', machineProcess, 0, `${machine.program} on ${machine.hwModel}`);
  name('thread_name', machineProcess, stepsTrack, 'steps');
  /** By core: the track of each unit. */
  const unitTracks = machine.cores.map(({ number, units }, core) => {
    const pid = process(core);
    name('process_name', pid, 0, machine.isMany ? `core ${number}` : 'core');
    name('thread_name', pid, kernelsTrack, 'kernels');
    if (groups.has('fifo') && !machine.isMany) name('thread_name', pid, fifoTrack, 'FIFO');
    if (groups.has('fifo') && machine.isMany) name('thread_name', pid, packetsTrack, 'packets');
    if (groups.has('spikes')) name('thread_name', pid, spikesTrack, 'spikes');
    const names = [...new Set(units.flatMap((unit) => Object.keys(unit)))];
    if (groups.has('units'))
      for (const [index, unit] of names.entries()) name('thread_name', pid, firstUnitTrack + index, unit);
    return new Map(names.map((unit, index) => [unit, firstUnitTrack + index]));
  });

  let level = 0;
  let flows = 0;
  let sample:
    | { readonly ps: number; readonly sample: number; readonly label: number; readonly learn: boolean }
    | undefined;
  let step: { readonly ps: number; readonly step: number } | undefined;
  const levelChanged = (ps: number, pid: number): void => {
    if (groups.has('fifo')) put({ ph: 'C', name: 'FIFO', pid, ts: micros(ps), args: { events: level } });
  };
  const slice = (pid: number, tid: number, title: string, from: number, to: number, args: object): void =>
    put({ ph: 'X', name: title, pid, tid, ts: micros(from), dur: micros(to - from), args });
  const endStep = (ps: number): void => {
    if (step !== undefined)
      slice(machineProcess, stepsTrack, `step ${step.step}`, step.ps, ps, { step: step.step });
    step = undefined;
  };
  const endSample = (ps: number): void => {
    endStep(ps);
    if (sample === undefined) return;
    const { label, learn } = sample;
    slice(machineProcess, stepsTrack, `sample ${sample.sample}`, sample.ps, ps, { label, learn });
    sample = undefined;
  };

  return (event: TimelineEvent): void => {
    const { ps } = event;
    switch (event.is) {
      case 'sample':
        endSample(ps);
        sample = event;
        level = event.waiting;
        return;
      case 'step':
        endStep(ps);
        step = event;
        return;
      case 'ended': {
        const { core, work, neuron, beganPs, ownPs, count } = event;
        const { work: names = [], banks = [], units = [] } = machine.cores[core] ?? {};
        const pid = process(core);
        const byBank = (words: readonly number[]) =>
          Object.fromEntries(words.flatMap((each, bank) => (each === 0 ? [] : [[banks[bank] ?? '', each]])));
        const { reads, writes, ...own } = count;
        if (groups.has('kernels'))
          slice(pid, kernelsTrack, names[work] ?? '', beganPs, ps, {
            ...(neuron >= 0 && { neuron }),
            ownNs: ownPs / 1000,
            ...own,
            reads: byBank(reads),
            writes: byBank(writes),
            energyPj: energyOf(core, event),
          });
        if (!groups.has('units')) return;
        for (const [unit, share] of Object.entries(units[work] ?? {})) {
          const tid = unitTracks[core]?.get(unit);
          if (tid === undefined || share === 0 || count.tiles === 0) continue;
          slice(pid, tid, names[work] ?? '', beganPs, ps, { busy: share });
        }
        return;
      }
      case 'pushed':
        level += 1;
        levelChanged(ps, process(event.core));
        return;
      case 'popped': {
        level -= 1;
        const title = `${machine.populations[event.population]} ${event.neuron}`;
        if (groups.has('fifo')) slice(process(event.core), fifoTrack, title, event.beganPs, ps, {});
        levelChanged(ps, process(event.core));
        return;
      }
      case 'dropped':
      case 'spike': {
        const isShown = groups.has(event.is === 'spike' ? 'spikes' : 'fifo');
        if (!isShown) return;
        const [pid, tid] = [process(event.core), event.is === 'spike' ? spikesTrack : fifoTrack];
        const title = `${machine.populations[event.population]} ${event.neuron}`;
        put({
          ph: 'i',
          s: 't',
          name: event.is === 'spike' ? title : `dropped ${title}`,
          pid,
          tid,
          ts: micros(ps),
        });
        return;
      }
      case 'values': {
        const of = items[event.place];
        if (of === undefined) return;
        const args = Object.fromEntries([...event.values].map((value, item) => [of.first + item, value]));
        put({ ph: 'C', name: of.name, pid: machineProcess, ts: micros(ps), args });
        return;
      }
      case 'energy':
        put({ ph: 'C', name: 'energy, pJ', pid: machineProcess, ts: micros(ps), args: event.byUnit });
        return;
      case 'packets': {
        if (!groups.has('fifo')) return;
        const id = flows++;
        const args = { packets: event.packets };
        const [from, to] = [event.from, event.to].map((core) => machine.cores[core]?.number);
        slice(process(event.from), packetsTrack, `to core ${to}`, ps, event.arrivedPs, args);
        slice(process(event.to), packetsTrack, `from core ${from}`, event.arrivedPs, event.arrivedPs, args);
        const flow = { cat: 'packets', name: 'packets', id, tid: packetsTrack };
        put({ ...flow, ph: 's', pid: process(event.from), ts: micros(ps) });
        put({ ...flow, ph: 'f', bp: 'e', pid: process(event.to), ts: micros(event.arrivedPs) });
        return;
      }
      case 'barrier':
        put({
          ph: 'i',
          s: 'g',
          name: `barrier, set by ${event.setBy}`,
          pid: machineProcess,
          tid: stepsTrack,
          ts: micros(ps),
        });
        return;
      case 'end':
        endSample(ps);
        write('\n]}\n');
        return;
      case 'began':
      case 'accessed':
        return;
    }
  };
}
