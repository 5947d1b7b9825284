/** Reports as terminal text; Node only. */
export { type BatchNetwork, batchMemory } from './batch-memory.ts';
export { differenceTables } from './text/difference-tables.ts';
export { driftTables } from './text/drift-tables.ts';
export {
  batchMemoryTables,
  hasSavings,
  type MemoryOfPrecision,
  memoryTables,
  savingsNote,
} from './text/memory-tables.ts';
export { runTables } from './text/run-tables.ts';
export { studyTables } from './text/study-tables.ts';
export { plain, type Style, table } from './text/table.ts';
