/** A horizontal bar, and one of another design beneath it. */
export interface BarProps {
  /** From 0 to 1. */
  readonly share: number;
  /** The same of the pinned design. */
  readonly pinnedShare?: number | undefined;
  readonly tone?: 'blue' | 'green' | 'orange' | undefined;
}

/** A bar of a number with a sign: from the place of zero to the right, or to the left. */
export function SignedBar({
  value,
  lowest,
  highest,
  tone,
}: {
  readonly value: number;
  /** At most 0. */
  readonly lowest: number;
  /** Above {@link lowest}. */
  readonly highest: number;
  readonly tone: 'blue' | 'orange';
}) {
  const at = (number: number): number => (100 * (number - lowest)) / (highest - lowest);
  const [from, to] = [at(Math.min(0, value)), at(Math.max(0, value))];
  return (
    <span class={`bar ${tone}`} aria-hidden="true">
      <span class="full" style={{ left: `${from.toFixed(1)}%`, width: `${(to - from).toFixed(1)}%` }} />
      {lowest < 0 && <span class="zero" style={{ left: `${at(0).toFixed(1)}%` }} />}
    </span>
  );
}

/** The number stands beside it in words: the bar itself is hidden from screen readers. */
export function Bar({ share, pinnedShare, tone = 'blue' }: BarProps) {
  const width = (part: number): string => `${(100 * Math.min(1, Math.max(0, part))).toFixed(1)}%`;
  return (
    <span class={`bar ${tone}`} aria-hidden="true">
      <span class="full" style={{ width: width(share) }} />
      {pinnedShare !== undefined && <span class="ghost" style={{ width: width(pinnedShare) }} />}
    </span>
  );
}
