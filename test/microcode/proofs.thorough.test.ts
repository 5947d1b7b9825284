import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { programmedFiles } from '../../src/rtl/index.ts';
import { readTemplates } from '../../src/rtl/node.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { heldSegments, modelOf } from './bench.ts';

/*
 * What a lane computes, and how items lie in words, is what their definitions say: for all operands, not for samples.
 * Each proof is a module whose output `ok` yosys shows to be 1. A pipeline is proven without its registers.
 */

const combinational = 'techmap -map wires.v; opt -full; sat -seq 1 -prove ok 1 -verify';

interface Proof {
  readonly of: string;
  readonly by: string;
  /** Bits of a word and lanes, besides the few for which faults are found. */
  readonly shapes?: readonly (readonly [width: number, lanes: number])[];
}

/** Words with a half of a tile, with one, with two, and with one of 32 bits a lane. */
const shapes = [
  [16, 4],
  [128, 4],
  [128, 16],
  [256, 16],
] as const;

const proofs: Readonly<Record<string, Proof>> = {
  adder: { of: 'micro_lane.sv', by: combinational },
  shift: { of: 'micro_lane.sv', by: `${combinational} -set lane.ahead word` },
  generator: {
    of: 'micro_lane.sv',
    by: 'sat -seq 2 -set-at 1 lane.ahead next -prove ok 1 -prove lane.ahead next -prove-skip 1 -verify',
  },
  unpack: { of: 'micro_port.sv', by: 'sat -prove ok 1 -verify', shapes },
  pack: { of: 'micro_port.sv', by: 'sat -prove ok 1 -verify', shapes },
  turn: { of: 'micro_port.sv', by: 'sat -prove ok 1 -verify' },
  sum: { of: 'micro_sum.sv', by: combinational },
};

/** A fault of the hardware, and the proof that finds it. */
const faults: readonly (readonly [proof: string, found: string, put: string])[] = [
  ['adder', 'OP_MIN: x <= less', 'OP_MIN: x <= ~less'],
  ['adder', '~x_unsigned & a[31], a', 'a[31], a'],
  ['adder', 'is_abs & a[31];', 'is_abs;'],
  ['adder', 'is_lowest = is_symmetric & ~|(v & ~f_high)', "is_lowest = 1'b0"],
  ['adder', "is_unsigned ? 32'd0 :", ''],
  ['shift', 'up <= dropped[31];', 'up <= dropped[30];'],
  ['shift', 'up <= sign & ~t_unsigned & |dropped;', 'up <= |dropped;'],
  ['shift', 'up <= drawn_in[32];', 'up <= drawn_in[31];'],
  ['shift', 'sign & ~t_unsigned & ~t_left ?', 'sign & ~t_left ?'],
  ['generator', 'y >> 17', 'y >> 16'],
  ['unpack', 'is_signed & own[last]', 'own[last]'],
  ['unpack', '(l % (LANES / 2)) * 2 ** s', 'l / 2 * 2 ** s'],
  ['unpack', 'halves[s-1] ?', '~halves[s-1] ?'],
  ['pack', 'lanes[l] & part == p', 'lanes[l]'],
  ['pack', '= upper ? lanes', '= ~upper ? lanes'],
  ['pack', "5'd31 - last", "5'd30 - last"],
  ['turn', "{turn, 5'd0}", "{turn, 5'd1}"],
  ['turn', '{items, items}', "{{32*LANES{1'b0}}, items}"],
  ['sum', '$signed(a) < $signed(b)', 'a < b'],
  ['sum', 'is_symmetric & ~|(v & ~high)', "1'b0"],
  ['sum', '{GROUPS{takes_largest ? LOWEST', "{GROUPS{1'b0 ? LOWEST"],
];

describe('the programmable core', needs('yosys'), () => {
  const { folder } = scratch();
  const own = join(import.meta.dirname, 'proofs');
  const texts = new Map(
    programmedFiles(modelOf('mnist-snn', 'mp8-8', heldSegments), readTemplates()).sources,
  );

  /** Whether a proof holds. */
  const holds = (name: string, shape = '', edit = (text: string): string => text): boolean => {
    const { of = '', by = '' } = proofs[name] ?? {};
    // A predicate is an operand like others.
    const open = (texts.get(of) ?? '')
      .replace(
        '  input wire clk,\n',
        of === 'micro_lane.sv' ? '  input wire clk,\n  input wire p_in,\n' : '  input wire clk,\n',
      )
      .replace(/p <= p_kept \? .*;/, 'p <= p_in;');
    writeFileSync(join(folder, of), edit(open));
    for (const included of ['micro.svh', 'micro_controls.svh'])
      writeFileSync(join(folder, included), texts.get(included) ?? '');
    for (const file of [`${name}.sv`, 'wires.v']) copyFileSync(join(own, file), join(folder, file));
    const script = `read_verilog -sv ${of} ${name}.sv; ${shape} prep -top harness -flatten; memory_map; opt -full; ${by} harness`;
    const { status, stdout, stderr } = spawnSync('yosys', ['-p', script], { cwd: folder, encoding: 'utf8' });
    if (status === 0) return stdout.includes('no model found: SUCCESS');
    expect(stderr).toContain('proof did fail');
    return false;
  };

  test.each(Object.keys(proofs))('%s is what its definition says', (name) => {
    expect(holds(name)).toBe(true);
  });

  test.each(
    Object.entries(proofs).flatMap(([name, { shapes: ofIt = [] }]) =>
      ofIt.map(([width, lanes]) => [name, width, lanes] as const),
    ),
  )('%s of words of %i bits for %i lanes is, too', (name, width, lanes) => {
    expect(holds(name, `chparam -set WIDTH ${width} -set LANES ${lanes} harness;`)).toBe(true);
  });

  test.each(faults)('the proof of %s finds a fault: %s', (name, found, put) => {
    const edit = (text: string): string => {
      expect(text).toContain(found);
      return text.replace(found, put);
    };
    expect(holds(name, '', edit)).toBe(false);
  });
});
