/** Hosts of the chips that have a controller of their own: how they teach and ask, and what they make of the answer. */

export { checkDigits, OdinClassifier, type OdinTeaching } from './odin-classifier.ts';
export { checkReckon, ReckonClassifier, type ReckonHosting, reckonHosting } from './reckon-classifier.ts';
