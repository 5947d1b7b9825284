/** Hosts of the chips that have a controller of their own: how they teach and ask, and what they make of the answer. */

import type { OdinTeaching } from './odin-classifier.ts';
import type { ReckonHosting } from './reckon-classifier.ts';

export { checkDigits, OdinClassifier, type OdinTeaching } from './odin-classifier.ts';
export { checkReckon, ReckonClassifier, type ReckonHosting, reckonHosting } from './reckon-classifier.ts';

/** How the host of a chip teaches and asks it. */
export type ChipHosting =
  | { readonly chip: 'odin'; readonly teaching: OdinTeaching }
  | { readonly chip: 'reckon'; readonly hosting: ReckonHosting };
