/** Reports as text for a terminal: for Node only. */
export { hasSavings, memoryTables, savingsNote } from './memory-tables.ts';
export { runTables } from './run-tables.ts';
export { sweepTables } from './sweep-tables.ts';
export { plain, type Style, table } from './table.ts';
