import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Board, boardClockMhz, boards, boardTypeFiles, boardTypes } from '../../src/rtl/board/boards.ts';
import { baud, endOfAnswer, protocolTable, statusBits } from '../../src/rtl/board/protocol.ts';
import { readTemplates } from '../../src/rtl/node.ts';

test('the page of docs has the commands that the stream takes', () => {
  expect(readFileSync('docs/build-your-core.md', 'utf8')).toContain(`\n${protocolTable()}\n`);
});

test('an answer ends with the status that the host reads', () => {
  const { fault, lost, refused } = statusBits;
  expect([refused, lost, fault].map(({ bit }) => bit)).toEqual([18, 17, 16]);
  const ends = `{8'h${endOfAnswer.toString(16)}, 5'd0, refused, lost, fault, cycles[47:32]}`;
  expect(readTemplates()['top_stream.sv']).toContain(ends);
});

test('the bench of a ULX3S is for its clock and its serial line, which are those of the wrapper', () => {
  const { 'board.sv': board, 'bench_board.sv': bench } = readTemplates();
  expect(board).toMatch(/parameter CLOCKS = 25,\n +parameter DIVIDE = 1,\n +parameter LIGHTS = 9,/);
  // In nanoseconds.
  expect(bench).toContain(`BIT = ${1_000_000_000 / baud};`);
  expect(bench).toContain(`always #${500 / boardClockMhz('ulx3s')} clk = ~clk;`);
});

/** What the wrapper has where a board sets nothing. */
const usual = { CLOCKS: 25, DIVIDE: 1, LIGHTS: 9, LOW: 0 };

test.each(boardTypes)('%s has the clock, the lights and the pins that its parameters say', (type) => {
  const { clockMhz, pins, parameters }: Board = boards[type];
  const { CLOCKS, DIVIDE, LIGHTS } = { ...usual, ...parameters };
  expect((clockMhz / DIVIDE) * 1_000_000).toBe(CLOCKS * baud);
  expect(boardClockMhz(type)).toBe(clockMhz / DIVIDE);
  expect(pins.led).toHaveLength(LIGHTS);
  const sites = [pins.clk_in, pins.rxd, pins.txd, pins.button, ...pins.led];
  expect(new Set(sites).size).toBe(sites.length);
});

test('pins are written for the tools of each vendor', () => {
  const files = new Map(boardTypeFiles(['a.sv', 'board.sv'], readTemplates()['vivado.tcl']));
  expect([...files.keys()]).toEqual(['ulx3s.lpf', 'icebreaker.pcf', 'arty-a7.xdc', 'arty-a7.tcl']);
  // emard/ulx3s, ulx3s_v20.lpf: ftdi_txd, which the board receives, is M1, and wifi_gpio0 L2.
  expect(files.get('ulx3s.lpf')).toContain('LOCATE COMP "rxd" SITE "M1";\n');
  expect(files.get('ulx3s.lpf')).toContain('LOCATE COMP "led[8]" SITE "L2";\n');
  expect(files.get('ulx3s.lpf')).toContain('FREQUENCY PORT "clk_in" 25 MHZ;\n');
  // YosysHQ/icestorm, icebreaker.pcf: RX 6, TX 9, BTN_N 10.
  expect(files.get('icebreaker.pcf')).toContain('set_io -pullup yes rxd 6\nset_io txd 9\n');
  // Digilent, Arty-A7-35-Master.xdc: uart_txd_in A9; 100 MHz, of which every fourth is the core's.
  expect(files.get('arty-a7.xdc')).toContain('{PACKAGE_PIN A9 IOSTANDARD LVCMOS33} [get_ports {rxd}]\n');
  expect(files.get('arty-a7.xdc')).toContain('-period 10 [get_ports {clk_in}]\n');
  expect(files.get('arty-a7.tcl')).toContain('read_verilog -sv {a.sv board.sv}\nread_xdc arty-a7.xdc\n');
  expect(files.get('arty-a7.tcl')).toContain('-part xc7a35ticsg324-1L -generic DIVIDE=4 -generic LIGHTS=4\n');
});
