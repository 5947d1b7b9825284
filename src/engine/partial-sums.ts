/**
 * Partial sums of a reduce: column c adds to sum c mod 16, whatever the number of lanes, and a tree joins the sums at
 * the end of a pass. This makes the order of float additions part of the specification.
 */
export const partialSums = 16;
