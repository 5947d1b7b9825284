/** The most that a core may have. Both engines reserve memory for it when an image is loaded. */
export const coreLimits = {
  /** Lanes have seeds of their own up to here: docs/instruction-set.md, 'Random numbers'. */
  lanes: 1024,
  /** Events that the FIFO holds; an event takes 4 bytes. */
  fifoDepth: 2 ** 20,
} as const;
