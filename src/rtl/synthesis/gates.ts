import * as z from 'zod';
import { nandUm2 } from '../../hardware/index.ts';
import { PlasticoreError, recordOf } from '../../text/index.ts';
import type { SourceFile } from '../emit/verilog.ts';

const script = 'gates.ys';
const library = 'cells.lib';
/** The report of yosys. */
export const gatesFile = 'gates.json';

/** The command that maps a core to gates, in its folder. */
export const gatesCommand: readonly string[] = ['yosys', '-q', '-s', script];

/** Gates of a module, without those of the modules in it, in areas of a NAND with two inputs. */
export interface ModuleGates {
  readonly module: string;
  readonly nands: number;
}

/**
 * The script with which yosys maps modules to standard cells, each by itself, and the library of the cells. Memories
 * stay out: a chip has macros for them.
 *
 * @param sources names of files; those of memories begin with `bank_` or `segments_`
 * @param top the name of the module that holds all others
 * @param isFlat whether all become one module
 */
export function gatesFiles(
  sources: readonly string[],
  { top, isFlat = false }: { readonly top: string; readonly isFlat?: boolean },
): SourceFile[] {
  const memories = sources.flatMap((file) => /^((?:bank|segments)_.*)\.sv$/.exec(file)?.[1] ?? []);
  return [
    [library, libertyText()],
    [
      script,
      [
        `# yosys ${script}: the gates of each module`,
        `read_verilog -sv ${sources.join(' ')}`,
        `hierarchy -check -top ${top}`,
        ...memories.map((memory) => `blackbox ${memory}`),
        // Multipliers take fewer gates with Booth's recoding, as a chip would have them.
        `synth ${isFlat ? '-flatten ' : ''}-booth -top ${top}`,
        `dfflibmap -liberty ${library}`,
        `abc -liberty ${library}`,
        'opt_clean',
        `tee -q -o ${gatesFile} stat -json -liberty ${library}`,
        '',
      ].join('\n'),
    ],
  ];
}

const schema = z.object({
  modules: recordOf(
    z.string(),
    z.object({ area: z.number().optional(), num_cells_by_type: recordOf(z.string(), z.number()) }),
  ),
});

/**
 * Reads the report of yosys.
 *
 * @throws PlasticoreError `run` if it is no such report
 */
export function readGates(text: string, file: string): ModuleGates[] {
  const report = schema.safeParse(JSON.parse(text));
  if (!report.success)
    throw new PlasticoreError('run', `${file}: expected a report of yosys, with the area of each module`);
  // A name that begins with $ is that of a module with parameters: $paramod$...\name.
  return Object.entries(report.data.modules).map(([name, { area = 0 }]) => ({
    module: name.replace(/^.*\\/, ''),
    nands: area / nandUm2,
  }));
}

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
function libertyText(): string {
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
