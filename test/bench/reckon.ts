import { cpus, loadavg } from 'node:os';
import { chipAfter, recorded } from '../chips/replayed.ts';

/*
 * npx tsx test/bench/reckon.ts [REPETITIONS]
 *
 * ReckOn cycles per second of the fast engine: the samples of the golden trace reckon-eprop100 (40-100-2, all weights
 * learn), repeated without resetting the weights. Times are processor time, which others may share, and wall-clock
 * time.
 */
const repetitions = Number(process.argv[2] ?? 40);
const trace = recorded('reckon-eprop100');
const chip = chipAfter(trace, 'fast', []);
const [start, input, tick] = ['start', 'input', 'tick'].map((name) => chip.input(name));

function measure(): { perCpu: number; perClock: number } {
  const before = chip.cycle;
  const cpu = process.cpuUsage();
  const clock = performance.now();
  for (const [name, ...numbers] of trace.inputs) {
    const send = name === 'start' ? start : name === 'input' ? input : tick;
    send?.(...numbers);
  }
  const cycles = chip.cycle - before;
  const { user, system } = process.cpuUsage(cpu);
  return { perCpu: cycles / (user + system), perClock: cycles / (performance.now() - clock) / 1000 };
}

const speeds = Array.from({ length: repetitions }, measure);
const median = (values: number[]): string =>
  (values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0).toFixed(1);
console.log(
  `${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}, Node ${process.versions.node}; medians of ${repetitions} runs of 5 samples
${median(speeds.map(({ perCpu }) => perCpu))} million cycles for each second of the processor
${median(speeds.map(({ perClock }) => perClock))} million cycles for each second of the clock`,
);
