import { pathToFileURL } from 'node:url';
import { ModuleCores, RandomContents, truenorthOptions } from '../../src/chips/kit.ts';
import { deploy } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { Mesh } from '../../src/hardware/index.ts';
import { coreImageOf } from '../../src/image/index.ts';
import type { ChipWork, Crew } from '../../src/machine/index.ts';
import { startCrew } from '../../src/machine/node.ts';
import { median } from './format.ts';

const ticksAtOnce = 20;

/**
 * Ticks per second of the whole TrueNorth chip as experiment `truenorth-chip` runs it, with all counts, on one thread
 * and on two. They take turns, so that other load on the machine affects both alike. In words: medians, the median of
 * the ratios of neighbouring rounds, and the processor time of a tick on one thread, which others may share.
 */
export async function truenorthSpeed(rounds: number): Promise<string> {
  const byName = { name: 'truenorth', from: '' };
  const { image, hw } = deploy({ program: byName, hw: byName, precision: 'own', seed: 1 }, findFile);
  if (hw.chip === undefined) throw new Error('no chip');
  const mesh = new Mesh(hw.chip.mesh);
  const contents = new RandomContents(mesh, truenorthOptions.parse({}), 1);
  const load = (crew?: Crew<ChipWork>): ModuleCores => {
    const cores = new ModuleCores(coreImageOf(image), mesh, contents, crew);
    cores.begin(0);
    cores.run(50);
    return cores;
  };
  const crew = await startCrew(2);
  try {
    const one = load();
    const megabytes = process.memoryUsage().rss / 2 ** 20;
    const two = load(crew);
    const times = Array.from({ length: rounds }, () => {
      const cpu = process.cpuUsage();
      const oneMs = timed(one);
      const { user, system } = process.cpuUsage(cpu);
      return { oneMs, twoMs: timed(two), cpuMs: (user + system) / 1000 / ticksAtOnce };
    });
    const perSecond = (of: (time: (typeof times)[number]) => number): string =>
      (1000 / median(times.map(of))).toFixed(0);
    const ratio = median(times.map(({ oneMs, twoMs }) => oneMs / twoMs)).toFixed(2);
    return `TrueNorth, truenorth-chip, medians of ${rounds} rounds of ${ticksAtOnce} ticks:
${perSecond(({ oneMs }) => oneMs)} ticks a second on one thread, ${perSecond(({ cpuMs }) => cpuMs)} for each second of the processor
${perSecond(({ twoMs }) => twoMs)} ticks a second on two threads; ratio ${ratio}
${megabytes.toFixed(0)} MB of the process with the chip on one thread`;
  } finally {
    await crew.close();
  }
}

/** Milliseconds of a tick. */
function timed(cores: ModuleCores): number {
  const start = performance.now();
  cores.run(ticksAtOnce);
  return (performance.now() - start) / ticksAtOnce;
}

/** npx tsx test/bench/truenorth.ts [ROUNDS] */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(await truenorthSpeed(Number(process.argv[2] ?? 30)));
}
