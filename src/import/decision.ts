/** A choice that the file left open. */
export interface Decision {
  /** The subject of the choice: the time step, the reset, ... */
  readonly what: string;
  readonly value: string | number | boolean;
  readonly why: string;
}
