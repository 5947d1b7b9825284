import { bench } from '../store.ts';
import { adaptNetwork } from './take-files.ts';

/** Offers to give the network the sizes of the data that it does not fit. */
export function AdaptButton() {
  const adaptation = bench.adaptation.value;
  if (adaptation === undefined) return null;
  return (
    <button
      type="button"
      class="adapt primary"
      title="It then learns from its first sample. Undo all takes it back."
      onClick={() => void adaptNetwork()}
    >
      Adapt the network: {adaptation.words}
    </button>
  );
}
