/** The parts of its cores that a controller uses. Names are resolved once; undefined stands for a missing part. */
export interface Cores {
  /** The program's name, for messages. */
  readonly program?: string | undefined;
  /** Named events of the program. */
  readonly events: readonly BoundEvent[];
  /** Scalars of events, by index; {@link Scalar} says which are neurons. */
  readonly scalars: readonly Scalar[];
  /** The number of a field that can be read, by its name in the program: `neurons.v`. */
  field(name: string): number | undefined;
  /** The scalars of a core's next event; each keeps its value until it is given another. */
  given(core: number): Int32Array;
  /** Runs an event. Returns how many spikes it emits. */
  trigger(core: number, event: number): number;
  /** Cycles that all events of a core have taken so far, by what the hw-model states of its kernels. */
  busyCycles(core: number): number;
  /** The spikes of the core's latest event, in the order of emission. @param count how many there are */
  spikes(core: number, count: number): Spikes;
  /** The items of a field, as memory holds them. */
  read(core: number, field: number): ArrayLike<number>;
  /** Present where code can reach the events of the only core without a detour. */
  readonly direct?: DirectEvents | undefined;
}

export interface BoundEvent {
  readonly name: string;
  /** Neurons that it takes: of those that the populations of its kernels all have. */
  readonly limits: readonly { readonly scalar: number; readonly size: number; readonly population: string }[];
}

export interface Scalar {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

export interface Spikes {
  readonly neurons: ArrayLike<number>;
  /** What each carries; 0 where spikes carry nothing. */
  readonly values: ArrayLike<number>;
}

/** A linear memory that grows at its end. */
export interface GrowingMemory {
  readonly memory: WebAssembly.Memory;
  /** Where the next to take a part of it begins. */
  readonly end: number;
  take(bytes: number): number;
  /** Has views made anew whenever the memory has grown. */
  onMove(move: () => void): void;
}

/** Events of a core as functions of WebAssembly, and where they find their scalars in its memory. */
export interface DirectEvents {
  readonly space: GrowingMemory;
  /** The address of the scalars, i32 each. */
  readonly scalars: number;
  /** By event; each returns how many spikes it has emitted. */
  readonly triggers: readonly (() => number)[];
  /** The address of the neurons that have spiked, u32 each; absent where spikes carry values. */
  readonly neurons: number | undefined;
  /** The most spikes of an event. */
  readonly mostSpikes: number;
}
