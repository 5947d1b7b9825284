import { vector } from '../emit/text.ts';

/** The name of the file, which is none of the core's sources. */
export const pinsFile = 'pins.v';

interface Port {
  readonly isOutput: boolean;
  readonly bits: number;
  readonly name: string;
}

/** The ports of the core, but for its clock. */
function portsOf(core: string): Port[] {
  const header = core.slice(core.indexOf('module plasticore_core ('), core.indexOf(');'));
  return [...header.matchAll(/^ *(input|output) \w+(?: signed)?(?: \[(\d+):0\])? (\w+),?$/gm)].flatMap(
    ([, direction, high, name = '']) =>
      name === 'clk' ? [] : [{ isOutput: direction === 'output', bits: Number(high ?? 0) + 1, name }],
  );
}

/**
 * The core behind four pins, for parts that have few: its inputs are shifted in, its outputs out. It shows what a core
 * takes and how fast it is, and is no way to use it.
 *
 * @param core the text of the core's file
 */
export function pinsText(core: string): string {
  const ports = portsOf(core);
  const connected = (isOutput: boolean, register: string): { bits: number; lines: string[] } => {
    let bits = 0;
    const lines = ports
      .filter((port) => port.isOutput === isOutput)
      .map(({ name, bits: own }) => {
        bits += own;
        return `    .${name}(${register}[${bits - 1}:${bits - own}])`;
      });
    return { bits, lines };
  };
  const [inputs, outputs] = [connected(false, 'inputs'), connected(true, 'answer')];
  return [
    '// The core behind four pins, to be placed on a part that has few: its inputs are shifted in, its outputs out.',
    'module plasticore_pins (input wire clk, input wire in, input wire take, output wire out);',
    `  reg ${vector(inputs.bits)} inputs;`,
    `  wire ${vector(outputs.bits)} answer;`,
    `  reg ${vector(outputs.bits)} outputs;`,
    '  always @(posedge clk) begin',
    `    inputs <= {inputs[${inputs.bits - 2}:0], in};`,
    `    outputs <= take ? answer : {1'b0, outputs[${outputs.bits - 1}:1]};`,
    '  end',
    '  assign out = outputs[0];',
    '  plasticore_core core (',
    [...inputs.lines, ...outputs.lines, '    .clk(clk)'].join(',\n'),
    '  );',
    'endmodule',
    '',
  ].join('\n');
}
