/** Size in bytes of the WebAssembly memories that `make` creates. */
export function linearBytes(make: () => void): number {
  const memories: WebAssembly.Memory[] = [];
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      memories.push(this);
    }
  };
  try {
    make();
  } finally {
    WebAssembly.Memory = Memory;
  }
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}
