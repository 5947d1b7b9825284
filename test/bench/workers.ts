import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './format.ts';

/*
 * tsx test/bench/workers.ts [--rounds N]
 *
 * Speed-up of two workers over one on two seeds, with the installed command: run `npm run build` first. One and two
 * workers take turns, so that other load on the machine affects both alike.
 */

const aim = 1.8;
const sweep = ['sweep', 'mnist-snn', '--precision', 'mp16-8', '--seeds', '1,2', '--quiet'];

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const rounds = Number(values.rounds);
const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
if (!existsSync(command)) throw new Error(`${command} is missing: npm run build`);

function timeSweep(workers: number): number {
  const started = performance.now();
  const args = [command, ...sweep, '--workers', String(workers)];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return (performance.now() - started) / 1000;
}

const times = Array.from({ length: rounds }, () => ({ one: timeSweep(1), two: timeSweep(2) }));
const one = median(times.map((round) => round.one));
const two = median(times.map((round) => round.two));
const load = loadavg()[0]?.toFixed(1);
console.log(
  `two seeds: ${one.toFixed(2)} s on one worker, ${two.toFixed(2)} s on two; medians of ${rounds}, ${availableParallelism()} CPUs, load ${load}; ratio ${(one / two).toFixed(2)}, aim: at least ${aim}: ${one / two >= aim ? 'reached' : 'missed'}`,
);
