import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MicrocodeUnit, microcodeUnit, microcodeUnitOf } from '../../src/microcode/index.ts';
import { at } from '../../src/text/index.ts';
import { buildBench, compareOn, fourLanes, heldSegments, modelOf, type ProgramRun } from './bench.ts';
import { randomRun } from './random.ts';
import { waitingRun } from './waiting.ts';

/*
 * npx tsx test/microcode/mutants.ts [PROGRAMS] [PART...]: faults of the programmable core and of its scheduler, one at
 * a time: do programs find them? A core with a fault is built, and runs programs until one does something else than the
 * model; a scheduler with a fault makes the words of programs for a core without one. PARTs choose the faults whose
 * names contain one of them, such as 'kept' or 'fifo: )) <='.
 */

/** A part of a file of the core, and what is put in its place. */
const faults: readonly (readonly [file: string, found: string, put: string])[] = [
  ['core', '{{LANES/2{upper}}, {LANES/2{~upper}}}', "{LANES{1'b1}}"],
  ['core', "? beyond : {LANES{1'b1}}", "? {LANES{1'b1}} : {LANES{1'b1}}"],
  ['core', '& {LANES{~g_beyond}}', ''],
  ['core', ': |next_lanes) & ~rst', ": 1'b0) & ~rst"],
  ['core', '& f[4][WORD_BITS + 4] &', '&'],
  ['core', 'l_access[A_UPPER] | l_high', 'l_access[A_UPPER]'],
  ['core', 'late_lanes <= is_wide ? {lanes[LANES-1:LANES/2]', 'late_lanes <= is_wide ? {lanes[LANES/2-1:0]'],
  ['core', "16'hffff << 4'((enter", "16'hfffe << 4'((enter"],
  ['core', "32'($signed(start_value))", "32'(start_value)"],
  ['lane', 'OP_MAX: x <= less', 'OP_MAX: x <= ~less'],
  ['lane', 'holds <= p_then', 'holds <= p'],
  ['lane', 'cross_a + cross_b', 'cross_b'],
  ['lane', 'cross_a + cross_b', 'cross_a'],
  ['port', 'is_signed & own[last]', 'is_signed & own[31]'],
  ['sum', 'starts[1] ? total :', ''],
  ['walker', "10'(kernel[K_DRAIN +: 9]) - 10'd3", "10'(kernel[K_DRAIN +: 9]) - 10'd4"],
  ['walker', 'g_first <= is_cut ? ~row_begun', "g_first <= is_cut ? 1'b1"],
  ['walker', '& has_none & is_last_row', '& has_none'],
  ['segments', "left == 13'd1", "left <= 13'd2"],
  ['walker', 'place <= first_place', "place <= first_place + 9'd1"],
  ['fifo', ')) <= free', ')) < free'],
  ['kept', 'put_lanes & ~held', 'put_lanes'],
  ['kept', "counted_before <= clear ? 16'd0 :", 'counted_before <='],
  ['lists', "before_neuron + 16'(shift)", 'before_neuron'],
  ['lists', 'refills ? kept_value :', ''],
];

/** Latencies that a scheduler takes for shorter than they are. */
const hasty: readonly Partial<MicrocodeUnit>[] = [
  { short: microcodeUnit.short - 1 },
  { long: microcodeUnit.long - 1 },
  { predicate: 0 },
  { load: microcodeUnit.load - 1 },
  { broadcast: 0 },
  { keep: 0 },
];

const [programs = '300', ...parts] = process.argv.slice(2);
const isChosen = (name: string): boolean => parts.length === 0 || parts.some((part) => name.includes(part));
const nameOf = (file: string, found: string): string => `${file}: ${found}`;
const chosen = faults.filter(([file, found]) => isChosen(nameOf(file, found)));
const chosenHasty = hasty.filter((latency) => isChosen(JSON.stringify(latency)));
/** Milliseconds within which every program ends on a core without a fault, many times over. */
const longest = 20_000;
const models = [[], ['hw.align=lanes']].map((set) =>
  modelOf('mnist-snn', 'mp8-8', [...heldSegments, ...fourLanes, ...set]),
);
const held = microcodeUnitOf(at(models, 0));
const seeds = Array.from({ length: Number(programs) }, (_, index) => index + 1);
let unseen = 0;

/** The first program that finds a fault: the one whose kernel waits, or a random one. */
function tell(fault: string, folder: string, unit = held): void {
  const isSeenBy = (run: ProgramRun): boolean =>
    compareOn(folder, run, unit, longest).difference !== undefined;
  const seed = isSeenBy(waitingRun(at(models, 1)))
    ? 'that waits'
    : seeds.find((number) => isSeenBy(randomRun(number, at(models, (number + 1) % models.length))));
  if (seed === undefined) unseen += 1;
  console.log(`${fault}: ${seed === undefined ? 'NOT FOUND' : `found by program ${seed}`}`);
}

/** Builds the core, with a fault or without, for as long as it is asked. */
function withCore(ask: (folder: string) => void, edit?: (name: string, text: string) => string): void {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-mutant-'));
  try {
    buildBench(at(models, 0), folder, edit);
    ask(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (chosenHasty.length > 0)
  withCore((folder) => {
    for (const latency of chosenHasty) tell(JSON.stringify(latency), folder, { ...held, ...latency });
  });
for (const [file, found, put] of chosen) {
  let isThere = false;
  const edit = (name: string, text: string): string => {
    if (name !== `micro_${file}.sv`) return text;
    isThere = text.includes(found);
    return text.replace(found, put);
  };
  withCore((folder) => {
    if (!isThere) throw new Error(`${file}: '${found}' is not there`);
    tell(nameOf(file, found), folder);
  }, edit);
}
const all = chosen.length + chosenHasty.length;
if (all === 0) throw new Error(`no fault is named ${parts.join(', ')}`);
console.log(`${all - unseen} of ${all} found`);
process.exitCode = unseen > 0 ? 1 : 0;
