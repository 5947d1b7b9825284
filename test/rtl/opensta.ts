/*
 * The power of a netlist in OpenSTA, beside that of `rtl --energy`, of the same dump:
 *
 *     npx tsx test/rtl/opensta.ts FOLDER
 *
 * FOLDER is what `rtl --synth liberty ... --netlist --energy N` wrote, with N so large that all cycles are recorded.
 * OpenSTA is told how often each pin toggles, and for which part of the time it is high: Debian's, 2.0.17, reads no
 * dumps. Two things of it are not compared. It adds up the energies within a cell that the library states for its
 * states, where one state holds at a time. And it takes the clock through clock gates as if they were open.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cellPowers } from '../../src/rtl/synthesis/cell-power.ts';
import { type DumpVariable, dumpFile, dumpReader } from '../../src/rtl/synthesis/dump.ts';
import { timingCommand } from '../../src/rtl/synthesis/gates.ts';
import { readLiberty } from '../../src/rtl/synthesis/liberty.ts';
import { readNetlist } from '../../src/rtl/synthesis/netlist.ts';
import { netlistEnergies } from '../../src/rtl/synthesis/netlist-energy.ts';
import { type CountedCell, NetlistToggles } from '../../src/rtl/synthesis/toggles.ts';
import { at, known, sum } from '../../src/text/index.ts';

const kinds = ['switching', 'leakage'] as const;
/** Power in W. */
type Power = Readonly<Record<(typeof kinds)[number], number>>;

/** Both of a folder, by group of cells. */
export function bothPowers(
  folder: string,
): readonly { readonly group: string; readonly own: Power; readonly other: Power }[] {
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const liberty = readLiberty(read('cells.lib'), 'cells.lib');
  const netlist = readNetlist(read('netlist.json'), 'netlist.json', 'plasticore_core');
  const dump = worked(read(dumpFile));
  const toggles = new NetlistToggles(netlist, cellPowers(liberty), 'bench.core');
  dumpReader(toggles)(dump.text);
  const leakageUw = toggles.finish();
  const { cells } = netlistEnergies(toggles, netlist, { supplyV: liberty.supplyV ?? 0, wirePf: 0 });
  const others = openSta(folder, toggles.cells, activities(dump));
  const found = cells.map(({ cell, switchingPj, drivesClock }, index) => ({
    group: drivesClock ? 'clock gates' : liberty.flipFlops.has(cell.type) ? 'flip-flops' : 'gates',
    // 1 pJ a ps is 1 W.
    own: { switching: switchingPj / dump.ps, leakage: at(leakageUw, index) * 1e-6 },
    other: known(others, cell.path),
  }));
  return ['flip-flops', 'gates'].map((group) => {
    const all = found.filter((cell) => cell.group === group);
    const of = (which: 'own' | 'other'): Power => ({
      switching: sum(all.map((cell) => cell[which].switching)),
      leakage: sum(all.map((cell) => cell[which].leakage)),
    });
    return { group, own: of('own'), other: of('other') };
  });
}

const periodPs = 500_000;

/** The power of each cell, by its path. */
function openSta(
  folder: string,
  cells: readonly CountedCell[],
  activityOf: ReadonlyMap<string, Activity>,
): ReadonlyMap<string, Power> {
  const script = [
    'read_liberty cells.lib',
    'read_liberty memories.lib',
    'read_verilog netlist.v',
    'link_design plasticore_core',
    `create_clock -name clk -period ${periodPs / 1000} [get_ports clk]`,
    // No wires, as in the lower bound.
    'set_wire_load_model -name Zero',
    'set_power_activity -input -activity 0 -duty 0',
    ...cells.flatMap(({ path, power }) =>
      power.pins.map(({ name }) => {
        const { edges, duty } = known(activityOf, `bench.core.${path}.${name}`);
        const pin = [...path.split('.'), name].join('/');
        // What `set_power_activity -pins` should call, if it did not misname what it takes.
        return `sta::set_power_pin_activity [get_pins {${pin}}] ${edges.toFixed(7)} ${duty.toFixed(7)}`;
      }),
    ),
    'report_power -digits 6 -instances [get_cells -hierarchical *]',
  ];
  // OpenSTA takes no paths with spaces.
  const plain = mkdtempSync(join(tmpdir(), 'opensta-'));
  try {
    for (const file of ['netlist.v', 'memories.lib']) copyFileSync(join(folder, file), join(plain, file));
    // It takes the larger of the capacitances of two edges, in place of the pin's own.
    const library = readFileSync(join(folder, 'cells.lib'), 'utf8');
    writeFileSync(join(plain, 'cells.lib'), library.replace(/^ *(rise|fall)_capacitance.*$/gm, ''));
    writeFileSync(join(plain, 'power.tcl'), script.join('\n'));
    const { status, stdout, stderr } = spawnSync(at(timingCommand, 0), ['-no_splash', '-exit', 'power.tcl'], {
      cwd: plain,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (status !== 0) throw new Error(`sta ended with ${status}: ${stderr.slice(-1000)}`);
    // Internal, switching, leakage, all, and the cell.
    const rows = stdout.matchAll(/^ *[\d.e+-]+ +([\d.e+-]+) +([\d.e+-]+) +[\d.e+-]+ +(\S+)$/gm);
    return new Map(
      [...rows].map(([, switching, leakage, path = '']) => [
        path.replaceAll('/', '.'),
        { switching: Number(switching), leakage: Number(leakage) },
      ]),
    );
  } finally {
    rmSync(plain, { recursive: true });
  }
}

interface Recorded {
  readonly text: string;
  readonly ps: number;
}

/**
 * What was recorded from the time at which the core began to work to the time at which it last ended, with `busy` set
 * throughout: OpenSTA has no cycles to leave out.
 */
function worked(text: string): Recorded {
  const busy = /\$var wire 1 (\S+) busy \$end/.exec(text)?.[1] ?? '';
  const from = text.lastIndexOf('\n#', text.lastIndexOf('$dumpon')) + 1;
  const to = text.lastIndexOf('\n#', text.lastIndexOf(`\n0${busy}\n`)) + 1;
  const head = /^[\s\S]*?\$enddefinitions \$end\n/.exec(text)?.[0] ?? '';
  const body = text.slice(from, to).replaceAll(`\n0${busy}\n`, '\n').replace('$dumpon', '$dumpvars');
  const timeAt = (place: number): number => Number(/#(\d+)/.exec(text.slice(place, place + 40))?.[1]);
  return { text: `${head}${body}#${timeAt(to)}\n`, ps: timeAt(to) - timeAt(from) };
}

/** Edges a period of the clock, and the part of the time in which a signal is high. */
interface Activity {
  readonly edges: number;
  readonly duty: number;
}

/** The activity of every signal of one bit, by its path, counted by itself. */
function activities({ text, ps }: Recorded): Map<string, Activity> {
  let signals: readonly DumpVariable[] = [];
  let [now, begin] = [0, -1];
  const of = new Map<number, { value: number; since: number; edges: number; high: number }>();
  const take = (id: number, value: number, isEdge: boolean): void => {
    if (begin < 0) begin = now;
    const own = of.get(id) ?? { value, since: begin, edges: 0, high: 0 };
    own.high += own.value * (now - own.since);
    if (isEdge && value !== own.value) own.edges += 1;
    of.set(id, Object.assign(own, { value, since: now }));
  };
  dumpReader({
    variables: (all) => {
      signals = all;
    },
    starts: (id, value) => take(id, value ?? 0, false),
    changes: (id, value) => take(id, value ?? 0, true),
    time: (time) => {
      now = time;
    },
    records: () => undefined,
  })(text);
  return new Map(
    signals.map(({ path, id }) => {
      const { value, since, edges, high } = known(of, id);
      return [path, { edges: (edges * periodPs) / ps, duty: (high + value * (now - since)) / ps }];
    }),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const { group, own, other } of bothPowers(process.argv[2] ?? '.'))
    for (const kind of kinds)
      console.log(
        `${group}, ${kind}: ${own[kind].toExponential(3)} W, OpenSTA ${other[kind].toExponential(3)} W, ratio ${(own[kind] / other[kind]).toFixed(3)}`,
      );
