/** The parts of its cores that a controller uses. Names are resolved once; undefined stands for a missing part. */
export interface Cores {
  /** The number of a named event of the program. */
  event(name: string): number | undefined;
  /** A scalar of events, with its range. */
  scalar(name: string): Scalar | undefined;
  /** The number of a field that can be read, by its name in the program: `neurons.v`. */
  field(name: string): number | undefined;
  /** Runs an event. Returns the neurons that have spiked, in the order of emission; valid until the next event. */
  trigger(core: number, event: number): ArrayLike<number>;
  /** What a spike of the core's latest event carries, by its place among them; 0 where spikes carry nothing. */
  carried(core: number, place: number): number;
  /** Gives a scalar its value, for the next events of the core. */
  set(core: number, scalar: Scalar, value: number): void;
  /** The items of a field, as memory holds them; valid until the next event. */
  read(core: number, field: number): ArrayLike<number>;
}

export interface Scalar {
  readonly index: number;
  readonly low: number;
  readonly high: number;
}
