import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { synthesisedUnits } from '../../../scripts/estimators/synthesised-units.ts';
import { nandUm2, synthesisedCores } from '../../../src/hardware/index.ts';
import { gatesFiles } from '../../../src/rtl/index.ts';
import { loadLiberty, synthesiseGates } from '../../../src/rtl/node.ts';
import { readGates } from '../../../src/rtl/synthesis/gates.ts';
import { commandLine } from '../../cli/in-process.ts';
import { needs } from '../../support/needs.ts';
import { scratch } from '../../support/scratch.ts';

/** The units whose gates are known, as Verilog; what is not of `widthBits` is as wide as it has to be. */
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

/*
 * Cores that take a minute or less. The others take up to five each:
 *
 * CORES=all npx vitest run --mode thorough test/hardware/estimate/gates
 */
const cores = synthesisedCores.filter(({ control }) => process.env.CORES === 'all' || control < 31_000);

// Skipped where it is missing: apt-get install yosys
describe('yosys', needs('yosys'), () => {
  const { folder, path } = scratch();

  // The widest multiplier takes longer than all others together.
  test.each(synthesisedUnits.filter(({ nands }) => nands < 3000))(
    'makes the gates of $of, $widthBits bits',
    async ({ operation, widthBits, nands }) => {
      writeFileSync(path('unit.sv'), `module unit(${verilog[operation]?.(widthBits)} endmodule\n`);
      const liberty = loadLiberty();
      for (const [name, text] of gatesFiles(['unit.sv'], { top: 'unit', isFlat: true, liberty }))
        writeFileSync(path(name), text);
      const [made] = await synthesiseGates(folder, liberty);
      // Versions of the tool differ a little.
      expect((made?.areaUm2 ?? 0) / nandUm2 / nands).toBeGreaterThan(0.9);
      expect((made?.areaUm2 ?? 0) / nandUm2 / nands).toBeLessThan(1.1);
    },
    120_000,
  );

  test.each(cores)(
    'makes the gates of $of, $lanes lanes, that the page has',
    async ({ line, bits, pipelines, control }) => {
      const out = path(`core-${control}`);
      const { status } = await commandLine(['rtl', ...line.split(' '), '--synth', 'gates', '-o', out]);
      expect(status).toBe(0);
      const model = readdirSync(out).find((name) => name.endsWith('-gates.yaml')) ?? '';
      expect(readFileSync(join(out, model), 'utf8')).toContain(`bits: ${bits}\n`);
      const made = readGates(readFileSync(join(out, 'gates.json'), 'utf8'), 'gates.json', loadLiberty());
      const nands = (isControl: boolean): number =>
        made
          .filter(({ module }) => /^(plasticore_core|list_)/.test(module) === isControl)
          .reduce((sum, { areaUm2 }) => sum + areaUm2 / nandUm2, 0);
      for (const ratio of [nands(true) / control, nands(false) / pipelines]) {
        expect(ratio).toBeGreaterThan(0.98);
        expect(ratio).toBeLessThan(1.02);
      }
    },
    1_200_000,
  );
});
