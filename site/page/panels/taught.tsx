import { energy, grouped, percent } from '../../../src/report/index.ts';
import type { TaughtView } from '../../shared/protocol.ts';
import { bench } from '../store.ts';

/** The figures of drawings that were taught, in words; a share that is not known yet has none. */
export function taughtFigures({ drawings, energyPj, before, after }: TaughtView) {
  return {
    drawings: grouped(drawings),
    energy: energyPj === null ? energy(null) : `${grouped(energyPj / 1000)}\u00a0nJ`,
    before: before === undefined ? undefined : percent(before, 2),
    after: after === undefined ? undefined : percent(after, 2),
  };
}

/** What the drawings have cost, and what the test samples say of it. */
export function TaughtFigures() {
  const taught = bench.frame.value?.drawings;
  if (taught === undefined) return null;
  const { drawings, energy, before = '…', after = '…' } = taughtFigures(taught);
  return (
    <dl class="taught" id="taught">
      <div>
        <dt>drawings learnt, one after the other</dt>
        <dd>{drawings}</dd>
      </div>
      <div>
        <dt>energy of that</dt>
        <dd>{energy}</dd>
      </div>
      <div>
        <dt>test samples right</dt>
        <dd>
          {before} → {after}
        </dd>
      </div>
      <div>
        <dt>lost by that</dt>
        <dd>{lossOf(taught)}</dd>
      </div>
    </dl>
  );
}

/** In points: a share of the share would say something else. */
function lossOf({ before, after }: TaughtView): string {
  if (before === undefined || after === undefined) return '…';
  const points = 100 * (before - after);
  if (points === 0) return 'nothing';
  return points > 0 ? `${points.toFixed(2)} points` : `nothing: ${(-points).toFixed(2)} points gained`;
}
