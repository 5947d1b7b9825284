/** The view. All of it is in a link. */
export interface Look {
  /** The neuron whose fields are followed. */
  readonly neuron: { readonly population: string; readonly index: number } | undefined;
  /** The projection whose weights are pictures. */
  readonly projection: string | undefined;
  /** The first neuron of those that are shown. */
  readonly firstNeuron: number;
  /** The test sample that is watched; another one each time if undefined. */
  readonly sample: number | undefined;
  /** The file in the editor. */
  readonly file: string | undefined;
  /** The open lesson, from 0, and its page. */
  readonly lesson: { readonly lesson: number; readonly page: number } | undefined;
}

/** Nothing has been chosen. */
export const defaultLook: Look = {
  neuron: undefined,
  projection: undefined,
  firstNeuron: 0,
  sample: undefined,
  file: undefined,
  lesson: undefined,
};
