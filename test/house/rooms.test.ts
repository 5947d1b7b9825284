import { expect, test } from 'vitest';
import { findCycle, roomOf, sourceFiles, sourceImports } from './imports.ts';

/*
 * The order of the rooms: a file imports only from its own room and from rooms below it. A new room needs a line here,
 * which decides what it may depend on.
 */
const floors: readonly (readonly string[])[] = [
  ['cli'],
  ['node.ts'],
  ['index.ts', 'internals.ts'],
  ['library'],
  ['trace'],
  ['explore', 'import'],
  ['experiment'],
  ['report', 'chips'],
  ['machine', 'rtl'],
  ['compiler', 'engine', 'golden'],
  ['microcode'],
  ['schedule'],
  ['image'],
  ['hardware', 'program', 'nir'],
  ['isa', 'data', 'control'],
  ['wasm'],
  ['fs'],
  ['random'],
  ['text'],
];
const floorOf = new Map(floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));

/** Imports through which a room is entered other than by its `index.ts`, `node.ts` or `bundled.ts`. */
const doors = /^[^/]+(\/(index|node)\.ts)?$/;

test('every room stands on a floor', () => {
  const rooms = new Set(sourceFiles().map(roomOf));
  expect([...rooms].sort()).toEqual([...floorOf.keys()].sort());
});

test('no import runs upwards, or to a room on the same floor', () => {
  const wrong = sourceImports().filter(({ from, to }) => {
    const [above = 0, below = 0] = [floorOf.get(roomOf(from)), floorOf.get(roomOf(to))];
    return roomOf(from) !== roomOf(to) && below <= above;
  });
  expect(wrong).toEqual([]);
});

test('no files import each other in a circle', () => {
  expect(findCycle(sourceImports())).toBeUndefined();
});

test('a room is entered by its index alone', () => {
  const wrong = sourceImports().filter(({ from, to }) => roomOf(from) !== roomOf(to) && !doors.test(to));
  expect(wrong).toEqual([]);
});

test('what writes Verilog takes what is decided from the plan, and imports no analysis', () => {
  const decided = ['rtl/plan/core-plan.ts', 'rtl/plan/widths.ts'];
  const imports = sourceImports().filter(
    ({ from, to }) => from.startsWith('rtl/emit/') && to.startsWith('rtl/plan/'),
  );
  expect(imports.length).toBeGreaterThan(20);
  expect(imports.filter(({ to }) => !decided.includes(to))).toEqual([]);
});

test('a circle is found, and an import upwards is seen', () => {
  const circle = [
    { from: 'a/x.ts', to: 'a/y.ts' },
    { from: 'a/y.ts', to: 'b/z.ts' },
    { from: 'b/z.ts', to: 'a/x.ts' },
  ];
  expect(findCycle(circle)).toEqual(['a/x.ts', 'a/y.ts', 'b/z.ts', 'a/x.ts']);
  expect(findCycle(circle.slice(0, 2))).toBeUndefined();
  expect(sourceImports()).toContainEqual({ from: 'node.ts', to: 'index.ts' });
});
