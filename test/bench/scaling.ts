import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FastCore } from '../../src/engine/index.ts';
import { linearBytes } from '../support/linear-memory.ts';
import { compileProgram, randomSamples, stateWith } from './deployment.ts';
import { leastSquares } from './fit.ts';
import { median } from './format.ts';
import { plotSvg } from './plot.ts';
import { textTable } from './text-table.ts';
import { amountOf, timeSamples, type Workload } from './workload.ts';

/*
 * tsx test/bench/scaling.ts [--svg FILE]
 *
 * Time per sample against synaptic operations, and the memory of a run against the image: inference of mnist-snn with
 * more and fewer hidden neurons and active inputs.
 */

const hiddenSizes = [64, 256, 1024, 4096];
const activePercents = [1, 2, 5, 10, 20, 50];
const inputs = 784;

interface Measured {
  readonly hidden: number;
  readonly percent: number;
  readonly sops: number;
  readonly microseconds: number;
}

/** mnist-snn with so many hidden neurons, on a core with room for them. */
function sized(hidden: number) {
  const banks = ['weight', 'shadow', 'state'].map((bank) => `hw.banks.${bank}.capacityBits=${2 ** 26}`);
  return compileProgram('mnist-snn', [`program.populations.hidden.size=${hidden}`, ...banks]);
}

const measured: Measured[] = [];
const memory: string[][] = [];
for (const hidden of hiddenSizes) {
  const image = sized(hidden);
  const imageBytes = image.contents.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const runBytes = linearBytes(() => new FastCore(image));
  const engine = new FastCore(image);
  memory.push([`${hidden}`, kib(imageBytes), kib(runBytes), kib(runBytes - imageBytes)]);
  for (const percent of activePercents) {
    const samples = randomSamples(image, 20, Math.round((inputs * percent) / 100));
    const state = stateWith(image);
    const workload: Workload = {
      name: `${hidden} hidden, ${percent} %`,
      image,
      samples,
      learn: false,
      state,
      unit: 'SOP',
      task: '',
      fields: [],
    };
    const sops = amountOf(engine, workload) / samples.length;
    timeSamples(engine, workload);
    const times = Array.from({ length: 15 }, () => timeSamples(engine, workload));
    measured.push({ hidden, percent, sops, microseconds: median(times) / samples.length / 1000 });
  }
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}

// By relative distance: the times span three orders of magnitude, and the longest alone would decide.
const line = leastSquares(
  measured.map(({ sops, microseconds }) => ({ x: sops, y: microseconds })),
  ({ y }) => 1 / y ** 2,
);
console.log(
  textTable(
    ['hidden', 'active inputs', 'SOP/sample', 'us/sample', 'G SOP/s', 'line'],
    measured.map(({ hidden, percent, sops, microseconds }) => [
      `${hidden}`,
      `${percent} %`,
      sops.toFixed(0),
      microseconds.toFixed(2),
      (sops / microseconds / 1000).toFixed(2),
      (line.intercept + line.slope * sops).toFixed(2),
    ]),
    'rrrrrr',
  ),
);
console.log(
  `\nleast squares of relative distances: ${line.intercept.toFixed(2)} us + ${(1000 * line.slope).toFixed(4)} ns/SOP, R^2 ${line.rSquared.toFixed(4)}\n`,
);
console.log(textTable(['hidden', 'image', 'memory of a run', 'difference'], memory, 'rrrr'));

const { svg } = parseArgs({ options: { svg: { type: 'string' } } }).values;
if (svg !== undefined) {
  const series = hiddenSizes.map((hidden) => ({
    name: `${hidden} hidden`,
    points: measured
      .filter((each) => each.hidden === hidden)
      .map(({ sops, microseconds }) => ({ x: sops, y: microseconds })),
  }));
  writeFileSync(svg, plotSvg(series, line, 'synaptic operations in a sample', 'microseconds a sample'));
}
