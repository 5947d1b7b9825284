/**
 * Partial sums of a reduce: column c adds to sum c mod 16, whatever the number of lanes, and a tree joins them at the
 * end of a pass. So the order of float additions is part of the specification.
 */
export const partialSums = 16;
