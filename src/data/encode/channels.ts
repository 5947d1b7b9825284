/** Neighbouring channels, by their numbers in the data; both ends are among them. */
export interface ChannelRange {
  readonly first: number;
  readonly last: number;
}

export function allChannels(count: number): ChannelRange {
  return { first: 0, last: count - 1 };
}
