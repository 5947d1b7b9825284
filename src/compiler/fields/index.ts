/** The fields of a program on a core: declared, placed in banks, filled. */
export { allocate, type FieldAllocation, withNeeds } from './allocate.ts';
export { fillIndex, initialContents } from './contents.ts';
export { declareFields, indexedBy, indexFields, ringField } from './declare.ts';
export { type FieldDraft, fieldIndex } from './draft.ts';
