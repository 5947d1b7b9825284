import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { estimators, nandUm2, synthesisedUnits } from '../../../src/hardware/index.ts';
import { gatesFiles } from '../../../src/rtl/index.ts';
import { synthesiseGates } from '../../../src/rtl/node.ts';
import { estimate } from './estimate.ts';

/*
 * Areas of units as estimated, beside the gates that a synthesis tool makes of them. docs/estimators/gates.md has them.
 */
const ratioOf = ({ operation, widthBits, nands }: (typeof synthesisedUnits)[number]): number =>
  (estimate('arithmetic', { widthBits, technologyNm: 45, supplyV: 0.9 }, operation).areaUm2 ?? 0) /
  nandUm2 /
  nands;

test('estimates are within a factor of 2 of synthesised gates, but for the widest shifter', () => {
  const outside = synthesisedUnits.filter((unit) => Math.abs(Math.log2(ratioOf(unit))) > 1);
  expect(outside).toMatchObject([{ operation: 'integer-shift', widthBits: 32 }]);
  expect(new Set(synthesisedUnits.map(({ operation }) => operation))).toHaveLength(5);
  const page = readFileSync('docs/estimators/gates.md', 'utf8');
  expect(page.match(/\(outside\)/g)).toHaveLength(outside.length);
});

test('no fit has used them, but that of control', () => {
  const used = estimators.flatMap(({ name, figures }) =>
    Object.values(figures).some(({ points }) => points.some(({ cite }) => cite.includes('yosys')))
      ? [name]
      : [],
  );
  expect(used).toEqual(['control']);
});

/** The same units as Verilog; what is not of `widthBits` is as wide as it has to be. */
const verilog: Readonly<Record<string, (bits: number) => string>> = {
  'integer-add': (bits) =>
    `input signed [${bits - 1}:0] a, b, output signed [${bits - 1}:0] y); assign y = a + b;`,
  'integer-multiply': (bits) =>
    `input signed [${bits - 1}:0] a, b, output signed [${2 * bits - 1}:0] y); assign y = a * b;`,
  'integer-compare': (bits) => `input signed [${bits - 1}:0] a, b, output y); assign y = a < b;`,
  'integer-shift': (bits) =>
    `input signed [${bits - 1}:0] a, input [${Math.log2(bits) - 1}:0] b, output signed [${bits - 1}:0] y); assign y = a >>> b;`,
  'integer-random': () =>
    'input clk, rst, en, input [31:0] s, output [31:0] y); reg [31:0] x; wire [31:0] a = x ^ (x << 13); wire [31:0] b = a ^ (a >> 17); assign y = b ^ (b << 5); always @(posedge clk) if (rst) x <= s; else if (en) x <= y;',
};

// Skipped where it is missing: apt-get install yosys
describe.skipIf(spawnSync('yosys', ['-V']).error !== undefined)('yosys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-gates-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  // The widest multiplier takes longer than all others together.
  test.each(synthesisedUnits.filter(({ nands }) => nands < 3000))(
    'makes the gates of $of, $widthBits bits',
    ({ operation, widthBits, nands }) => {
      writeFileSync(join(folder, 'unit.sv'), `module unit(${verilog[operation]?.(widthBits)} endmodule\n`);
      for (const [name, text] of gatesFiles(['unit.sv'], { top: 'unit', isFlat: true }))
        writeFileSync(join(folder, name), text);
      const [made] = synthesiseGates(folder);
      // Versions of the tool differ a little.
      expect((made?.nands ?? 0) / nands).toBeGreaterThan(0.9);
      expect((made?.nands ?? 0) / nands).toBeLessThan(1.1);
    },
    120_000,
  );
});
