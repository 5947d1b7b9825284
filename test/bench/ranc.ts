import { pathToFileURL } from 'node:url';
import { PacketList } from '../../src/chips/kit.ts';
import { rancCores } from '../chips/ranc/model.ts';
import { rancController } from '../chips/ranc/record.ts';
import type { RancTrace } from '../chips/ranc/trace-parts.ts';
import { goldenText } from '../support/golden.ts';

/**
 * RANC cycles per second of the fast engine, over all cores, with counters on: ticks and packets of the golden trace
 * ranc-tea (31 cores of 128 axons and neurons), repeated without resetting the potentials. In words: the median,
 * and what nine tenths of the runs reach or do not exceed. Times are processor time, which others may share, and
 * wall-clock time.
 */
export function rancSpeed(repetitions: number): string {
  const { config, cores, stimulus } = JSON.parse(goldenText('ranc-tea')) as RancTrace;
  const chip = rancController({ config, cores }, rancCores('fast', config));

  function measure(): { perCpu: number; perClock: number } {
    const from = chip.cycle;
    const packets = stimulus.packets.map(([cycle, dx, dy, axon, offset]) => ({
      cycle: from + cycle,
      dx,
      dy,
      axon,
      offset,
    }));
    const ticks = stimulus.ticks.map((cycle) => from + cycle);
    const cpu = process.cpuUsage();
    const clock = performance.now();
    chip.run({ ticks, input: new PacketList(packets) }, from + stimulus.end);
    const elapsedMs = performance.now() - clock;
    const { user, system } = process.cpuUsage(cpu);
    const cycles = stimulus.end * chip.cores.length;
    return { perCpu: cycles / (user + system), perClock: cycles / elapsedMs / 1000 };
  }

  // The first runs are slower: their code is compiled while they run.
  for (let warmUp = 0; warmUp < 10; warmUp++) measure();
  const speeds = Array.from({ length: repetitions }, measure);
  const line = (values: readonly number[]): string => {
    const sorted = values.toSorted((a, b) => a - b);
    const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0);
    return `${at(0.5)} million core cycles (${at(0.1)} to ${at(0.9)})`;
  };
  return `RANC, ranc-tea, medians of ${repetitions} runs of ${stimulus.ticks.length} ticks:
${line(speeds.map(({ perCpu }) => perCpu))} for each second of the processor
${line(speeds.map(({ perClock }) => perClock))} for each second of the clock`;
}

/** npx tsx test/bench/ranc.ts [REPETITIONS] */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(rancSpeed(Number(process.argv[2] ?? 60)));
}
