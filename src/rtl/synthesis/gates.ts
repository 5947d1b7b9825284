import * as z from 'zod';
import { PlasticoreError, recordOf, sum } from '../../text/index.ts';
import { fewestGatedBits } from '../emit/gates-text.ts';
import type { SourceFile } from '../emit/verilog.ts';
import { cellModels } from './cells.ts';
import type { Liberty } from './liberty.ts';
import type { ModulePort } from './script.ts';

const script = 'gates.ys';
const library = 'cells.lib';
const netlist = 'netlist.v';
const timing = 'timing.tcl';
const drivers = 'drivers.constr';
const memoryTimes = 'memories.lib';
const models = 'cells.v';
/** The report of yosys, and the netlist, as Verilog and as a list of cells with their nets. */
export const gatesResults = ['gates.json', netlist, 'netlist.json'] as const;
/** The memories of a core that keeps them; it has no netlist then. */
export const keptMemories = 'memories.json';
/** What a simulator takes in place of the core's text, beside the memories. */
export const netlistSources = [netlist, models] as const;

/** The command that maps a core to gates, in its folder. */
export const gatesCommand: readonly string[] = ['yosys', '-q', '-s', script];
/** The command that finds the longest path of the netlist. */
export const timingCommand: readonly string[] = ['sta', '-no_splash', '-exit', timing];

/** The cells of a module, without those of the modules in it. */
export interface ModuleCells {
  readonly module: string;
  readonly areaUm2: number;
  readonly flipFlops: number;
  /** How often the core has it. */
  readonly instances: number;
  /** Bits of its memories that are not among its cells, without those of banks. */
  readonly memoryBits: number;
}

/** The module in a file if it is that of a memory, which stays out of the cells: a chip has macros for it. */
export const memoryIn = (file: string): string | undefined => /^((?:bank|segments)_.*)\.sv$/.exec(file)?.[1];

/**
 * The script with which yosys maps modules to standard cells, each by itself, and the library of the cells, as text
 * and as models for a simulator. Registers of the same enable share a clock gate, where the library has one.
 *
 * @param sources names of files
 * @param top the name of the module that holds all others
 * @param lists modules of lists that stay out, too
 * @param isFlat whether all become one module
 * @param keepsMemories whether memories within modules stay memories, but for those of a few words: the registers and
 * the microcode of a programmable core, which a chip would not make of flip-flops
 */
export function gatesFiles(
  sources: readonly string[],
  {
    top,
    isFlat = false,
    keepsMemories = false,
    liberty,
    lists = [],
  }: {
    readonly top: string;
    readonly isFlat?: boolean;
    readonly keepsMemories?: boolean;
    readonly liberty: Liberty;
    readonly lists?: readonly string[];
  },
): SourceFile[] {
  const memories = [...sources.flatMap((file) => memoryIn(file) ?? []), ...lists];
  const buffer = liberty.isTimed ? liberty.buffer : undefined;
  const { clockGate: gate } = liberty;
  return [
    // A copy: no path of a user reaches a script.
    [library, liberty.text],
    [models, cellModels(liberty)],
    // abc buffers and sizes cells only where it knows what drives inputs, and the load of outputs, here 10 fF.
    ...(buffer === undefined ? [] : [[drivers, `set_driving_cell ${buffer}\nset_load 10.0\n`] as const]),
    [
      script,
      [
        `# yosys ${script}: the gates of each module`,
        `read_verilog -sv ${gate === undefined ? '' : '-D CLOCK_GATES '}${sources.join(' ')}`,
        `hierarchy -check -top ${top}`,
        ...memories.map((memory) => `blackbox ${memory}`),
        // Multipliers take fewer gates with Booth's recoding, as a chip would have them.
        `synth ${isFlat ? '-flatten ' : ''}-booth -top ${top}${keepsMemories ? ' -run :fine' : ''}`,
        // What yosys calls the fine part, of fewer memories.
        ...(keepsMemories ? ['opt -fast -full', smallToFlipFlops, 'opt -full', 'techmap', 'opt -fast'] : []),
        // A reset becomes a value that is written: the gate opens for it, too.
        ...(gate === undefined
          ? []
          : [
              'dfflegalize -cell $_DFF_P_ 01 -cell $_DFFE_PP_ 01',
              `clockgate -pos ${gate.cell} ${gate.enable}:${gate.clock}:${gate.gated} -min_net_size ${fewestGatedBits}`,
            ]),
        `dfflibmap -liberty ${library}`,
        `abc -liberty ${library}${buffer === undefined ? '' : ` -constr ${drivers}`}`,
        'opt_clean',
        `tee -q -o ${gatesResults[0]} stat -json -liberty ${library}`,
        ...(keepsMemories
          ? [`select ${memoryCells}`, `write_json -selected ${keptMemories}`]
          : [
              // The same names in both.
              'rename -enumerate',
              `write_json ${gatesResults[2]}`,
              // OpenSTA reads no expressions.
              `write_verilog -noattr -noexpr -simple-lhs ${netlist}`,
            ]),
        '',
      ].join('\n'),
    ],
  ];
}

const memoryCells = 't:$mem_v2';
/** Words of a memory from which on it stays one. */
const fewWords = 9;
const smallToFlipFlops = `memory_map ${memoryCells} r:SIZE<${fewWords} %i`;

/** A memory beside the cells: the module that stays a black box, and when its word is there after an edge, in ns. */
export interface TimedMemory {
  readonly module: string;
  readonly ports: readonly ModulePort[];
  readonly accessNs: number;
}

/** The script with which OpenSTA finds the longest path between registers and memories, and the times of memories. */
export function timingFiles(top: string, memories: readonly TimedMemory[]): SourceFile[] {
  // Edges at outputs of IHP's macros take 0.15 ns at most, and less without wires.
  const when = (type: string, of: readonly string[], ns: number): string =>
    `timing() { related_pin: "clk"; timing_type: ${type}; ${of.map((what) => `${what}(scalar) { values("${/transition/.test(what) ? 0 : ns}"); }`).join(' ')} }`;
  const sizes = new Set(memories.flatMap(({ ports }) => ports.map(({ bits }) => bits)));
  return [
    [
      memoryTimes,
      [
        'library(memories) {',
        '  delay_model: table_lookup; time_unit: "1ns"; capacitive_load_unit(1, pf);',
        ...['rise', 'fall'].map(
          (edge) =>
            `  input_threshold_pct_${edge}: 50; output_threshold_pct_${edge}: 50; slew_lower_threshold_pct_${edge}: 20; slew_upper_threshold_pct_${edge}: 80;`,
        ),
        ...[...sizes].map(
          (bits) =>
            `  type(word${bits}) { base_type: array; data_type: bit; bit_width: ${bits}; bit_from: ${bits - 1}; bit_to: 0; }`,
        ),
        ...memories.flatMap(({ module, ports, accessNs }) => [
          `  cell(${module}) { pin(clk) { direction: input; clock: true; }`,
          ...ports.map(({ name, bits, isOutput }) => {
            const times = isOutput
              ? when(
                  'rising_edge',
                  ['cell_rise', 'cell_fall', 'rise_transition', 'fall_transition'],
                  accessNs,
                )
              : when('setup_rising', ['rise_constraint', 'fall_constraint'], 0);
            const kind = bits === 1 ? `pin(${name}) {` : `bus(${name}) { bus_type: word${bits};`;
            return `    ${kind} direction: ${isOutput ? 'output' : 'input'}; ${times} }`;
          }),
          '  }',
        ]),
        '}',
        '',
      ].join('\n'),
    ],
    [
      timing,
      [
        `# sta ${timing}: the longest path between registers and memories, before wires`,
        `read_liberty ${library}`,
        `read_liberty ${memoryTimes}`,
        `read_verilog ${netlist}`,
        `link_design ${top}`,
        'create_clock -name clk -period 1000 [get_ports clk]',
        'report_checks -path_delay max -from [get_clocks clk] -to [get_clocks clk] -digits 6',
        '',
      ].join('\n'),
    ],
  ];
}

/**
 * The longest path in what OpenSTA says, with the setup of the register that it ends at, in ns.
 *
 * @throws PlasticoreError `run` if it names none
 */
export function readLongestPath(said: string): number {
  const slack = /(-?[\d.]+) +slack/.exec(said)?.[1];
  if (slack === undefined)
    throw new PlasticoreError('run', `sta: expected a path with its slack, found ${said.trim().slice(-200)}`);
  return 1000 - Number(slack);
}

const schema = z.object({
  modules: recordOf(
    z.string(),
    z.object({ area: z.number().optional(), num_cells_by_type: recordOf(z.string(), z.number()) }),
  ),
});

/** A number as yosys writes it. */
const binary = z.string().transform((digits) => Number.parseInt(digits, 2));
const memoriesSchema = z.object({
  modules: recordOf(
    z.string(),
    z.object({
      cells: recordOf(z.string(), z.object({ parameters: z.object({ SIZE: binary, WIDTH: binary }) })),
    }),
  ),
});

/**
 * Reads the report of yosys.
 *
 * @param memories the list of memories that the core keeps, if it does
 * @throws PlasticoreError `run` if it is no such report
 */
export function readGates(
  text: string,
  file: string,
  { flipFlops }: Liberty,
  memories = '{"modules": {}}',
): ModuleCells[] {
  const report = schema.safeParse(JSON.parse(text));
  if (!report.success)
    throw new PlasticoreError('run', `${file}: expected a report of yosys, with the area of each module`);
  const { modules } = report.data;
  const kept = memoriesSchema.parse(JSON.parse(memories)).modules;
  const instancesOf = (name: string): number => {
    const within = Object.entries(modules).flatMap(([parent, { num_cells_by_type: cells }]) => {
      const count = cells[plain(name)];
      return count === undefined ? [] : [count * instancesOf(parent)];
    });
    return within.length === 0 ? 1 : sum(within);
  };
  return Object.entries(modules).map(([name, { area = 0, num_cells_by_type: cells }]) => ({
    // A name that begins with $ is that of a module with parameters: $paramod$...\name, or $paramod\name\....
    module: /^(?:\$paramod[^\\]*)?\\?(\w+)/.exec(name)?.[1] ?? name,
    areaUm2: area,
    flipFlops: sum(Object.entries(cells).map(([cell, count]) => (flipFlops.has(cell) ? count : 0))),
    instances: instancesOf(name),
    memoryBits: sum(
      Object.values(kept[plain(name)]?.cells ?? {}).map(
        ({ parameters }) => parameters.SIZE * parameters.WIDTH,
      ),
    ),
  }));
}

/** A module's name where cells are of it. */
const plain = (name: string): string => name.replace(/^\\/, '');
