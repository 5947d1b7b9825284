import { seedLanes } from '../../random/index.ts';
import { type CoreContext, runsText } from './context.ts';
import { commentLine, literal, type Verilog, vector } from './verilog.ts';

/** The states of the lanes' generators, and of declared ones; the draws are in the kernels. */
export function generatorsText(context: CoreContext): Verilog {
  const { modules, image, widths, plan } = context;
  const { hostBank: hostBankBits } = widths;
  /** Takes the state of the kernel that runs, if it draws. */
  const drawn = (name: string): string[] =>
    modules.flatMap((module) => {
      if (!module.taps.has(`${name}_step`)) return [];
      const steps = `${runsText(context, module)} & ${module.name}_${name}_step & ~suspends_early`;
      return [`  else if (${steps}) ${name} <= ${module.name}_${name}_next;`];
    });
  const seeds = [...seedLanes(image.seed, widths.lanes, plan.number)].reverse();
  const bits = 32 * widths.lanes;
  const banks = image.banks.length;
  return [
    "// ---- the lanes' generators",
    `reg ${vector(bits)} random;`,
    'integer random_i;',
    'always @(posedge clk)',
    `  if (rst) random <= {${seeds.map((seed) => `32'h${seed.toString(16)}`).join(', ')}};`,
    `  else if (host_now & host_write & host_bank == ${literal(banks, hostBankBits)}) begin`,
    `    for (random_i = 0; random_i < ${widths.lanes}; random_i = random_i + 1)`,
    "      if (32'(host_address) == random_i) random[random_i * 32 +: 32] <= host_in[31:0];",
    '  end',
    drawn('random'),
    image.generators.map(({ name, far }, generator) => [
      commentLine(`generator ${name}: the bits before its current word, the oldest one first`),
      `reg ${vector(far)} generator_${generator};`,
      'always @(posedge clk)',
      `  if (rst) generator_${generator} <= ${far}'d0;`,
      `  else if (host_now & host_write & host_bank == ${literal(banks, hostBankBits)} & 32'(host_address) == 32'd${widths.lanes + generator}) generator_${generator} <= host_in[${far - 1}:0];`,
      drawn(`generator_${generator}`),
    ]),
    '',
  ];
}
