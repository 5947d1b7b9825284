/** What all formats of golden traces share: how they are read, checked, replayed and compared. */

export { type Divergence, describeDivergence, firstParting, type Parting } from './divergence.ts';
export {
  type GoldenFormat,
  type GoldenTrace,
  goldenFormat,
  type ReplayContext,
  type ReplayDeployment,
  type Verdict,
} from './format.ts';
export { checkJson, type JsonText, parseJson } from './json.ts';
