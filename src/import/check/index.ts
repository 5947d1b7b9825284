/** Compares a network in doubles with the same network in integers. */

export { compare } from './check.ts';
export {
  countSpikes,
  type RunningLayer,
  type RunningNetwork,
  runningOn,
  runningOnChip,
} from './running.ts';
