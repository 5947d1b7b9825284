import { suggest } from '../text/index.ts';
import type { ChipFile, CostSetFile } from './chip-schema.ts';
import { chipLimits } from './limits.ts';

type Report = (path: readonly (string | number)[], message: string) => void;

/** The checks of `chip:` that involve several keys. Each fault is reported at the value that causes it. */
export function checkChip(chip: ChipFile, hasController: boolean, report: Report): void {
  const { columns, rows, coresPerTile } = chip.mesh;
  const cores = columns * rows * coresPerTile;
  if (cores > chipLimits.cores)
    report(['chip', 'mesh'], `expected at most ${chipLimits.cores} cores, found ${cores}`);
  checkOutputBus(chip.mesh, hasController, report);
  if (chip.packet !== undefined && chip.packet.payloadBits > chip.packet.bits) {
    const { bits, payloadBits } = chip.packet;
    report(
      ['chip', 'packet', 'payloadBits'],
      `expected at most the packet's ${bits} bits, found ${payloadBits}`,
    );
  }
  checkChoice(chip, report);
  const inUse = chip.costs ?? Object.keys(chip.costSets)[0];
  for (const [name, { barrier, link }] of Object.entries(chip.costSets)) {
    if (link !== undefined && link.depth === undefined && link.packetNs === undefined)
      report(['chip', 'costSets', name, 'link'], 'expected depth or packetNs, found neither');
    const path = ['chip', 'costSets', name, 'barrier', 'latencyNs'];
    checkBarrier(barrier, path, report);
    // A mesh that was made larger needs a time for its tiles in the set in use alone.
    if (name === inUse && cores <= chipLimits.cores) checkReach(barrier, columns * rows, path, report);
  }
}

function checkOutputBus(
  { columns, rows, coresPerTile, outputBus }: ChipFile['mesh'],
  hasController: boolean,
  report: Report,
): void {
  if (outputBus === undefined) return;
  const path = ['chip', 'mesh', 'outputBus'];
  const { x, y } = outputBus;
  if (!hasController)
    report(path, 'only a controller of its own sends packets to an output bus, and this model has none');
  if (coresPerTile !== 1) report(path, `expected one core in a tile, found ${coresPerTile}`);
  if (x >= columns) report([...path, 'x'], `expected a column from 0 to ${columns - 1}, found ${x}`);
  if (y >= rows) report([...path, 'y'], `expected a row from 0 to ${rows - 1}, found ${y}`);
  if (columns * rows === 1) report(path, 'the mesh has one tile, and so no core beside the output bus');
}

function checkChoice({ costs, costSets }: ChipFile, report: Report): void {
  const names = Object.keys(costSets);
  if (names.length === 0) report(['chip', 'costSets'], 'expected at least one cost set, found none');
  else if (costs === undefined) {
    if (names.length > 1)
      report(['chip', 'costs'], `missing: expected the cost set in use, one of ${names.join(', ')}`);
  } else if (!names.includes(costs)) {
    report(['chip', 'costs'], `there is no cost set '${costs}'; ${suggest(costs, names)}`);
  }
}

type Barrier = CostSetFile['barrier'];

function checkBarrier({ latencyNs }: Barrier, path: readonly string[], report: Report): void {
  const table = barrierTable(latencyNs);
  if (table[0]?.tiles !== 1) report(path, 'expected a time for 1 tile, found none');
  for (const [index, { tiles, ns }] of table.entries()) {
    const before = table[index - 1];
    if (before !== undefined && ns < before.ns)
      report(
        [...path, tiles],
        `expected at least the ${before.ns} ns of ${before.tiles === 1 ? '1 tile' : `${before.tiles} tiles`}, found ${ns}`,
      );
  }
}

function checkReach(
  { latencyNs, between, beyond }: Barrier,
  tiles: number,
  path: readonly string[],
  report: Report,
): void {
  const table = barrierTable(latencyNs);
  const most = table.at(-1)?.tiles ?? 0;
  if (most >= tiles) return;
  const goesOn = beyond === 'linear';
  if (!goesOn && between === 'linear')
    report(
      path,
      `expected a time for the mesh's ${tiles} tiles, or beyond: linear, found none above ${most}`,
    );
  else if (goesOn && table.length < 2)
    report(path, 'beyond: linear needs times for two numbers of tiles, found one');
}

/** The table of a barrier, ascending by number of tiles. */
function barrierTable(
  latencyNs: CostSetFile['barrier']['latencyNs'],
): readonly { readonly tiles: number; readonly ns: number }[] {
  return Object.entries(latencyNs)
    .map(([tiles, ns]) => ({ tiles: Number(tiles), ns }))
    .sort((a, b) => a.tiles - b.tiles);
}

/** The table of a barrier as far as a mesh reaches: beyond its end, on the line through its last two entries. */
export function barrierReach(
  { latencyNs, beyond }: Barrier,
  tiles: number,
): readonly { readonly tiles: number; readonly ns: number }[] {
  const table = barrierTable(latencyNs);
  const [before, last] = [table.at(-2), table.at(-1)];
  if (beyond !== 'linear' || before === undefined || last === undefined || last.tiles >= tiles) return table;
  const perTile = (last.ns - before.ns) / (last.tiles - before.tiles);
  return [...table, { tiles, ns: last.ns + (tiles - last.tiles) * perTile }];
}

/** The cost set in use, by name; checked files have one. */
export function chosenCosts({ costs, costSets }: ChipFile): {
  readonly name: string;
  readonly set: CostSetFile;
} {
  const name = costs ?? Object.keys(costSets)[0] ?? '';
  const set = costSets[name];
  if (set === undefined) throw new Error(`no cost set '${name}'`);
  return { name, set };
}
