import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { baud, boardClockMhz, endOfAnswer, protocolTable, statusBits } from '../../src/rtl/board/protocol.ts';
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

test('the files of the board are for its clock and its serial line', () => {
  const { 'ulx3s.sv': board, 'ulx3s.lpf': pins, 'bench_ulx3s.sv': bench } = readTemplates();
  const clocks = (boardClockMhz * 1_000_000) / baud;
  expect(board).toContain(`uart #(.CLOCKS(${clocks}), .ROOM(@room@))`);
  expect(board).toContain(`TENTH = 22'd${boardClockMhz * 100_000};`);
  expect(pins).toContain(`FREQUENCY PORT "clk_25mhz" ${boardClockMhz} MHZ;`);
  // In nanoseconds.
  expect(bench).toContain(`BIT = ${1_000_000_000 / baud};`);
  expect(bench).toContain(`always #${500 / boardClockMhz} clk = ~clk;`);
});
