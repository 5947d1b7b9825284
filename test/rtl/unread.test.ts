import { expect, test } from 'vitest';
import { Reads } from '../../src/rtl/emit/module-text.ts';

test('what a text declares and does not read, or only in part', () => {
  const lines = [
    '// line 1, phase 0: ld a, b',
    "wire signed [7:0] a = 8'sh1; // a comment reads nothing: a",
    "wire signed [7:0] whole = 8'(4'(part) + 4'(low));",
    "wire [7:0] part = 8'd3;",
    "wire signed [3:0] low = 4'sh2;",
    'reg [3:0] kept; always @(posedge clk) if (valid) kept <= whole[3:0];',
    'reg register;',
    '  register <= kept[0];',
    "wire flag = $signed({1'b0, x <= y});",
    "wire unused = 1'b0;",
  ];
  const reads = new Reads(lines);
  expect(reads.unreadIn(lines)).toEqual(['a', 'part', 'register', 'flag']);
  expect([reads.leaves('x', 8), reads.leaves('z', 1)]).toEqual([false, true]);
});
