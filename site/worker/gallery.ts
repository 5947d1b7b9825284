import { chips } from '../../src/chips/index.ts';
import { type Experiment, loadCell, loadExperiment, Models } from '../../src/experiment/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
import type { Program } from '../../src/program/index.ts';
import type { Find } from '../../src/text/index.ts';
import type { GalleryCard, GalleryGroup, NetworkSketch } from '../shared/gallery.ts';
import { missingData } from './data.ts';

/** Experiments as they are shown before one is chosen. Nothing is compiled for them, and each file is read once. */
export class Gallery {
  readonly #find: Find;
  readonly #models: Models;

  /** @param find knows the bundled files */
  constructor(find: Find) {
    this.#find = find;
    this.#models = new Models(find);
  }

  /** @throws PlasticoreError with the faults that were found */
  card(name: string): GalleryCard {
    const experiment = loadExperiment(this.#find('experiment', name, ''));
    const { program, hw } = loadCell(experiment, {}, this.#find, this.#models);
    return {
      name,
      line: firstSentence(experiment.spec.description),
      group: groupOf(experiment, program, hw),
      sketch: sketchOf(program, hw),
      needs: missingData(experiment.spec)?.what,
    };
  }
}

function groupOf({ spec, hosted }: Experiment, { arrays }: Program, hw: HwModel): GalleryGroup {
  if (spec.life !== undefined) return 'lifetime';
  if (hosted !== undefined || chips.some(({ name }) => name === hw.name)) return 'chips';
  if (arrays.size > 0) return 'imported';
  if (hw.chip !== undefined) return 'cores';
  const { task, encoder } = spec;
  if (task !== undefined || (typeof encoder === 'object' && !('bins' in encoder))) return 'series';
  return typeof encoder === 'string' ? 'digits' : 'speech';
}

/** Layers in the order in which spikes reach them. */
function sketchOf({ spec }: Program, { chip }: HwModel): NetworkSketch {
  const { populations, projections, input } = spec;
  const names = Object.keys(populations);
  const all = Object.values(projections).map(({ from, to }) => [from, to] as const);
  const reached = [input ?? names[0] ?? ''];
  for (const name of reached)
    for (const [from, to] of all) if (from === name && !reached.includes(to)) reached.push(to);
  const ordered = [...reached, ...names.filter((name) => !reached.includes(name))];
  return {
    layers: ordered.map((name) => sizeOf(populations[name])),
    links: all.map(([from, to]) => [ordered.indexOf(from), ordered.indexOf(to)] as const),
    mesh: chip && { columns: chip.mesh.columns, rows: chip.mesh.rows },
  };
}

function sizeOf(population: Program['spec']['populations'][string] | undefined): number {
  return population?.size ?? population?.shape?.reduce((product, side) => product * side, 1) ?? 1;
}

function firstSentence(text: string): string {
  const whole = text.replace(/\s+/g, ' ').trim();
  return /^.*?\.(?= |$)/.exec(whole)?.[0] ?? whole;
}
