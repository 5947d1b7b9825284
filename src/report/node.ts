/** Reports as text for a terminal: for Node only. */
export { amount, duration, energy, grouped, percent, quantity, time } from './format.ts';
export { hasSavings, memoryTables, savingsNote } from './memory-tables.ts';
export { runTables } from './run-tables.ts';
export { sweepTables } from './sweep-tables.ts';
export { plain, type Style, table } from './table.ts';
