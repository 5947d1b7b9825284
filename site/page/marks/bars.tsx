/** A horizontal bar, and one of another design beneath it. */
export interface BarProps {
  /** From 0 to 1. */
  readonly share: number;
  /** The same of the pinned design. */
  readonly pinnedShare?: number | undefined;
  readonly tone?: 'blue' | 'green' | 'orange' | undefined;
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
