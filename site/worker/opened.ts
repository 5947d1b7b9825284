import type { Dataset } from '../../src/data/index.ts';
import { passesOf } from '../../src/experiment/index.ts';
import { canLearn } from '../../src/image/index.ts';
import type { Program } from '../../src/program/index.ts';
import { chipReport, coreReport, memoryOf, networkReport } from '../../src/report/index.ts';
import { roundingRules } from '../shared/design.ts';
import type { KernelView, Knobs, OpenDesign } from '../shared/protocol.ts';
import type { CompiledDesign } from './compile.ts';
import type { RunningDesign } from './running.ts';

/** The part of a design that the page shows before it runs. */
export function openedView(
  compiled: CompiledDesign,
  data: Dataset,
  { viewer, probed }: RunningDesign,
): OpenDesign {
  const { design, experiment, program, cell, compiledMs } = compiled;
  const { image } = cell;
  const { spec } = experiment;
  const [programSource, ...rules] = program.sources;
  const chip = chipReport(image);
  const side = Math.sqrt(data.test.inputs);
  return {
    design,
    program: image.program,
    programFile: programSource?.file ?? '',
    hwModel: image.core.hwModel,
    hwFile: hwFileOf(compiled),
    experimentFile: experiment.source.file,
    description: spec.description.trim(),
    programs: spec.sweep.program?.map(String) ?? [],
    precision: image.core.precision,
    precisions: spec.precisions,
    seed: image.seed,
    seeds: spec.seeds,
    epochs: passesOf(cell),
    trainSamples: data.train.count,
    testSamples: data.test.count,
    classes: data.test.classes,
    answers: answersOf(compiled, data),
    data: data.name,
    pictureSide: data.test.kind === 'features' && side > 0 && Number.isInteger(side) ? side : undefined,
    steps: image.steps,
    input: image.populations[image.input]?.name ?? '',
    readout: image.fields[image.readout]?.name ?? '',
    populations: image.populations.map(({ name, size }) => ({
      name,
      size,
      fields: image.fields
        .filter((field) => field.name.split('.')[0] === name && field.count === size)
        .map((field) => field.name.split('.')[1] ?? ''),
    })),
    projections: image.projections
      .filter(({ partOf, index }) => partOf === undefined && index === undefined)
      .map(({ name, source, target }) => ({
        name,
        from: image.populations[source]?.name ?? '',
        to: image.populations[target]?.name ?? '',
      })),
    kernels: image.work.map((name, index): KernelView => {
      const cost = image.costs.work[index];
      const kernel = image.kernels[index];
      return {
        name,
        source: kernel === undefined ? undefined : placeOfKernel(kernel.name, rules),
        boundBy: cost?.boundBy ?? '',
        utilisation: cost?.utilisation ?? {},
        intervalCycles: cost?.intervalCycles ?? 0,
        counts: kernel?.counts ?? null,
      };
    }),
    banks: image.banks.map(({ name, usedWords, wordBits, capacityBits }) => ({
      name,
      wordBits,
      usedBits: usedWords * wordBits,
      capacityBits,
    })),
    memory: memoryOf(image),
    core: coreReport(image),
    network: networkReport(image),
    mesh: chip && {
      columns: chip.columns,
      rows: chip.rows,
      coresPerTile: chip.coresPerTile,
      numbering: chip.numbering,
      cores: chip.cores,
    },
    canWatch: viewer !== undefined,
    learns: canLearn(image),
    probed,
    sources: program.sources.map(({ file }) => file),
    knobs: knobsOf(compiled),
    ownKnobs: knobsOf(compiled.own),
    goesOn: false,
    compiledMs,
  };
}

/** The host of a chip reads its answers in its own way; others have one for each item of the readout. */
function answersOf({ cell: { image, chip } }: CompiledDesign, { test }: Dataset): number {
  const readout = chip === undefined ? image.fields[image.readout] : undefined;
  return Math.max(test.classes, readout?.count ?? 0);
}

/** The file of the core model that an experiment or a person has chosen. */
function hwFileOf({ design, experiment }: CompiledDesign): string {
  const name = design.hw ?? experiment.spec.hw;
  return /^[\w-]+$/.test(name) ? `hw-models/${name}.yaml` : name;
}

/** The lines of a kernel in the rules that define it. */
function placeOfKernel(name: string, rules: Program['sources']): KernelView['source'] {
  for (const { text, file } of rules) {
    const lines = text.split('\n');
    const first = lines.findIndex((line) => new RegExp(`^\\s*kernel\\s+${name}\\s`).test(line));
    if (first < 0) continue;
    const end = lines.findIndex((line, index) => index > first && /^\s*end\b/.test(line));
    return { file, firstLine: first + 1, lastLine: (end < 0 ? lines.length - 1 : end) + 1 };
  }
  return undefined;
}

function knobsOf({ program, hw }: Pick<CompiledDesign, 'program' | 'hw'>): Knobs {
  const readout = program.spec.readout?.split('.')[0];
  const { input } = program.spec;
  const update = String(program.spec.microcode.update ?? '').replace(/^.*?(rules\/)/, '$1');
  const rounding = Object.entries(roundingRules).find(([, file]) => file === update)?.[0];
  return {
    lanes: hw.lanes,
    wordBits: Object.fromEntries(hw.banks.map(({ name, wordBits }) => [name, wordBits])),
    hidden: Object.entries(program.spec.populations)
      .filter(([name, { size }]) => typeof size === 'number' && name !== readout && name !== input)
      .map(([population, { size }]) => ({ population, size: Number(size) })),
    rounding: rounding as Knobs['rounding'],
  };
}
