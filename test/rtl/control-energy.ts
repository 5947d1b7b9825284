/*
 * Measures the energy of a core's control in a netlist, of all cycles of its samples, and prints it as a row of
 * hw-models/points/synthesised.json:
 *
 *     PLASTICORE_LIBERTY=FOLDER npx tsx test/rtl/control-energy.ts test/rtl/board/experiment.yaml --epochs 0
 *
 * FOLDER has IHP's cells (CONTRIBUTING.md). Minutes each: yosys maps the core, and Icarus runs its netlist.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from '../../src/text/index.ts';

const liberty = join(process.env.PLASTICORE_LIBERTY ?? '', 'sg13g2_stdcell_typ_1p20V_25C.lib.gz');
const line = process.argv.slice(2);
const out = mkdtempSync(join(tmpdir(), 'control-energy-'));
try {
  const command = [
    ...['--import', 'tsx', 'src/cli/main.ts', 'rtl', ...line],
    ...['--synth', 'liberty', '--liberty', liberty, '--node', '130', '--macros', 'ihp-sg13g2'],
    ...['--cosim', 'icarus', '--netlist', '--energy', '1000000', '-o', out],
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`plasticore rtl ${line.join(' ')}: ${stderr.slice(-2000)}`);
  const model = readdirSync(out).find((name) => name.endsWith('-liberty.yaml')) ?? '';
  const found = (pattern: RegExp, text: string): number => {
    const number = pattern.exec(text)?.[1]?.replaceAll(' ', '');
    if (number === undefined) throw new Error(`${pattern} is not in ${text}`);
    return Number(number);
  };
  const part = (name: string): number[] => [
    found(new RegExp(`^${name} +([\\d.]+) `, 'm'), stdout),
    found(new RegExp(`^${name} +[\\d.]+ +([\\d.]+)$`, 'm'), stdout),
  ];
  const row = {
    lanes: found(/on (\d+) lanes?/, readFileSync(join(out, model), 'utf8')),
    bits: found(/^ {2}bits: (\d+)$/m, readFileSync(join(out, model), 'utf8')),
    flipFlops: found(/^all cells +[\d ]+? {2,}([\d ]+?) {2}/m, stdout),
    cycles: found(/^pJ a cycle, of (\d+)/m, stdout),
    // Lists in cells are of control; their macros are not in it.
    controlPj: part('control').map((pj, column) => Number((pj + at(part('lists'), column)).toFixed(2))),
    pipelinesPj: part('pipelines'),
    clockPj: part('clock'),
    line: line.join(' '),
  };
  console.log(JSON.stringify(row));
} finally {
  rmSync(out, { recursive: true });
}
