import { energy, unknown } from '../../text/format.ts';
import { noFigure, numberCell, type TableCell } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { type DesignRuns, hasUnknownEnergies } from '../study.ts';

/**
 * An energy in a table.
 *
 * @param hasRun whether it was counted: an energy that is null all the same is one that nobody knows
 */
export function energyCell(
  pj: number | null | undefined,
  hasRun: boolean,
  format: (pj: number) => string = energy,
): TableCell {
  return numberCell(pj ?? null, format, hasRun ? unknown : noFigure);
}

/** Says which designs charts of energies leave out; null if they leave out none. */
export function unknownNote(designs: readonly DesignRuns[]): Markup | null {
  const left = designs.filter(hasUnknownEnergies).map(({ label }) => label);
  if (left.length === 0) return null;
  const which = left.length === designs.length ? 'All energies' : `The energies of ${left.join('; ')}`;
  return html`<p class="missing">${which} are unknown, as the hw-model states none: charts of energies leave them out.</p>
`;
}
