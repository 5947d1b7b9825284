import { checkHardware } from './random.ts';

/** A fault of the generator, as what it would have written instead. */
export interface Mutant {
  readonly name: string;
  readonly edit: (text: string) => string;
  /** A seed whose random program finds it. */
  readonly foundBy: number;
}

/** Changes the lines below the comment of an instruction. */
function inLinesOf(mnemonic: RegExp, change: (line: string) => string): (text: string) => string {
  return (text) => {
    let isWithin = false;
    return text
      .split('\n')
      .map((line) => {
        const [, instruction] = /^ *\/\/ line \d+, phase \d+: (\S+)/.exec(line) ?? [];
        if (instruction !== undefined) isWithin = mnemonic.test(instruction);
        return isWithin ? change(line) : line;
      })
      .join('\n');
  };
}

export const mutants: readonly Mutant[] = [
  {
    name: 'taps are not cleared at the end of a pass',
    edit: (text) => text.replaceAll('rst | drain_end ?', 'rst ?'),
    foundBy: 3,
  },
  {
    name: 'taps are not cleared by the reset',
    edit: (text) => text.replaceAll('rst | drain_end', 'drain_end'),
    foundBy: 2,
  },
  {
    name: 'a clear of some fields writes the others as zero',
    edit: (text) => text.replace(/ \| \(bank\d+_r0_data & ~pass_mask.*pass_merges\}\}\)/g, ''),
    foundBy: 4,
  },
  {
    name: 'floor in place of nearest',
    edit: inLinesOf(/\.rn$/, (line) => line.replace(/ \+ \d+'sh[0-9a-f]+;$/, ';')),
    foundBy: 11,
  },
  {
    name: '> in place of >=, and < in place of <=',
    edit: inLinesOf(/^cmp\./, (line) => line.replace(' >= ', ' > ').replace(/(\{1'b0, .*) <= /, '$1 < ')),
    foundBy: 43,
  },
  {
    name: 'the view of a shadow weight is not rounded',
    edit: (text) => text.replace(/^( *wire signed .* s\d+_\d+ = .*) \+ \d+'sh[0-9a-f]+;$/gm, '$1;'),
    foundBy: 6,
  },
  {
    name: 'the inference weight is written as zero',
    edit: (text) => text.replace(/^( *assign w_\w+_weight_\d+\[.*\]) = .*;$/gm, '$1 = 0;'),
    foundBy: 2,
  },
  {
    name: 'only the first lane steps its generator',
    edit: (text) =>
      text.replace(/assign (random_next(\[.*\])) = (.*);/g, 'assign $1 = l == 0 ? $3 : random$2;'),
    foundBy: 2,
  },
  {
    name: 'gate bits are not cleared',
    edit: (text) => text.replace(/if \(state == CLEAR & \(.*\)\) gate_\w+ <= .*;/g, ''),
    foundBy: 54,
  },
  {
    name: 'a store does not change gate bits',
    edit: (text) => text.replace(/(assign gate\d+_set\[l\]) = .*;/g, "$1 = 1'b1;"),
    foundBy: 10,
  },
  {
    name: 'all lanes of the last tile are active',
    edit: (text) => text.replace(/\btail(\S*) <= (\d+)'h[0-9a-f]+;/g, "tail$1 <= {$2{1'b1}};"),
    foundBy: 2,
  },
  {
    name: 'the counter of the interval has one bit',
    edit: (text) => text.replaceAll('tile_phase == interval_last', 'tile_phase[0] == interval_last[0]'),
    foundBy: 2,
  },
  {
    name: 'a spike of the stream is served, and not taken',
    edit: (text) => text.replace('assign s_ready = (pop_ends & head_is_input', "assign s_ready = (1'b0"),
    foundBy: 2,
  },
  {
    name: 'a sum is not cleared',
    edit: (text) => text.replace(/if \(pass_start\) (sum\d+) <=/g, "if (1'b0) $1 <="),
    foundBy: 6,
  },
  {
    name: 'spikes of a tile are served from the highest lane',
    edit: (text) =>
      text.replace(
        /for \(head_i = (\d+); head_i >= 0; head_i = head_i - 1\)/,
        'for (head_i = 0; head_i <= $1; head_i = head_i + 1)',
      ),
    foundBy: 24,
  },
  {
    name: 'signed fields are read without their sign',
    edit: (text) =>
      text.replace(
        /<= \$signed\((\w+\[[^;]*\+: (\d+)\])\);/g,
        (_, bits: string, width: string) => `<= $signed(${bits} & (${width}'(-1) >> 1));`,
      ),
    foundBy: 0,
  },
  {
    name: 'a drain is a cycle too short',
    edit: (text) => text.replace(/count \+ (\d+'d1) == drain_last/, 'count + $1 >= drain_last - $1'),
    foundBy: 2,
  },
  {
    name: 'a value is not carried on with its tile',
    edit: (text) =>
      text.replace(/^( *always @\(posedge clk\) if) \(valid_\d+\) (\w+_h1) <=/gm, "$1 (1'b1) $2 <="),
    foundBy: 14,
  },
  {
    name: 'a predicated store stores in all active lanes',
    edit: (text) => text.replace(/ & w_\w+_where\[[^\]]*\]/g, ''),
    foundBy: 4,
  },
  {
    name: 'a predicated load loads always',
    edit: inLinesOf(/^ld\.row$/, (line) => line.replace(/\? (\S+) : .*;$/, '? $1 : $1;')),
    foundBy: 2,
  },
  {
    name: 'any asks the lanes that are not active, too',
    edit: (text) => text.replace(/(assign any_\d+\[l\] =) active_\d+\[l\] &/g, '$1'),
    foundBy: 0,
  },
  {
    name: 'a generator advances for groups whose first item has no predicate',
    edit: (text) => text.replace(/if \(\|\((g\d+_\d+_group) & .*\)\) begin/g, 'if (|$1) begin'),
    foundBy: 0,
  },
  {
    name: 'a full FIFO keeps one spike more',
    edit: (text) => text.replaceAll(' < fifo_free', ' <= fifo_free'),
    foundBy: 57,
  },
  {
    name: 'spikes that a list delivers need no room',
    edit: (text) => text.replace('run_exceeds ? fifo_free : ', ''),
    foundBy: 2,
  },
  {
    name: 'the values of the step before are those of this one',
    edit: (text) => text.replace(/run_values = (\d+)'\((.*)previous_/g, "run_values = $1'($2now_"),
    foundBy: 0,
  },
  {
    name: 'a ring keeps all steps in one row',
    edit: (text) => text.replace(/(ring_\d+_row) <= \1 == .* : \1 \+ \d+'d1;/g, '$1 <= $1;'),
    foundBy: 5,
  },
  {
    name: 'a sample begins with spikes that an earlier one has kept',
    edit: (text) => text.replace(/(wire waited_\d+_\d+_ends) = .*;/g, "$1 = 1'b1;"),
    foundBy: 5,
  },
  {
    name: 'a sample that is presented again is a first one',
    edit: (text) => text.replace(/~(cmd_)?replay\b/g, "1'b1"),
    foundBy: 11,
  },
  {
    name: 'a closed tile of a segment takes an interval',
    edit: (text) => text.replace('(~tile_opens | tile_phase == ', '(tile_phase == '),
    foundBy: 11,
  },
  {
    name: 'the column gate is not asked for segments',
    edit: (text) => text.replace('(has_columns ? tiles_looked', "(1'b0 ? tiles_looked"),
    foundBy: 42,
  },
  {
    name: 'the last tile of a segment that has several is whole',
    edit: (text) => text.replace('(segment_ends ? {', '(segment_ends & ~segment_goes_on ? {'),
    foundBy: 4,
  },
  {
    name: 'a row without an open tile drains',
    edit: (text) => text.replace('closed_end ? ROW : DRAIN', 'DRAIN'),
    foundBy: 11,
  },
];

/** Whether the random program of a seed runs otherwise with a fault. */
function isFoundBy({ edit }: Mutant, seed: number): boolean {
  return checkHardware(seed, { tame: true, edit }).is === 'different';
}

// npx tsx test/rtl/mutants.ts [COUNT] [FIRST SEED]: whether each fault is found, by its seed or one of COUNT others.

if (process.argv[1]?.endsWith('mutants.ts') === true) {
  const count = Number(process.argv[2] ?? 100);
  const first = Number(process.argv[3] ?? 1);
  const seeds = Array.from({ length: count }, (_, index) => first + index);
  const found = (mutant: Mutant, seed: number): boolean => {
    const isFound = isFoundBy(mutant, seed);
    if (isFound) console.log(`seed ${seed}: ${mutant.name}`);
    return isFound;
  };
  // The seed that once found it, then the others: most programs find several.
  let left = mutants.filter((mutant) => !found(mutant, mutant.foundBy));
  for (const seed of seeds) left = left.filter((mutant) => !found(mutant, seed));
  for (const { name } of left) console.log(`not found: ${name}`);
  process.exitCode = left.length > 0 ? 1 : 0;
}
