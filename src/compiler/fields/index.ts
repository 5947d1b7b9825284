/** The fields of a program on a core: declared, placed in banks, filled. */
export { allocate, type MemoryMap } from './allocate.ts';
export { fillIndex, initialContents } from './contents.ts';
export { declareFields, ringField } from './declare.ts';
export { type FieldDraft, fieldIndex } from './draft.ts';
export { withNeeds } from './needs.ts';
export { indexedBy, indexFields } from './targets.ts';
