import { nandUm2 } from '../../hardware/index.ts';

/**
 * Standard cells of 45 nm to which gates are mapped: the areas of the Nangate open cell library. That of a NAND with
 * two inputs is the unit in which gates are counted.
 */
interface Cell {
  readonly name: string;
  readonly areaUm2: number;
  readonly inputs: readonly string[];
  /** Of the inputs; undefined for a flip-flop. */
  readonly logic?: string;
}

const cells: readonly Cell[] = [
  { name: 'INV_X1', areaUm2: 0.532, inputs: ['A'], logic: '!A' },
  { name: 'BUF_X1', areaUm2: 0.798, inputs: ['A'], logic: 'A' },
  { name: 'NAND2_X1', areaUm2: nandUm2, inputs: ['A1', 'A2'], logic: '!(A1 & A2)' },
  { name: 'NOR2_X1', areaUm2: 0.798, inputs: ['A1', 'A2'], logic: '!(A1 | A2)' },
  { name: 'AND2_X1', areaUm2: 1.064, inputs: ['A1', 'A2'], logic: '(A1 & A2)' },
  { name: 'OR2_X1', areaUm2: 1.064, inputs: ['A1', 'A2'], logic: '(A1 | A2)' },
  { name: 'XOR2_X1', areaUm2: 1.596, inputs: ['A', 'B'], logic: '(A ^ B)' },
  { name: 'XNOR2_X1', areaUm2: 1.596, inputs: ['A', 'B'], logic: '!(A ^ B)' },
  { name: 'AOI21_X1', areaUm2: 1.064, inputs: ['A', 'B1', 'B2'], logic: '!(A | (B1 & B2))' },
  { name: 'OAI21_X1', areaUm2: 1.064, inputs: ['A', 'B1', 'B2'], logic: '!(A & (B1 | B2))' },
  { name: 'MUX2_X1', areaUm2: 1.862, inputs: ['A', 'B', 'S'], logic: '((S & B) | (A & !S))' },
  { name: 'DFF_X1', areaUm2: 4.522, inputs: ['D'] },
];

/** The cells in the form in which yosys reads them. */
export function libertyText(): string {
  return [
    '/* Areas of the Nangate open cell library, 45 nm, in um2 */',
    'library(cells) {',
    ...cells.map(({ name, areaUm2, inputs, logic }) => {
      const pins = inputs.map((pin) => `pin(${pin}) { direction: input; }`).join(' ');
      const own =
        logic === undefined
          ? `ff("IQ", "IQN") { clocked_on: CK; next_state: D; } pin(CK) { direction: input; clock: true; } ${pins} pin(Q) { direction: output; function: "IQ"; }`
          : `${pins} pin(Z) { direction: output; function: "${logic}"; }`;
      return `  cell(${name}) { area: ${areaUm2}; ${own} }`;
    }),
    '}',
    '',
  ].join('\n');
}
