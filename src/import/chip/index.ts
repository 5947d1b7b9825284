/** Networks on the neurons of chips with controllers of their own. */

export { chipFilesOf, chipNotesOf } from './files.ts';
export { type ChipImport, importToChip, overridesOf } from './import.ts';
