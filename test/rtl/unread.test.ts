import { expect, test } from 'vitest';
import { Reads } from '../../src/rtl/emit/unread.ts';

const unread = (...lines: readonly string[]): string[] => new Reads(lines).unreadIn(lines);

test('what a text declares and does not read, or only in part', () => {
  const lines = [
    '// line 1, phase 0: ld a, b',
    "wire signed [7:0] a = 8'sh1; // a comment reads nothing: a",
    "wire signed [7:0] whole = 8'(4'($signed(part)) + 4'(low));",
    "wire [7:0] part = 8'd3;",
    "wire signed [3:0] low = 4'sh2;",
    'reg [3:0] kept; always @(posedge clk) if (valid) kept <= whole[3:0] & whole[7:4];',
    'reg register;',
    '  register <= kept[0];',
    "wire flag = $signed({1'b0, x <= y});",
    "wire unused = 1'b0;",
  ];
  expect(unread(...lines)).toEqual(['a', 'part', 'kept', 'register', 'flag']);
});

test('an index says which bits are read', () => {
  expect(unread('input wire [7:0] a,', 'wire b = a[3] | |a[2:0] | |a[4 +: 4] | b;')).toEqual([]);
  expect(unread('input wire [7:0] a,', 'wire b = a[3] | |a[2:0] | |a[4 +: 3] | b;')).toEqual(['a']);
  // A register chooses among all places, but the lanes take those that they have.
  expect(unread('reg [7:0] a, i;', 'assign b = a[i * 2 +: 2];')).toEqual([]);
  expect(unread('reg [7:0] a;', 'assign b = a[l * 2 +: 2];')).toEqual(['a']);
  expect(unread('reg [7:0] a;', "assign b = a[3'(1'd0) * 3'd2 +: 2];")).toEqual(['a']);
});

test('an assignment reads what is assigned, and not what it assigns', () => {
  expect(unread('reg [1:0] a, b;', '  case (b)', "    2'd1: begin a = 2'd1; b = 2'd0; end")).toEqual(['a']);
  expect(unread('reg a;', "if (a) b <= 1'b0; else a <= b;")).toEqual([]);
});

test('memories are read as a whole, or not at all', () => {
  expect(unread('reg [7:0] a [0:3], b [0:3];', 'wire [7:0] c = a[2] + c;')).toEqual(['b[0]']);
});

test('an output drives the wire to which it is connected', () => {
  expect(unread('wire a, b, c;', 'assign b = c;', '  .x(a),', '  .y(b),', '  .z(c)')).toEqual(['a']);
});
