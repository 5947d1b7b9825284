import { join } from 'node:path';
import { repriced } from '../../compiler/index.ts';
import { loadFor } from '../../experiment/node.ts';
import { checkNewFolder, writeTogether } from '../../fs/index.ts';
import { type Image, isSpread } from '../../image/index.ts';
import { microcodeFile, microcodeUnitOf } from '../../microcode/index.ts';
import { type Style, table } from '../../report/node.ts';
import { planCore, programmedFiles, rtlFiles, withoutLearning } from '../../rtl/index.ts';
import {
  bitstreamFile,
  boardNames,
  familyOf,
  isBoard,
  partNames,
  readTemplates,
  type Simulator,
  type Synthesis,
  type SynthesisTarget,
  simulators,
  synthesise,
} from '../../rtl/node.ts';
import { PlasticoreError } from '../../text/index.ts';
import { asksForState, type CoreTrace, samplesOfBench, traceOf } from '../../trace/index.ts';
import { defineCommand } from '../command.ts';
import { referenceFrom } from '../files.ts';
import {
  argument,
  cellOptions,
  choiceOption,
  flagOption,
  outOption,
  precisionOption,
  seedOption,
  textOption,
  wholeOption,
} from '../options.ts';
import { showingTools } from '../progress.ts';
import { programmedStimulus, simulated, stimulusOf } from '../rtl-bench.ts';
import { checkEnergy, netlistEnergy, writeWindow } from '../rtl-energy.ts';
import { synthesisedPart } from '../rtl-part.ts';
import {
  type ChipLibrary,
  type CoreToSynthesise,
  chipLibrary,
  chipTargets,
  isChipTarget,
  programmedGates,
  synthesisedGates,
} from '../rtl-synthesis.ts';
import { type CellLine, type ChosenCell, type CommandSubject, subjectOf, writtenCore } from '../subject.ts';
import type { Terminal } from '../terminal.ts';

export const rtl = defineCommand({
  positionals: ['file'],
  options: {
    file: argument(
      'A bundled experiment or program by name, or the path of its file, of a .pcore file or of the --out folder of a run',
      ['experiment', 'program'],
    ),
    out: { ...outOption('The folder to write, new or empty'), demandOption: true },
    cosim: choiceOption(simulators, 'Simulate the core, and compare it with the model'),
    netlist: flagOption(
      'With --cosim and --synth of a chip: simulate the netlist in place of the text, with models of its cells; their times are simulated by Icarus alone',
    ),
    energy: wholeOption(
      'With --cosim icarus, --netlist, --synth liberty and --macros: the energy of the cells, of about so many cycles in which the core works',
      1,
    ),
    synth: choiceOption(
      [...partNames, ...boardNames, ...chipTargets],
      'Synthesise the core for this FPGA or board, place and route it: prints resources and clock, and writes a bitstream for a board; or map it to the cells of a chip, those of the package (gates) or of --liberty. Also writes an hw-model of a hard-wired core',
    ),
    liberty: textOption('With --synth liberty: the standard cells, a Liberty file (.lib, .lib.gz)'),
    node: wholeOption('With --synth liberty: the node of its process, in nm, which the file does not say', 1),
    macros: textOption(
      'With --synth of a chip: the SRAM macros to build banks of, as macros: of an hw-model names them',
    ),
    style: choiceOption(
      ['hardwired', 'microcode'],
      'hardwired: a core for this program; microcode: one for its hw-model, which holds any program that compile --microcode writes',
    ),
    placements: wholeOption('With --synth of an FPGA: how many placements to route; the fastest is kept', 1),
    core: wholeOption('On a chip of many cores: the number of the core to write', 0),
    precision: precisionOption,
    seed: seedOption,
    ...cellOptions,
  },
  examples: [
    [
      'rtl mnist-snn -o core/',
      'a core that learns, with a bench for one sample of training and one of testing',
    ],
    ['rtl mnist-snn --cosim verilator --limit 4 -o core/', 'and compare four of each with the model'],
    ['rtl mnist-snn --epochs 0 --cosim icarus -o core/', 'a core that only tests, without what learns'],
    [
      'rtl mnist-snn --synth gates --cosim icarus --netlist -o core/',
      'map it to cells, and compare these with the model',
    ],
    [
      'rtl mnist-snn --synth liberty --liberty cells.lib --node 130 --macros ihp-sg13g2 --cosim icarus --netlist --energy 1000 -o core/',
      'and its energy by part, of the tables of a library',
    ],
    ['rtl many-cores --core 1 --cosim verilator -o core/', 'one core of a chip of several'],
    ['rtl mnist-snn --style microcode -o core/', 'a programmable core of the same hw-model, for any program'],
    ['rtl ./net.yaml --hw ./chip.yaml --precision mp8-8 -o core/', 'a program of your own, without samples'],
  ],
  async run(line, terminal) {
    const { out, cosim, synth } = line;
    checkNewFolder(out, 'name another folder, or remove what is in it');
    const library = chipLibrary(line);
    const isNetlist = line.netlist === true;
    if (isNetlist && (cosim === undefined || library === undefined))
      throw new PlasticoreError('usage', '--netlist needs --cosim and --synth liberty or --synth gates');
    checkEnergy(line.energy, isNetlist && cosim === 'icarus', library);
    const part = isChipTarget(synth) ? undefined : synth;
    if (line.placements !== undefined && part === undefined) {
      throw new PlasticoreError('usage', '--placements needs --synth of an FPGA or board', {
        hint: `name one: ${[...partNames, ...boardNames].join(', ')}`,
      });
    }
    const subject = await chosen(line, terminal);
    const { image, samples } = subject;
    if (cosim !== undefined && samples === undefined) {
      throw new PlasticoreError('usage', '--cosim needs samples, which a program does not have', {
        hint: 'name an experiment, or an image together with --data',
      });
    }
    if (line.style === 'microcode') {
      await writeProgrammed(line, subject, library, terminal);
      return;
    }
    const hw = subject.hw();
    const written = writtenCore(image, line.core);
    const { number } = written;
    const core = line.epochs === 0 ? withoutLearning(written.image) : written.image;
    if (part !== undefined && isBoard(part) && isSpread(image))
      throw new PlasticoreError('usage', `--synth ${part}: a core of several has no wrapper for a board`, {
        hint: `choose its part, ${partNames.join(', ')}, or an hw-model of one core`,
      });
    const plan = planCore(core, hw, number);
    const { sources, others } = rtlFiles(plan, readTemplates());
    const files = [...sources, ...others];
    const trace = samples && (await traceFor(samples, line, join(out, 'trace.json')));
    if (trace !== undefined) files.push(...stimulusOf(trace, image, written, line.engine));
    writeTogether(out, files);
    const which = isSpread(image) ? `core ${number} of ` : '';
    // It does the same in the same cycles; only its price is another one.
    const style = hw.sequencer === 'hardwired' ? '' : `, hard-wired in place of ${hw.sequencer}`;
    terminal.note(
      `${out}: ${which}${image.program} on ${image.core.hwModel} at ${image.core.precision}${style}, ${files.length} files`,
    );
    const simulate = async (): Promise<void> => {
      if (cosim === undefined || trace === undefined) return;
      const beside = line.energy === undefined ? [] : [writeWindow(out, line.energy)];
      const how = { cosim, isNetlist, engine: line.engine, beside };
      terminal.print(
        await showingTools(terminal, (watch) =>
          simulated(out, sources, { ...how, ...watch }, trace, { image, written }),
        ),
      );
    };
    if (!isNetlist) await simulate();
    if (synth === undefined) return;
    const model = { image: core, hw, ...modelFrom(join(out, 'model.yaml'), line, { image, samples }) };
    const chip =
      library &&
      (await showingTools(terminal, (watch) =>
        synthesisedGates(out, sources, plan, model, library, { style: terminal.style, ...watch }),
      ));
    if (chip !== undefined) terminal.print(chip.said);
    if (isNetlist) await simulate();
    if (chip !== undefined && library !== undefined && line.energy !== undefined)
      terminal.print(netlistEnergy(out, chip, library, hw, terminal.style));
    if (part === undefined) return;
    const { clockMhz } = hw;
    const found = await showingTools(terminal, (watch) =>
      synthesise(out, part, { clockMhz, placements: line.placements ?? 1, ...watch }),
    );
    terminal.print(synthesisTable(part, found, terminal.style));
    terminal.print(synthesisedPart(out, part, model, found));
    if (isBoard(part)) terminal.note(`${join(out, bitstreamFile(part))}: the bitstream for ${part}`);
  },
});

/** Writes the programmable core of an hw-model, what it is loaded with, and the samples of a program. */
async function writeProgrammed(
  line: Line & {
    readonly out: string;
    readonly core?: number | undefined;
    readonly cosim?: Simulator | undefined;
    readonly synth?: SynthesisTarget | (typeof chipTargets)[number] | undefined;
    readonly placements?: number | undefined;
    readonly netlist?: boolean | undefined;
    readonly macros?: string | undefined;
  },
  subject: CommandSubject,
  library: ChipLibrary | undefined,
  terminal: Terminal,
): Promise<void> {
  const { out, cosim, synth, engine, placements = 1, netlist, macros } = line;
  for (const [name, value] of Object.entries({ netlist, macros }))
    if (value !== undefined && value !== false)
      throw new PlasticoreError('usage', `--${name} needs a hard-wired core`, {
        hint: 'leave --style microcode out; of a programmable core, --synth of a chip prints the cells',
      });
  if (synth !== undefined && !isChipTarget(synth) && familyOf(synth).hasFewPins)
    throw new PlasticoreError('usage', `--style microcode: there is no synthesis script for ${synth}`, {
      hint: 'choose an ECP5, such as ecp5-85k, a board with one, such as ulx3s-85f, or the cells of a chip, gates',
    });
  const { image, samples } = subject;
  const hw = subject.hw();
  const { sources, others } = programmedFiles(hw, readTemplates());
  const written = writtenCore(image, line.core);
  const files = [...sources, ...others];
  files.push(['microcode.json', microcodeFile(written.image, microcodeUnitOf(hw))]);
  const trace = samples && (await traceFor(samples, line, join(out, 'trace.json')));
  if (trace !== undefined) files.push(...programmedStimulus(trace, written, hw, engine));
  writeTogether(out, files);
  terminal.note(`${out}: a programmable core of ${hw.name}, ${files.length} files`);
  if (cosim !== undefined && trace !== undefined)
    terminal.print(
      await showingTools(terminal, (watch) =>
        simulated(out, sources, { cosim, isNetlist: false, engine, ...watch }, trace, { image, written }),
      ),
    );
  if (library !== undefined)
    terminal.print(
      await showingTools(terminal, (watch) =>
        programmedGates(out, sources, library, { style: terminal.style, ...watch }),
      ),
    );
  if (synth === undefined || isChipTarget(synth)) return;
  const found = await showingTools(terminal, (watch) =>
    synthesise(out, synth, { clockMhz: hw.clockMhz, placements, ...watch }),
  );
  terminal.print(synthesisTable(synth, found, terminal.style));
  if (isBoard(synth)) terminal.note(`${join(out, bitstreamFile(synth))}: the bitstream for ${synth}`);
}

/** How a file refers to the hw-model of a core, and what is set of it. */
function modelFrom(
  file: string,
  { hw, set = [] }: Line,
  { image, samples }: { readonly image: Image; readonly samples: ChosenCell | undefined },
): Pick<CoreToSynthesise, 'extended' | 'settings'> {
  const source = samples?.sourceFrom(file);
  if (source !== undefined && 'hwModel' in source)
    return { extended: source.hwModel, settings: source.settings };
  const name = hw ?? image.core.hwModel;
  return { extended: referenceFrom(file, { name, from: '' }), settings: set };
}

/** The resources that a core takes of a part, and its clock there. */
function synthesisTable(part: SynthesisTarget, { clockMhz, used }: Synthesis, style: Style): string {
  const rows = used.map(({ resource, used, available }) => [
    resource,
    String(used),
    `${((100 * used) / available).toFixed(1)} %`,
  ]);
  const clock = ['clock, routed', `${clockMhz.toFixed(1)} MHz`, ''];
  return table([part, 'used', 'of the part'], [...rows, clock], 'lrr', style);
}

/** The core to write, and the choice of its cell. */
interface Line extends Omit<CellLine, 'experiment'> {
  readonly file: string;
  readonly style?: string | undefined;
  readonly engine: string;
}

/** The core to write; one under a controller of its own is not written. */
async function chosen({ file, style, ...line }: Line, terminal: Terminal): Promise<CommandSubject> {
  const subject = await subjectOf(file, line, terminal);
  const cell = subject.samples?.cell;
  if (cell?.chip === undefined) return inStyle(style, subject);
  throw new PlasticoreError('fit', `'${cell.name}' hosts a chip with a controller of its own`, {
    hint: 'choose an experiment on a core without a controller, such as mnist-snn',
  });
}

/** The same where kernels are pipelines, or words of microcode, whatever the model says. */
function inStyle(style: string | undefined, { samples, ...subject }: CommandSubject): CommandSubject {
  const hw = subject.hw();
  if (style === 'microcode' ? hw.microcode !== undefined : hw.microcode === undefined)
    return { ...subject, ...(samples && { samples }) };
  const microcode = style === 'microcode' ? {} : undefined;
  const image = repriced(subject.image, { ...hw, microcode });
  if (samples === undefined) return { ...subject, image };
  const sourceFrom = (file: string) => {
    const source = samples.sourceFrom(file);
    const setting = `hw.microcode=${JSON.stringify(microcode ?? null)}`;
    return 'settings' in source ? { ...source, settings: [...source.settings, setting] } : source;
  };
  return { ...subject, image, samples: { ...samples, cell: { ...samples.cell, image }, sourceFrom } };
}

/** @param file the trace's file, from which it refers to others */
async function traceFor(
  { cell, data: path, sourceFrom }: ChosenCell,
  { epochs, limit, engine }: Line,
  file: string,
): Promise<CoreTrace> {
  const limited = {
    ...cell,
    epochs: epochs ?? Math.min(cell.epochs, samplesOfBench),
    limit: limit ?? samplesOfBench,
  };
  const data = await loadFor({ ...limited, validation: undefined }, path);
  return traceOf(limited, data, sourceFrom(file), { engine, states: asksForState });
}
