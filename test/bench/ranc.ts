import { cpus, loadavg } from 'node:os';
import { PacketList, type RancTrace, rancController } from '../../src/chips/index.ts';
import { rancCores } from '../chips/ranc/model.ts';
import { goldenText } from '../support/golden.ts';

/*
 * npx tsx test/bench/ranc.ts [REPETITIONS]
 *
 * RANC cycles per second of the fast engine, over all cores: ticks and packets of the golden trace ranc-tea (31 cores of
 * 128 axons and neurons), repeated without resetting the potentials, counters on. Times are processor time, which others
 * may share, and wall-clock time.
 */
const repetitions = Number(process.argv[2] ?? 60);
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
const quantile = (values: number[], share: number): string =>
  (values.sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0).toFixed(0);
const line = (values: number[]): string =>
  `${quantile(values, 0.5)} million core cycles (${quantile(values, 0.1)} to ${quantile(values, 0.9)})`;
console.log(
  `${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}, Node ${process.versions.node}; medians of ${repetitions} runs of ${stimulus.ticks.length} ticks
${line(speeds.map(({ perCpu }) => perCpu))} for each second of the processor
${line(speeds.map(({ perClock }) => perClock))} for each second of the clock`,
);
