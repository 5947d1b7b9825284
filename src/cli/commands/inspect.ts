import { sampleSteps } from '../../engine/index.ts';
import { describeOtherShapes, otherShapeKind } from '../../hardware/index.ts';
import { type BoundKernel, type Image, kernelText, layoutOf } from '../../image/index.ts';
import { describePlans, executionsOf, moduleTexts } from '../../machine/index.ts';
import { microcodeUnitOf, microcodeWords } from '../../microcode/index.ts';
import { frameworks } from '../../nir/index.ts';
import { grouped, hasEnergies, memoryOf, percent, unknown } from '../../report/index.ts';
import type { Style } from '../../report/node.ts';
import { table } from '../../report/node.ts';
import { describeCore, descriptionWords, planCore } from '../../rtl/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { kindOf } from '../file-kind.ts';
import {
  argument,
  choiceOption,
  flagOption,
  hwOption,
  inferenceOption,
  jsonOption,
  listOption,
  placementOption,
  refuseOptions,
  seedOption,
  setOption,
  textsOption,
  weightsOption,
  wholeOption,
} from '../options.ts';
import { subjectOf, writtenCore } from '../subject.ts';
import { floorJson, floorPlan } from './inspect-floor.ts';
import { inspectNir, isNirFile } from './inspect-nir.ts';

/** What is printed in place of the tables of an image: a line asks for one of them. */
const views = ['plan', 'rtl', 'microcode', 'wat', 'memory'] as const;

export const inspect = defineCommand({
  positionals: ['file'],
  options: {
    file: argument(
      'The path of a .pcore, a .nir or a .net file or of the --out folder of a run, or a bundled experiment or program by name, or the path of its file; with --memory also sizes of layers, such as 784-400-100-10',
      ['experiment', 'program'],
    ),
    hw: { ...hwOption, describe: 'The core to compile for; by default the experiment’s, or reference' },
    precision: listOption(
      'The precision to compile at; by default the experiment’s, or mp16-8. With --memory one or several, joined by commas; by default all that the core offers, and its baseline',
    ),
    seed: seedOption,
    set: setOption,
    weights: weightsOption,
    inference: inferenceOption,
    placement: placementOption,
    json: jsonOption,
    plan: flagOption(
      'Print how the fast engine carries out each kernel: lanes and why, loops, when each line runs',
    ),
    rtl: flagOption(
      'Print how the core is built as Verilog: banks, lists, and the pipeline of each kernel; with --json as JSON',
    ),
    microcode: flagOption(
      'Print the words of microcode of each kernel, scheduled: what each does, and in which cycle of a tile',
    ),
    core: wholeOption('With --rtl or --microcode, on a chip of many cores: the number of the core', 0),
    wat: flagOption('Print the module that the fast engine generates, as WebAssembly text'),
    memory: flagOption(
      'Print the bits of each field at each precision, and at which of them the network does not fit its core or that of --hw; without either, widths are those of reference',
    ),
    recurrent: flagOption('With --memory, of sizes: neurons of a hidden layer hear each other'),
    conv: textsOption(
      'With --memory, of sizes: CHANNELSxWINDOW/STRIDE, a convolution before the other layers; may be repeated, in order',
    ),
    from: choiceOption(frameworks, 'With --memory, of a .nir file: the framework that wrote it'),
    basis: choiceOption(
      ['gomez-tang'],
      'With --memory, of three sizes: counts a batch as the table of Gomez and Tang does, in bytes, beside other ways',
    ),
    batch: wholeOption('With --basis: samples of a batch; by default 128', 1, 2 ** 20),
    steps: wholeOption('With --basis: time steps of a sample; by default 20', 1, 2 ** 16),
  },
  examples: [
    ['inspect digits.pcore', 'an image, in tables'],
    ['inspect mnist-snn', 'the default cell of an experiment, compiled'],
    ['inspect ./net.yaml --hw ./chip.yaml --precision mp8-4', 'a program, compiled'],
    ['inspect mnist-snn --hw mesh', 'where its neurons are on a chip of many cores'],
    ['inspect net.nir', 'a graph of NIR, as frameworks write it'],
    ['inspect mnist-snn --plan', 'the plan of each kernel, in words'],
    ['inspect mnist-snn --rtl', 'the core that plasticore rtl writes, in words'],
    ['inspect mnist-snn --microcode', 'the kernels as words of microcode, scheduled'],
    ['inspect mnist-snn --memory', 'its memory at all precisions of its core'],
    ['inspect 784-400-100-10 --memory --precision mp16-8,fp32', 'of a network by its layers, at two of them'],
    ['inspect 28x28x1-10 --memory --conv 16x5/2 --hw reference', 'and where it does not fit'],
    ['inspect net.nir --memory --from snntorch', 'of a network from another framework'],
    [
      'inspect 150-256-20 --memory --recurrent --basis gomez-tang --steps 10',
      'a published table of memory, to the byte',
    ],
  ],
  async run(options, terminal) {
    const { file, json, core: number, precision: precisions, ...line } = options;
    const view = viewOf(options);
    const { hw: core, seed, set, weights, inference, placement } = line;
    if (view === 'memory') {
      refuseOptions({ seed, weights, placement, core: number }, 'does not go with --memory');
      const { printMemory } = await import('./inspect-memory.ts');
      await printMemory(options, terminal);
      return;
    }
    const { recurrent, conv, from, basis, batch, steps } = line;
    refuseOptions({ recurrent, conv, from, basis, batch, steps }, 'goes with --memory');
    const [precision, another] = precisions ?? [];
    if (another !== undefined) refuseOptions({ precision }, 'takes several of them with --memory alone');
    const compiling = { hw: core, precision, seed, set, weights, inference, placement };
    if (isNirFile(file)) {
      const isViewed = view !== undefined && { [view]: true };
      refuseOptions({ ...compiling, ...isViewed }, 'does not go with a graph of NIR, which is not compiled');
      terminal.print(await inspectNir(file, json === true, terminal.style));
      return;
    }
    if (view !== 'rtl' && view !== 'microcode' && kindOf(file) === 'image')
      refuseOptions(
        { hw: core },
        'says where the hw-model of an image is: --rtl and --microcode read it',
        file,
      );
    const { image, hw } = await subjectOf(file, compiling, terminal);
    if (view === 'rtl') {
      const own = writtenCore(image, number);
      const described = describeCore(planCore(own.image, hw(), own.number));
      terminal.print(json ? JSON.stringify(described, null, 2) : descriptionWords(described));
    } else if (view === 'microcode')
      terminal.print(microcodeWords(writtenCore(image, number).image, microcodeUnitOf(hw())));
    else if (view === 'plan') terminal.print(describePlans(image).trimEnd());
    else if (view === 'wat') terminal.print(moduleTexts(image).trimEnd());
    else terminal.print(json ? JSON.stringify(inspection(image), null, 2) : tables(image, terminal.style));
  },
});

/** @throws PlasticoreError `usage` if a line asks for several */
function viewOf(options: Readonly<Partial<Record<(typeof views)[number] | 'json', boolean | undefined>>>) {
  const [view, another] = views.filter((name) => options[name]);
  const isJson = options.json === true && (view === 'plan' || view === 'microcode' || view === 'wat');
  if (another === undefined && !isJson) return view;
  throw new PlasticoreError(
    'usage',
    '--json, --plan, --rtl, --microcode, --wat and --memory print different things',
    { hint: 'choose one of them; only --rtl and --memory go with --json' },
  );
}

function tables(image: Image, style: Style): string {
  return [
    headOf(image, style),
    ...(image.chip === undefined ? [bankTable(image, style)] : floorPlan(image, image.chip, style)),
    fieldTable(image, style),
    ...(image.parameters.length === 0 ? [] : [scheduleTable(image, style)]),
    costTable(image, style),
    executionTable(image, style),
    ...image.kernels.map((kernel, index) => disassembly(image, kernel, index, style)),
  ].join('\n\n');
}

function headOf(image: Image, style: Style): string {
  const { core, provenance } = image;
  const rows = [
    ['program', image.program],
    [
      'hw-model',
      `${core.hwModel}, ${core.lanes} lanes, ${core.arithmetic}, datapath of ${core.datapathBits} bits`,
    ],
    ['precision', core.precision],
    ['seed', String(image.seed)],
    ['steps', stepsText(image)],
    ['populations', image.populations.map(({ name, size }) => `${name} ${size}`).join(', ')],
    ['router', `FIFO of ${core.fifoDepth} events, full: ${core.whenFull}`],
    ['compiled by', `plasticore ${provenance.compiler}`],
    ...provenance.sources.map(({ file, sha256 }) => [file, `SHA-256 ${sha256}`]),
    ...(provenance.learnt === undefined ? [] : [['learnt from', `${provenance.learnt.samples} samples`]]),
    ...provenance.arrays.map(({ field, file, array, sha256, scale }) => [
      field,
      `${file ?? 'an array'}${array === undefined ? '' : `: ${array}`} x ${scale}, SHA-256 ${sha256}`,
    ]),
  ];
  return table(['image', ''], rows, 'l', style);
}

/** How many steps a sample may have, and how many follow it. */
function stepsText(image: Image): string {
  const { settle = 0 } = image;
  return settle === 0 ? String(image.steps) : `${sampleSteps(image)}, and ${settle} to settle`;
}

function bankTable({ banks }: Image, style: Style): string {
  const rows = banks.map(({ name, wordBits, usedWords, capacityBits }) => [
    name,
    String(wordBits),
    grouped(usedWords),
    grouped(Math.floor(capacityBits / wordBits)),
    percent((usedWords * wordBits) / capacityBits),
  ]);
  return table(['banks', 'bits a word', 'words used', 'of', ''], rows, 'lr', style);
}

function fieldTable(image: Image, style: Style): string {
  const rows = image.fields.map((field) => {
    const common = [
      field.name,
      field.storage === 'float32' ? 'float32' : `${field.signed ? 'int' : 'uint'}${field.bits}`,
    ];
    if (field.layout === undefined) {
      const shadow = image.fields[field.view?.of ?? -1]?.name ?? '';
      return [...common, '-', '', '', '', '', `sliced from ${shadow}`];
    }
    const { bank, firstWord, rows: count, wordsPerRow, itemsPerWord } = layoutOf(image, field);
    return [
      ...common,
      image.banks[bank]?.name ?? '',
      grouped(firstWord),
      grouped(firstWord + count * wordsPerRow - 1),
      `${grouped(count)} x ${wordsPerRow}`,
      String(itemsPerWord),
      `${field.overflow}, needed for ${field.neededFor}`,
    ];
  });
  return table(
    ['fields', 'type', 'bank', 'first word', 'last', 'rows x words', 'items a word', ''],
    rows,
    'lllrrrrl',
    style,
  );
}

function scheduleTable({ epochs, parameters }: Image, style: Style): string {
  return table(
    ['schedule', ...epochs.map((epoch) => `from epoch ${epoch}`)],
    parameters.map(({ name, values }) => [name, ...values.map(String)]),
    'lr',
    style,
  );
}

function costTable({ work, costs }: Image, style: Style): string {
  const isKnown = hasEnergies(costs);
  const rows = costs.work.map((cost, index) => {
    const { energyPjPerItem = 0, energyPjPerTile = 0 } = cost.stated ?? {};
    const statedPj = energyPjPerItem + energyPjPerTile / costs.lanes;
    const ofTile = (cost.perTile ?? []).map((one) => ({ ...one, count: one.count / costs.lanes }));
    const operations = [...cost.perSlot, ...ofTile];
    const chipPj = operations.reduce((sum, { count, energyPj }) => sum + count * energyPj, statedPj);
    const slotPj = chipPj * (1 + (costs.overhead?.times ?? 0));
    const kinds = [...operations, ...(cost.stated === undefined ? [] : [cost.stated])];
    const isMarked = kinds.some(({ source }) => costs.kinds[source] === otherShapeKind);
    const others = Object.entries(cost.utilisation)
      .filter(([name, share]) => name !== cost.boundBy && share >= 0.5)
      .map(([name, share]) => `${name} ${percent(share, 0)}`);
    return [
      work[index] ?? '',
      String(cost.intervalCycles),
      String(cost.passCycles),
      String(cost.runCycles),
      isKnown ? `${slotPj.toPrecision(3)}${isMarked ? ' *' : ''}` : unknown,
      cost.boundBy,
      others.join(', '),
    ];
  });
  const shapes = describeOtherShapes((costs.otherShapes ?? []).filter(({ isEnergy }) => isEnergy));
  const drawn = table(
    ['cost', 'cycles a tile', 'a pass', 'a start', 'pJ a lane', 'bound by', 'busy half the time or more'],
    rows,
    'lrrrrll',
    style,
  );
  if (shapes.length === 0) return drawn;
  const isAny = rows.some((row) => row.some((cell) => cell.endsWith(' *')));
  const note = isAny
    ? '* rests on figures stated for another shape of the core:'
    : 'figures stated for another shape of the core, on which none of these energies rests:';
  return [drawn, note, ...shapes].join('\n');
}

/** How the fast engine executes the kernels; this affects no result and no count. */
function executionTable(image: Image, style: Style): string {
  const rows = executionsOf(image).map(({ work, lanes, reason, spikes }) => [
    image.work[work] ?? '',
    lanes,
    reason,
    spikes ?? '',
  ]);
  return table(['fast engine', 'lanes', 'because', 'spikes'], rows, 'l', style);
}

function disassembly(image: Image, kernel: BoundKernel, index: number, style: Style): string {
  const { header, lines } = kernelText(image, kernel);
  const noted = lines.map(({ text, arithmetic, range }) => {
    const ofInteger = range === undefined ? '' : `${range.low} .. ${range.high}`;
    const note = arithmetic === 'real' ? 'float32' : ofInteger;
    return note === '' ? `  ${text}` : `${`  ${text}`.padEnd(44)}${style.dim(`; ${note}`)}`;
  });
  return [style.bold(`; ${image.work[index]}`), header, ...noted, 'end'].join('\n');
}

/** The same as JSON. */
function inspection(image: Image): object {
  const { fields, ...sizes } = memoryOf(image);
  const executions = executionsOf(image);
  const executionOf = (work: number) => {
    const { lanes, reason, spikes = null } = executions.find((one) => one.work === work) ?? {};
    return { lanes, reason, spikes };
  };
  return {
    schema: 'plasticore/inspect/1',
    program: image.program,
    core: image.core,
    seed: image.seed,
    steps: sampleSteps(image),
    settle: image.settle ?? 0,
    populations: image.populations,
    banks: image.banks,
    chip: floorJson(image),
    memory: {
      ...sizes,
      fields: fields.map((field, index) => {
        const layout = image.fields[index]?.layout;
        return { ...field, layout: layout === undefined ? null : (image.layouts[layout] ?? null) };
      }),
    },
    schedule: { epochs: image.epochs, parameters: image.parameters },
    kernels: image.kernels.map((kernel, index) => ({
      name: image.work[index],
      domain: kernel.domain,
      counts: kernel.counts ?? null,
      fastEngine: executionOf(index),
      code: kernelText(image, kernel).lines.map(({ text, arithmetic, range }) => ({
        text: text.replace(/ +/, ' '),
        arithmetic,
        low: range?.low ?? null,
        high: range?.high ?? null,
      })),
    })),
    costs: image.costs.work.map((cost, index) => ({ name: image.work[index], ...cost })),
    provenance: image.provenance,
  };
}
