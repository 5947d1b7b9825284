import type { LinePlan } from '../../../src/engine/fast/plan/analysis/lines.ts';
import type { PositionPlan } from '../../../src/engine/fast/plan/analysis/positions.ts';

/** What random programs do with fields with positions, in vectors as well as item by item. */
export const positionKinds = [
  'loads at one position',
  'loads at positions of items',
  'stores at one position',
  'stores at positions of items',
  'correlates at one distance',
  'correlates at distances of items',
  'correlates several times in one walk',
  'correlates listed flags',
  'correlates copied numbers',
] as const;

export function ofPositions(lines: readonly LinePlan[], { listed, copied, walks }: PositionPlan): string[] {
  const each = lines.flatMap(({ instruction, operation: { effect }, definitions }) => {
    const isCorrelation = effect.does === 'correlate';
    const named = isCorrelation
      ? instruction.operands[3]
      : 'at' in effect
        ? instruction.operands[2]
        : undefined;
    if (named?.is !== 'register') return [];
    const isOfItems = lines[definitions.get(named.register) ?? -1]?.when === 'item';
    if (isCorrelation) return [`correlates at ${isOfItems ? 'distances of items' : 'one distance'}`];
    return [`${effect.does}s at ${isOfItems ? 'positions of items' : 'one position'}`];
  });
  const kinds: readonly (readonly [boolean, (typeof positionKinds)[number]])[] = [
    [[...walks.values()].some(({ sums }) => sums.length > 1), 'correlates several times in one walk'],
    [listed.length > 0, 'correlates listed flags'],
    [copied.length > 0, 'correlates copied numbers'],
  ];
  return [...each, ...kinds.flatMap(([isSuch, kind]) => (isSuch ? [kind] : []))];
}
