/** What flags are at the start, by name. */
export const initialFlags: Readonly<Record<string, number>>;
/** Arrays of a core after a step, with the field of the program that holds each. */
export const stateFields: Readonly<Record<string, string>>;
/** Numbers of a synapse after a step, in the order of the recording. */
export const synapseFields: readonly string[];
