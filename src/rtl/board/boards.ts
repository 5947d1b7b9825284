import { filled } from '../templates.ts';

/** A board for which `board.sv` is the wrapper: its clock, its pins, and what it sets of the wrapper's parameters. */
export interface Board {
  readonly title: string;
  /** Of the oscillator, in MHz. */
  readonly clockMhz: number;
  /** Those that differ from a ULX3S. `CLOCKS` times the baud rate is the clock of the core. */
  readonly parameters: Readonly<Partial<Record<'CLOCKS' | 'DIVIDE' | 'LIGHTS' | 'LOW', number>>>;
  /** By port of the wrapper. */
  readonly pins: Readonly<Record<'clk_in' | 'rxd' | 'txd' | 'button', string>> & {
    readonly led: readonly string[];
  };
  /** The language in which its tools read pins. */
  readonly constraints: keyof typeof writers;
  /** The part as Vivado names it; absent where other tools make the bitstream. */
  readonly vivadoPart?: string;
}

/**
 * Pins as the constraints of the boards' makers have them: emard/ulx3s, doc/constraints/ulx3s_v20.lpf;
 * YosysHQ/icestorm, examples/icebreaker/icebreaker.pcf; Digilent/digilent-xdc, Arty-A7-35-Master.xdc.
 */
export const boards = {
  ulx3s: {
    title: 'ULX3S (v2 and v3)',
    clockMhz: 25,
    parameters: {},
    // The last one is wifi_gpio0: high, or the board's other processor takes over.
    pins: {
      ...{ clk_in: 'G2', rxd: 'M1', txd: 'L4', button: 'R1' },
      led: ['B2', 'C2', 'C1', 'D2', 'D1', 'E2', 'E1', 'H3', 'L2'],
    },
    constraints: 'lpf',
  },
  icebreaker: {
    title: 'iCEBreaker',
    clockMhz: 12,
    parameters: { CLOCKS: 12, LIGHTS: 2, LOW: 1 },
    pins: { clk_in: '35', rxd: '6', txd: '9', button: '10', led: ['37', '11'] },
    constraints: 'pcf',
  },
  'arty-a7': {
    title: 'Arty A7-35T',
    clockMhz: 100,
    parameters: { DIVIDE: 4, LIGHTS: 4 },
    pins: {
      ...{ clk_in: 'E3', rxd: 'A9', txd: 'D10', button: 'D9' },
      led: ['H5', 'J5', 'T9', 'T10'],
    },
    constraints: 'xdc',
    vivadoPart: 'xc7a35ticsg324-1L',
  },
} as const satisfies Readonly<Record<string, Board>>;
export type BoardType = keyof typeof boards;
export const boardTypes = Object.keys(boards) as BoardType[];

/** The clock of the core on a board, in MHz. */
export function boardClockMhz(type: BoardType): number {
  const { clockMhz, parameters }: Board = boards[type];
  return clockMhz / (parameters.DIVIDE ?? 1);
}

interface Pin {
  readonly port: string;
  readonly site: string;
  readonly isOutput: boolean;
  /** Where it rests if nothing drives it. */
  readonly pull: 'UP' | 'DOWN' | 'NONE';
}

function pinsOf({ pins }: Board): Pin[] {
  const { clk_in, rxd, txd, button, led } = pins;
  return [
    { port: 'clk_in', site: clk_in, isOutput: false, pull: 'NONE' },
    { port: 'rxd', site: rxd, isOutput: false, pull: 'UP' },
    { port: 'txd', site: txd, isOutput: true, pull: 'UP' },
    { port: 'button', site: button, isOutput: false, pull: 'DOWN' },
    ...led.map((site, at): Pin => ({ port: `led[${at}]`, site, isOutput: true, pull: 'NONE' })),
  ];
}

/** How pins are written for the tools of each vendor. On an iCE40, pins are pulled up or not at all. */
const writers = {
  lpf: (board: Board) => [
    ...pinsOf(board).flatMap(({ port, site, isOutput, pull }) => [
      `LOCATE COMP "${port}" SITE "${site}";`,
      `IOBUF PORT "${port}" IO_TYPE=LVCMOS33 PULLMODE=${pull}${isOutput ? ' DRIVE=4' : ''};`,
    ]),
    `FREQUENCY PORT "clk_in" ${board.clockMhz} MHZ;`,
  ],
  pcf: (board: Board) => [
    ...pinsOf(board).map(({ port, site }) =>
      port === 'rxd' || port === 'button' ? `set_io -pullup yes ${port} ${site}` : `set_io ${port} ${site}`,
    ),
    `set_frequency clk_in ${board.clockMhz}`,
  ],
  xdc: (board: Board) => [
    ...pinsOf(board).map(
      ({ port, site }) =>
        `set_property -dict {PACKAGE_PIN ${site} IOSTANDARD LVCMOS33} [get_ports {${port}}]`,
    ),
    `create_clock -name clk_in -period ${1000 / board.clockMhz} [get_ports {clk_in}]`,
    `create_generated_clock -name clk -source [get_ports {clk_in}] -divide_by ${board.parameters.DIVIDE ?? 1} [get_pins -hierarchical -filter {NAME =~ *slower.count_reg[1]/Q}]`,
  ],
};

/** The files of boards: their pins, and the scripts of Vivado. */
export function boardTypeFiles(sources: readonly string[], script: string): [name: string, text: string][] {
  return boardTypes.flatMap((type): [string, string][] => {
    const board: Board = boards[type];
    const lines = [`# ${board.title}: the pins of board.sv`, ...writers[board.constraints](board)];
    const pins: [string, string] = [`${type}.${board.constraints}`, `${lines.join('\n')}\n`];
    if (board.vivadoPart === undefined) return [pins];
    const generics = Object.entries(board.parameters).map(([name, value]) => `-generic ${name}=${value}`);
    const marks = {
      board: type,
      part: board.vivadoPart,
      sources: sources.join(' '),
      generics: generics.join(' '),
    };
    return [pins, [`${type}.tcl`, filled(script, marks)]];
  });
}
