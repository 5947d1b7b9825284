/*
 * The power of a netlist in OpenSTA, beside that of `rtl --energy`, of the same dump:
 *
 *     PLASTICORE_OPENSTA=sta npx tsx test/rtl/opensta.ts FOLDER
 *
 * The variable names OpenSTA 3.1.0, built from github.com/parallaxsw/OpenSTA: Debian's reads no dumps. FOLDER is what
 * `rtl --synth liberty ... --netlist --energy N` wrote, with N so large that all cycles are recorded.
 *
 * OpenSTA knows how often each pin toggles and for which part of the time it is high, and takes the pins of a cell as
 * independent of each other. So what it says of single types of cells differs more than what it says of all.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cellPowers } from '../../src/rtl/synthesis/cell-power.ts';
import { dumpFile, dumpReader } from '../../src/rtl/synthesis/dump.ts';
import { readLiberty } from '../../src/rtl/synthesis/liberty.ts';
import { readNetlist } from '../../src/rtl/synthesis/netlist.ts';
import { netlistEnergies } from '../../src/rtl/synthesis/netlist-energy.ts';
import { NetlistToggles } from '../../src/rtl/synthesis/toggles.ts';
import { at, known, sum } from '../../src/text/index.ts';

export const powerKinds = ['internal', 'switching', 'leakage'] as const;
/** Power in W. */
export type Power = Readonly<Record<(typeof powerKinds)[number], number>>;

interface BothPowers {
  readonly type: string;
  readonly group: 'flip-flops' | 'clock gates' | 'gates';
  readonly own: Power;
  readonly other: Power;
}

/** The power of each cell by both programs. */
export function bothPowers(folder: string): BothPowers[] {
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const liberty = readLiberty(read('cells.lib'), 'cells.lib');
  const netlist = readNetlist(read('netlist.json'), 'netlist.json', 'plasticore_core');
  const dump = worked(read(dumpFile));
  const toggles = new NetlistToggles(netlist, cellPowers(liberty), 'bench.core');
  dumpReader(toggles)(dump.text);
  const leakageUw = toggles.finish();
  const { cells } = netlistEnergies(toggles, netlist, { supplyV: liberty.supplyV ?? 0, wirePf: 0 });
  const periodNs = dump.ps / 1000 / toggles.cycles;
  const others = openSta(folder, dump.text, periodNs);
  return cells.map(({ cell, clockPj, internalPj, switchingPj, drivesClock }, index) => ({
    type: cell.type,
    group: drivesClock ? 'clock gates' : liberty.flipFlops.has(cell.type) ? 'flip-flops' : 'gates',
    // 1 pJ a ps is 1 W.
    own: {
      internal: (clockPj + internalPj) / dump.ps,
      switching: switchingPj / dump.ps,
      leakage: at(leakageUw, index) * 1e-6,
    },
    other: known(others, cell.path),
  }));
}

/** The sums of cells. */
export function summed(cells: readonly BothPowers[]): Readonly<Record<'own' | 'other', Power>> {
  const of = (which: 'own' | 'other'): Power => ({
    internal: sum(cells.map((cell) => cell[which].internal)),
    switching: sum(cells.map((cell) => cell[which].switching)),
    leakage: sum(cells.map((cell) => cell[which].leakage)),
  });
  return { own: of('own'), other: of('other') };
}

/** The power of each cell in OpenSTA, by its path. */
function openSta(folder: string, dump: string, periodNs: number): ReadonlyMap<string, Power> {
  const script = [
    'read_liberty cells.lib',
    'read_liberty memories.lib',
    'read_verilog netlist.v',
    'link_design plasticore_core',
    `create_clock -name clk -period ${periodNs} [get_ports clk]`,
    // An ideal clock would have no slew behind clock gates.
    'set_propagated_clock [get_clocks clk]',
    // No wires, as in the lower bound.
    'set_wire_load_model -name Zero',
    `read_vcd -scope bench/core ${dumpFile}`,
    'report_power -format json -digits 6 -instances [get_cells -hierarchical *]',
  ];
  // OpenSTA takes no paths with spaces.
  const plain = mkdtempSync(join(tmpdir(), 'opensta-'));
  try {
    const copy = (file: string, edit: (text: string) => string): void =>
      writeFileSync(join(plain, file), edit(readFileSync(join(folder, file), 'utf8')));
    copy('netlist.v', (text) => text);
    // It does not look behind what a memory drives at an edge of the clock.
    copy('memories.lib', (text) => text.replace(/(direction: output;) timing\(\) \{.*?\} \}/g, '$1'));
    copy('cells.lib', simpler);
    writeFileSync(join(plain, dumpFile), dump);
    writeFileSync(join(plain, 'power.tcl'), script.join('\n'));
    const { status, stdout, stderr } = spawnSync(
      process.env.PLASTICORE_OPENSTA ?? 'sta',
      ['-no_splash', '-exit', 'power.tcl'],
      { cwd: plain, encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    if (status !== 0 || !stdout.includes('[\n'))
      throw new Error(`OpenSTA ended with ${status}: ${stdout.slice(-1000)}${stderr.slice(-1000)}`);
    const rows: readonly (Power & { readonly name: string })[] = JSON.parse(
      stdout.slice(stdout.indexOf('[\n')),
    );
    return new Map(rows.map(({ name, ...power }) => [name.replaceAll('/', '.'), power]));
  } finally {
    rmSync(plain, { recursive: true });
  }
}

/**
 * A library without what OpenSTA reads in a way of its own. It takes the larger of the capacitances of two edges in
 * place of the pin's. And what a library gives without a condition holds in the states that it does not name; OpenSTA
 * would add it in all states, so that it gets this condition.
 */
function simpler(library: string): string {
  const plain = library.replace(/^ *(rise|fall)_capacitance.*$/gm, '');
  return plain.replace(/(?:^ *internal_power \(\) \{\n[\s\S]*?\n {6}\}\n)+/gm, (groups) => {
    const each = groups.split(/(?=^ {6}internal_power)/m);
    const causeOf = (group: string): string => /related_pin : "(.*)"/.exec(group)?.[1] ?? '';
    const named = (cause: string): string[] =>
      each.flatMap((group) => (causeOf(group) === cause ? (/when : "(.*)"/.exec(group)?.[1] ?? []) : []));
    return each
      .map((group) => {
        const others = named(causeOf(group));
        if (group.includes('when :') || others.length === 0) return group;
        return group.replace('{\n', `{ when : "${others.map((state) => `!(${state})`).join(' * ')}";\n`);
      })
      .join('');
  });
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const cells = bothPowers(process.argv[2] ?? '.');
  const say = (what: string, some: readonly BothPowers[]): void => {
    const { own, other } = summed(some);
    for (const [kind, a, b] of [
      ...powerKinds.map((name) => [name, own[name], other[name]] as const),
      ['all', sum(Object.values(own)), sum(powerKinds.map((name) => other[name]))] as const,
    ])
      console.log(
        `${what}, ${kind}: ${a.toExponential(3)} W, OpenSTA ${b.toExponential(3)} W, ratio ${(a / b).toFixed(3)}`,
      );
  };
  for (const group of ['flip-flops', 'clock gates', 'gates'])
    say(
      group,
      cells.filter((cell) => cell.group === group),
    );
  say('all cells', cells);
}
