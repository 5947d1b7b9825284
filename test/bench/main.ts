import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { compareWithNative } from './compare.ts';
import { networkSpeed, threadSpeed } from './many-cores.ts';
import { rancSpeed } from './ranc.ts';
import { runSuites } from './suites.ts';
import { truenorthSpeed } from './truenorth.ts';

/*
 * npm run bench [-- --suites | --compare]
 *
 * Benchmarks of the engines and of chips of many cores, and of the fast engine beside the same kernels in C.
 */
const { values } = parseArgs({ options: { suites: { type: 'boolean' }, compare: { type: 'boolean' } } });
const isAll = !values.suites && !values.compare;
const load = loadavg()[0]?.toFixed(1);
console.log(
  `${cpus()[0]?.model}, ${cpus().length} CPUs, load ${load}, Node ${process.versions.node}; medians\n`,
);
if (values.suites || isAll) {
  console.log(`${await runSuites()}\n`);
  console.log(`${rancSpeed(60)}\n`);
  console.log(`${await truenorthSpeed(30)}\n`);
  console.log(`${networkSpeed(9)}\n`);
  console.log(`${await threadSpeed(9)}\n`);
}
if (values.compare || isAll) console.log(compareWithNative());
