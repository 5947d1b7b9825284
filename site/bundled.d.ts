/** The bundled files: the build makes this module (scripts/bundled-texts.ts). */
declare module 'plasticore/bundled' {
  import type { Find } from '../src/text/index.ts';
  export const bundledTexts: Readonly<Record<string, string>>;
  export const findBundled: Find;
}
