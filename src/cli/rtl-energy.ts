import { join } from 'node:path';
import { readText, writeTogether } from '../fs/index.ts';
import { chargePj, type HwModel } from '../hardware/index.ts';
import { type Style, table } from '../report/node.ts';
import {
  cellPowers,
  dumpFile,
  energyByPart,
  gatesResults,
  type NetlistPart,
  NetlistToggles,
  netlistEnergies,
  netlistParts,
  readNetlist,
  windowFile,
} from '../rtl/index.ts';
import { readDump } from '../rtl/node.ts';
import { PlasticoreError, rounded, sum } from '../text/index.ts';
import { type ChipLibrary, coreModule, type SynthesisedChip } from './rtl-synthesis.ts';

/**
 * Refuses to count energies where there are none.
 *
 * @param cycles those asked for
 */
export function checkEnergy(
  cycles: number | undefined,
  isTimedNetlist: boolean,
  library: ChipLibrary | undefined,
): void {
  if (cycles === undefined) return;
  if (!isTimedNetlist || library?.synth !== 'liberty')
    throw new PlasticoreError('usage', '--energy needs --cosim icarus, --netlist and --synth liberty');
  if (library.macros === undefined)
    throw new PlasticoreError('usage', '--energy needs --macros: the library has no energies of banks', {
      hint: 'name those of the process, such as ihp-sg13g2',
    });
  if (library.liberty.isPowered && library.liberty.supplyV !== undefined) return;
  const found = library.liberty.isPowered ? 'nom_voltage' : 'internal_power of any pin';
  throw new PlasticoreError('data', `--energy: the library ${library.liberty.name} has no ${found}`, {
    hint: 'choose the file of the process that has power tables',
  });
}

/**
 * Writes what records the netlist in the bench.
 *
 * @param cycles about as many as it records
 * @returns the name of its file
 */
export function writeWindow(folder: string, cycles: number): string {
  const steps = readText(join(folder, 'expected.txt'), 'it was written with the core').matchAll(
    /^step (\d+)/gm,
  );
  const file = windowFile(cycles, sum([...steps].map(([, count]) => Number(count))));
  writeTogether(folder, [file]);
  return file[0];
}

/** The wire to a pin, in sides of the mean cell. */
const wireSides = 3;

/**
 * The energy of the netlist that was simulated, by part, in words; states that of control and of the clock in the
 * hw-model.
 */
export function netlistEnergy(
  folder: string,
  chip: SynthesisedChip,
  { liberty }: Pick<ChipLibrary, 'liberty'>,
  hw: HwModel,
  style: Style,
): string {
  const file = join(folder, gatesResults[2]);
  const netlist = readNetlist(readText(file, 'yosys writes it'), file, coreModule);
  const toggles = new NetlistToggles(netlist, cellPowers(liberty), 'bench.core');
  readDump(join(folder, dumpFile), toggles);
  const { cycles } = toggles;
  const leakageUw = sum(toggles.finish());
  if (cycles === 0)
    throw new PlasticoreError('run', `${folder}: the core did not work while it was recorded`);
  const { supplyV = 0 } = liberty;
  const lengthUm =
    wireSides * Math.sqrt(sum(chip.cells.map(({ areaUm2 }) => areaUm2)) / toggles.cells.length);
  const partsWith = (wirePf: number): Readonly<Record<NetlistPart, number>> =>
    energyByPart(netlistEnergies(toggles, netlist, { supplyV, wirePf }), coreModule);
  const [low, high] = [partsWith(0), partsWith(chargePj(lengthUm, 1))];
  const leakagePj = leakageUw / chip.clockMhz;
  const memories = toggles.memories.flatMap(({ type, reads, writes }) => {
    const bank = chip.banks.find(({ module }) => module === type);
    // Of its macros, or as the hw-model has them. Nobody says what a table of segments takes.
    const access = bank?.array ?? hw.banks.find(({ name }) => name === bank?.name);
    if (access === undefined) return [];
    return [
      {
        what: `${type}: ${rounded(reads / cycles, 2)} reads, ${rounded(writes / cycles, 2)} writes`,
        pj: (reads * access.readPj + writes * access.writePj) / cycles,
        isList: bank?.isList === true,
      },
    ];
  });
  // Of banks and lists.
  const memoryLeakPj =
    sum(
      chip.banks.map(({ name, array }) => (array ?? hw.banks.find((own) => own.name === name))?.leakUw ?? 0),
    ) / chip.clockMhz;
  const all = (parts: Readonly<Record<NetlistPart, number>>): number =>
    sum(Object.values(parts)) / cycles + leakagePj + memoryLeakPj + sum(memories.map(({ pj }) => pj));
  const row = (what: string, pj: number, most = pj): string[] => [what, pj.toFixed(2), most.toFixed(2)];
  const ofLists = sum(memories.map(({ pj, isList }) => (isList ? pj : 0)));
  const middle = (of: (parts: typeof low) => number): number => rounded((of(low) + of(high)) / 2 / cycles, 4);
  chip.state({
    controlPj: rounded(middle(({ control, lists }) => control + lists) + ofLists),
    clockPj: middle(({ clock }) => clock),
    how: `energy of ${cycles} cycles of the netlist, in the middle between no wires and ${wiresOf(lengthUm)}`,
  });
  return [
    table(
      [`pJ a cycle, of ${cycles}`, 'no wires', 'with wires'],
      [
        ...netlistParts.map((part) => row(part, low[part] / cycles, high[part] / cycles)),
        row(`leakage of cells at ${rounded(chip.clockMhz, 4)} MHz`, leakagePj),
        row('leakage of banks and lists', memoryLeakPj),
        ...memories.map(({ what, pj }) => row(what, pj)),
        row('all', all(low), all(high)),
      ],
      'lrr',
      style,
    ),
    `with ${wiresOf(lengthUm)}; without the buffers of a clock tree`,
  ].join('\n');
}

const wiresOf = (lengthUm: number): string =>
  `wires of ${lengthUm.toFixed(1)} um and ${(1000 * chargePj(lengthUm, 1)).toFixed(1)} fF to each pin, ${wireSides} sides of a mean cell`;
